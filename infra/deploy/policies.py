"""What each function may do: the policies of `.chalice/` with the names of one stage filled in."""

import re
from collections.abc import Mapping
from email.utils import parseaddr

_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


def function_name(stem: str, handler: str) -> str:
    """Return what Chalice calls the function, and therefore what its log is called."""
    # That of the API has been called after the application alone since the first Chalice.
    return stem if handler == "api_handler" else f"{stem}-{handler}"


class UnknownPlaceholder(ValueError):
    """A policy names something that no stage has."""


def names(
    *, prefix: str, account: str, region: str, sender: str, distribution: str = ""
) -> dict[str, str]:
    """Return what stands for the placeholders, for all functions of a stage."""
    return {
        "Prefix": prefix,
        "AccountId": account,
        "Region": region,
        "Partition": _partition(region),
        "SenderAddress": parseaddr(sender)[1],
        # Where no edge was deployed there is none to be told anything.
        "Distribution": distribution or "none",
    }


def rendered(policy: str, known: Mapping[str, str]) -> str:
    """Fill the placeholders in; raise `UnknownPlaceholder`."""

    def value(found: re.Match[str]) -> str:
        try:
            return known[found[1]]
        except KeyError:
            raise UnknownPlaceholder(f"nothing stands for {found[0]}") from None

    return _PLACEHOLDER.sub(value, policy)


def _partition(region: str) -> str:
    return next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")
