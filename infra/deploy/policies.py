"""The IAM policies of the functions: those of `.chalice/` with the names of one stage."""

import re
from collections.abc import Mapping
from email.utils import parseaddr

_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
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

    def value(match: re.Match[str]) -> str:
        try:
            return known[match[1]]
        except KeyError:
            raise UnknownPlaceholder(f"there is no value for {match[0]}") from None

    return _PLACEHOLDER.sub(value, policy)


def _partition(region: str) -> str:
    return next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")
