"""What an attempt is counted against: the caller, what is tried, and the network around both."""

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.accounts.throttling import Limit

# A household, a company or a rented server has a /48 to choose addresses from, at most.
_NETWORK_BITS = 48
# All of such a network together may do what so many callers may.
_CALLERS_IN_A_NETWORK = 4


@dataclass(frozen=True, slots=True)
class Count:
    name: str
    most: int
    # Once it is full nothing is counted any more, or what is remembered would grow on.
    shuts: bool = False


@dataclass(frozen=True, slots=True)
class Counters:
    """Whose attempts are remembered in one place, and all that each of them counts against."""

    name: str
    counts: Sequence[Count]


def counters_of(limit: Limit, who: str, subject: str) -> Counters:
    on_one = limit.attempts_on_one_subject
    network = _network_of(who)
    if not network:
        return Counters(
            who, [Count("total", limit.attempts, shuts=True), Count(_of(subject), on_one)]
        )
    return Counters(
        network,
        [
            Count("total", limit.attempts * _CALLERS_IN_A_NETWORK, shuts=True),
            Count(_of(subject), on_one * _CALLERS_IN_A_NETWORK),
            Count("from_" + _digest(who), limit.attempts, shuts=True),
            Count(_of(f"{who} {subject}"), on_one),
        ],
    )


def _of(subject: str) -> str:
    return "of_" + _digest(subject)


def _digest(text: str) -> str:
    # It becomes the name of an attribute: short, and free of characters that mean more.
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _network_of(who: str) -> str:
    """The IPv6 network that an address lies in; nothing for whatever else is counted."""
    try:
        return str(ipaddress.IPv6Network((who, _NETWORK_BITS), strict=False))
    except ValueError:
        return ""
