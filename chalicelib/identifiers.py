"""Numeric ids that sort by time and fit into a JavaScript number."""

from datetime import UTC, datetime, timedelta

LARGEST_ID = 2**53 - 1

_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_RANDOM_BITS = 12


def id_at(moment: datetime, *, entropy: int) -> int:
    """Return an id that sorts by time and fits into a JavaScript number until the year 2093."""
    milliseconds = (moment - _EPOCH) // timedelta(milliseconds=1)
    return (milliseconds << _RANDOM_BITS) | (entropy & ((1 << _RANDOM_BITS) - 1))
