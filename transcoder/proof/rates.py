"""Bit rates as Apple defines them, measured on segments as they are delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

_SHORTEST, _LONGEST = Fraction(1, 2), Fraction(3, 2)


@dataclass(frozen=True, slots=True)
class Rates:
    """In bits per second; the peak is that of consecutive segments of about the target length."""

    average: int
    peak: int
    # Duration of the segments with the peak.
    peak_seconds: Fraction
    # Duration of all segments.
    seconds: Fraction


def measure(sizes: Sequence[int], seconds: Sequence[Fraction], *, target: int) -> Rates:
    if not sizes or not sum(seconds):
        return Rates(0, 0, Fraction(target), Fraction(target))
    whole = sum(seconds, Fraction(0))
    average = _rate(sum(sizes), whole)
    peak, peak_seconds = average, whole
    is_first = True
    for begin in range(len(sizes)):
        size, length = 0, Fraction(0)
        for end in range(begin, len(sizes)):
            size, length = size + sizes[end], length + seconds[end]
            if length > _LONGEST * target:
                break
            if length >= _SHORTEST * target and (is_first or _rate(size, length) > peak):
                peak, peak_seconds, is_first = _rate(size, length), length, False
    return Rates(average, max(peak, average), peak_seconds, whole)


def _rate(size: int, seconds: Fraction) -> int:
    return -(-size * 8 * seconds.denominator // seconds.numerator)
