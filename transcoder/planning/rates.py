"""The constant frame rate a film gets: its own where it has one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from transcoder.probing.model import Timeline

FASTEST = 60
# Below it a segment of six seconds would hold too few pictures to be cut anywhere.
SLOWEST = 5
USUAL = Fraction(25)
STANDARD = (
    Fraction(5), Fraction(10), Fraction(12), Fraction(25, 2), Fraction(15), Fraction(20),
    Fraction(24_000, 1001), Fraction(24), Fraction(25), Fraction(30_000, 1001), Fraction(30),
    Fraction(48), Fraction(50), Fraction(60_000, 1001), Fraction(60),
)  # fmt: skip
_ALMOST = Fraction(1, 1000)
# Two standard rates differ by a thousandth; a header decides between them.
_AS_DECLARED = Fraction(1, 200)
_LARGEST_DENOMINATOR = 1001
# Long enough to even out pull-down and the rounding of clocks.
_WINDOW = 12


@dataclass(frozen=True, slots=True)
class Pace:
    """How often pictures come, and whether they come evenly."""

    source: Fraction
    grid: Fraction
    is_even: bool


def pace_of(timeline: Timeline, declared: Fraction) -> Pace:
    ticks = timeline.ticks
    if len(ticks) == 1:
        rate = declared if SLOWEST <= declared <= FASTEST else USUAL
        return Pace(rate, snapped(rate), is_even=True)
    measured = (len(ticks) - 1) / ((ticks[-1] - ticks[0]) * timeline.tick)
    for rate in _candidates(measured, declared):
        if is_even(ticks, rate * timeline.tick):
            return Pace(rate, within_limits(rate), is_even=True)
    rate = _lively(timeline)
    if declared and (
        abs(rate / declared - 1) < _AS_DECLARED or _lacks_pictures(timeline, rate, declared)
    ):
        rate = declared
    return Pace(rate, nearest_standard(within_limits(rate)), is_even=False)


def _candidates(measured: Fraction, declared: Fraction) -> Iterator[Fraction]:
    yield snapped(measured)
    if declared > 0:
        yield from (snapped(declared), declared.limit_denominator(_LARGEST_DENOMINATOR))
    if measured >= 1:
        yield measured.limit_denominator(_LARGEST_DENOMINATOR)
    yield measured


def is_even(ticks: Sequence[int], frames_per_tick: Fraction) -> bool:
    """Whether each picture is within a quarter of a frame of its place on the grid."""
    frames, in_ticks = frames_per_tick.numerator, frames_per_tick.denominator
    first = ticks[0]
    return all(
        abs((tick - first) * frames - number * in_ticks) * 4 <= in_ticks
        for number, tick in enumerate(ticks)
    )


def snapped(rate: Fraction) -> Fraction:
    """Return the standard rate that was meant, if there is one."""
    nearest = min(STANDARD, key=lambda each: abs(each / rate - 1))
    return nearest if abs(nearest / rate - 1) <= _ALMOST else rate


def nearest_standard(rate: Fraction) -> Fraction:
    return min(STANDARD, key=lambda each: max(each / rate, rate / each))


def within_limits(rate: Fraction) -> Fraction:
    """Show every second, third … picture, or each several times, never some more than others."""
    if rate > FASTEST:
        return rate / -(-rate // FASTEST)
    return rate if rate >= SLOWEST else rate * -(-SLOWEST // rate)


def _lacks_pictures(timeline: Timeline, found: Fraction, declared: Fraction) -> bool:
    """Whether pictures come as evenly as declared, but for some that are not there."""
    if not found < declared <= 2 * found:
        return False
    rate = declared * timeline.tick
    frames, in_ticks = rate.numerator, rate.denominator
    places = ((tick - timeline.ticks[0]) * frames % in_ticks for tick in timeline.ticks)
    return all(min(place, in_ticks - place) * 4 <= in_ticks for place in places)


def _lively(timeline: Timeline) -> Fraction:
    """How fast pictures come in the livelier quarter of the film: slower parts lose nothing."""
    ticks = timeline.ticks
    window = min(_WINDOW, len(ticks) - 1)
    spans = sorted(later - tick for tick, later in zip(ticks, ticks[window:], strict=False))
    return window / (spans[len(spans) // 4] * timeline.tick)
