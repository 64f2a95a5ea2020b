"""Throttle limits, windows and counters; an attempt is counted before it is processed."""

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from chalicelib.accounts.model import TooManyAttempts

MINUTE = 60
HOUR = 60 * MINUTE
# Largest IPv6 network that one household, company or rented server gets.
_NETWORK_BITS = 48
# Attempts allowed to one network, as a multiple of those of one caller.
_CALLERS_IN_A_NETWORK = 4


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `attempts` per caller and window, of which `attempts_each` per subject."""

    name: str
    attempts: int
    window_seconds: int
    attempts_each: int | None = None

    @property
    def attempts_on_one_subject(self) -> int:
        return self.attempts if self.attempts_each is None else self.attempts_each


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """A fixed time window, so that counting needs no read."""

    begins: int
    ends: int
    now: int

    @classmethod
    def at(cls, moment: datetime, limit: Limit) -> Self:
        now = int(moment.timestamp())
        begins = now - now % limit.window_seconds
        return cls(begins, begins + limit.window_seconds, now)

    def too_many(self) -> TooManyAttempts:
        return TooManyAttempts(
            "Too many attempts. Please wait a little and try again.",
            retry_after_seconds=self.ends - self.now,
        )

    @property
    def ends_at(self) -> datetime:
        return datetime.fromtimestamp(self.ends, UTC)


# Per network address of the caller; `attempts_each` is per account tried from that address, so
# that guessing from elsewhere does not lock out the owner.
SIGN_IN = Limit("sign_in", attempts=60, attempts_each=10, window_seconds=15 * MINUTE)
SIGN_UP = Limit("sign_up", attempts=30, attempts_each=6, window_seconds=HOUR)
RESET = Limit("reset", attempts=30, attempts_each=6, window_seconds=HOUR)

# Limits guessing from many addresses at once.
SIGN_IN_ACCOUNT = Limit("sign_in_account", attempts=100, window_seconds=15 * MINUTE)
# Browsers with a device token, all of an account together, counted apart from other callers.
SIGN_IN_DEVICE = Limit("sign_in_device", attempts=10, window_seconds=15 * MINUTE)

# Limits guessing the password from an open session.
PASSWORD_CHECK = Limit("password_check", attempts=10, window_seconds=15 * MINUTE)

# Limits how many addresses one account sends mails to.
EMAIL_CHANGE = Limit("email_change", attempts=6, window_seconds=HOUR)

# Limits on mails to one mailbox, over all callers.
SIGN_UP_MAILS = Limit("sign_up_mails", attempts=10, window_seconds=HOUR)
# Mails after a refused sign-in to an unconfirmed address.
HINT_MAILS = Limit("hint_mails", attempts=3, window_seconds=HOUR)
RESET_MAILS = Limit("reset_mails", attempts=10, window_seconds=HOUR)
EMAIL_CHANGE_MAILS = Limit("email_change_mails", attempts=3, window_seconds=HOUR)


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
