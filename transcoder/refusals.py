"""Refusals of a source beyond a limit, which they name."""

from chalicelib.encoding.failures import Reason
from transcoder.errors import Refused

_GIGABYTE = 10**9


def too_long(most_seconds: int) -> Refused:
    return Refused(Reason.TOO_LONG, f"The limit is {_shortly(most_seconds / 60)} min.")


def too_large(most_bytes: int) -> Refused:
    if most_bytes >= _GIGABYTE:
        return Refused(Reason.TOO_LARGE, f"The limit is {_shortly(most_bytes / _GIGABYTE)} GB.")
    return Refused(Reason.TOO_LARGE, f"The limit is {_shortly(most_bytes / 10**6)} MB.")


def too_many_pixels(long_side: int, short_side: int) -> Refused:
    return Refused(Reason.TOO_MANY_PIXELS, f"The limit is {long_side} by {short_side} pixels.")


def _shortly(amount: float) -> str:
    return f"{amount:.1f}".removesuffix(".0")
