"""Throttle counters of an attempt: by caller, by subject, and by the caller's network."""

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.accounts.throttling import Limit

# Largest IPv6 network that one household, company or rented server gets.
_NETWORK_BITS = 48
# Attempts allowed to one network, as a multiple of those of one caller.
_CALLERS_IN_A_NETWORK = 4


@dataclass(frozen=True, slots=True)
class Count:
    name: str
    most: int
    # A full counter refuses further attempts uncounted, which limits the size of the item.
    shuts: bool = False


@dataclass(frozen=True, slots=True)
class Counters:
    """The counters that one attempt increments; they are stored in one item of this name."""

    name: str
    counts: Sequence[Count]


def counters_of(limit: Limit, caller: str, subject: str) -> Counters:
    on_one = limit.attempts_on_one_subject
    network = _network_of(caller)
    if not network:
        return Counters(
            caller, [Count("total", limit.attempts, shuts=True), Count(_of(subject), on_one)]
        )
    return Counters(
        network,
        [
            Count("total", limit.attempts * _CALLERS_IN_A_NETWORK, shuts=True),
            Count(_of(subject), on_one * _CALLERS_IN_A_NETWORK),
            Count("from_" + _digest(caller), limit.attempts, shuts=True),
            Count(_of(f"{caller} {subject}"), on_one),
        ],
    )


def _of(subject: str) -> str:
    return "of_" + _digest(subject)


def _digest(text: str) -> str:
    # Used as an attribute name: short, and without special characters.
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _network_of(caller: str) -> str:
    """Return the IPv6 network of an address; an empty string for any other key."""
    try:
        return str(ipaddress.IPv6Network((caller, _NETWORK_BITS), strict=False))
    except ValueError:
        return ""
