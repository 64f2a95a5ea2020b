"""The port of the system clock, the clock of the operating system, and ids that sort by time."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime.fromtimestamp(0, UTC)
# Earlier than any moment of the product.
NEVER = EPOCH
# Later than any.
FOR_EVER = datetime.max.replace(tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MILLISECOND = timedelta(milliseconds=1)
# JavaScript counts exactly up to here.
LARGEST_ID = 2**53 - 1
_EPOCH_OF_IDS = datetime(2024, 1, 1, tzinfo=UTC)
_RANDOM_BITS = 12


class Clock(Protocol):
    def now(self) -> datetime: ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def to_the_millisecond(moment: datetime) -> datetime:
    """Return the moment with the precision of the store."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def id_at(moment: datetime, *, entropy: int) -> int:
    """Return an id that sorts by time and fits into a JavaScript number until the year 2093."""
    milliseconds = (moment - _EPOCH_OF_IDS) // MILLISECOND
    return (milliseconds << _RANDOM_BITS) | (entropy & ((1 << _RANDOM_BITS) - 1))
