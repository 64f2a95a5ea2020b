"""Port of the system clock, and the clock of the operating system."""

from datetime import UTC, datetime
from typing import Protocol

EPOCH = datetime.fromtimestamp(0, UTC)
# Earlier than any moment of the product.
NEVER = EPOCH


class Clock(Protocol):
    def now(self) -> datetime: ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def to_the_millisecond(moment: datetime) -> datetime:
    """Return the moment with the precision of the store."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
