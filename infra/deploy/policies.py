"""The IAM policies of the functions: those of `.chalice/` with the names of one stage."""

from collections.abc import Mapping
from email.utils import parseaddr
from string import Template

_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


def function_name(stem: str, handler: str) -> str:
    """Return Chalice's name of the function, which is also the name of its log."""
    # Chalice names the function of the API after the application alone.
    return stem if handler == "api_handler" else f"{stem}-{handler}"


class UnknownPlaceholder(ValueError):
    """A policy has a placeholder without a value."""


def names(
    *, prefix: str, account: str, region: str, sender: str, distribution: str = ""
) -> dict[str, str]:
    """Return the values of the placeholders for all functions of a stage."""
    return {
        "Prefix": prefix,
        "AccountId": account,
        "Region": region,
        "Partition": _partition(region),
        "SenderAddress": parseaddr(sender)[1],
        # Without an edge there is no distribution to invalidate.
        "Distribution": distribution or "none",
    }


def rendered(policy: str, known: Mapping[str, str]) -> str:
    """Fill the placeholders in; raise `UnknownPlaceholder`."""
    try:
        return Template(policy).substitute(known)
    except KeyError as missing:
        raise UnknownPlaceholder(f"there is no value for ${{{missing.args[0]}}}") from None


def _partition(region: str) -> str:
    return next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")
