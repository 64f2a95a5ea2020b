"""The constant frame rate of an encode, and the places of uneven pictures on its grid."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, lcm

from transcoder.probing.model import Timeline

FASTEST = 60
# Below it a segment would hold too few pictures to be cut anywhere.
SLOWEST = 5
USUAL = Fraction(25)
STANDARD = (
    Fraction(5), Fraction(10), Fraction(12), Fraction(25, 2), Fraction(15), Fraction(20),
    Fraction(24_000, 1001), Fraction(24), Fraction(25), Fraction(30_000, 1001), Fraction(30),
    Fraction(48), Fraction(50), Fraction(60_000, 1001), Fraction(60),
)  # fmt: skip
_ALMOST = Fraction(1, 1000)
# Two standard rates may differ by a thousandth; the header decides between them.
_AS_DECLARED = Fraction(1, 200)
_LARGEST_DENOMINATOR = 1001
_MOST_TICKS = 2**31 - 1
# Long enough to even out pull-down and the rounding of clocks.
_WINDOW = 12
# A gap between pictures that is so many times longer than the short ones is a rest; fewer gaps than
# this between two rests show no motion.
_REST, _MOTION = 8, 3
# Uneven pictures that are less than so much faster than the limit lose less at the limit than at a
# half of their rate; a grid that is so much quicker than its pictures repeats many of them.
_MUCH_QUICKER = Fraction(5, 4)
# A quicker grid is for uneven pictures of which more than this share would not be shown, and at
# most twice as quick as their motion.
_FEW_DISPLACED, _QUICKER = Fraction(1, 100), 2
# A picture may be moved by less than half a frame.
ON_TIME = Fraction(4999, 10_000)
# In frames, less than a half.
_SHIFTS = [Fraction(at, 16) for at in range(-7, 8)]
# Number of stretches of a long video, and pictures of each.
_STRETCHES, _STRETCH = 50, 1000


@dataclass(frozen=True, slots=True)
class FrameRate:
    """The rate of pictures, and whether they are evenly spaced."""

    source: Fraction
    grid: Fraction
    is_even: bool
    # Ticks from the first picture to the start of the grid, which is between uneven ones.
    shift: int = 0


@dataclass(frozen=True, slots=True)
class Phase:
    """By how many ticks a grid starts after the first picture, and what that costs."""

    shift: int
    # The share of pictures whose frame belongs to a later one, so that they are not shown.
    displaced: Fraction


def frame_rate_of(timeline: Timeline, declared: Fraction) -> FrameRate:
    ticks = timeline.ticks
    if len(ticks) == 1:
        rate = declared if SLOWEST <= declared <= FASTEST else USUAL
        return FrameRate(rate, snapped(rate), is_even=True)
    measured = (len(ticks) - 1) / ((ticks[-1] - ticks[0]) * timeline.tick)
    for rate in _candidates(measured, declared):
        if within_limits(rate).numerator <= _MOST_TICKS and is_even(ticks, rate * timeline.tick):
            # A short video may seem to be faster than the limit only because its times are inexact.
            slower = rate > FASTEST and _with_own_frames(timeline, [Fraction(FASTEST)])
            return slower or FrameRate(rate, within_limits(rate), is_even=True)
    return _uneven(timeline, measured, declared)


def _candidates(measured: Fraction, declared: Fraction) -> Iterator[Fraction]:
    yield _limited(snapped(measured))
    if declared > 0:
        yield from (snapped(declared), declared.limit_denominator(_LARGEST_DENOMINATOR))
    yield measured


def _limited(rate: Fraction) -> Fraction:
    """Return the rate in small numbers, because FFmpeg counts ticks a second in 31 bits."""
    if rate >= 1:
        return rate.limit_denominator(_LARGEST_DENOMINATOR)
    return 1 / (1 / rate).limit_denominator(_LARGEST_DENOMINATOR)


def is_even(ticks: Sequence[int], frames_per_tick: Fraction) -> bool:
    """Whether each picture is within a quarter of a frame of its time on the grid."""
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
    """Show every second, third … picture, or each one equally often, so that motion stays even."""
    if rate > FASTEST:
        return rate / -(-rate // FASTEST)
    return rate if rate >= SLOWEST else rate * -(-SLOWEST // rate)


def _uneven(timeline: Timeline, measured: Fraction, declared: Fraction) -> FrameRate:
    """Prefer rates at which each picture has its own frame, although its time is inexact."""
    usual = (*_candidates(measured, declared), nearest_standard(measured))
    own = _with_own_frames(timeline, (each for each in usual if each in STANDARD))
    if own:
        return own
    rate, grid, phase = _by_motion(timeline, declared)
    is_dear = grid > rate * _MUCH_QUICKER
    if (phase.displaced or is_dear) and (
        own := _with_own_frames(timeline, (declared, measured, _fitted(timeline)))
    ):
        return own
    return FrameRate(rate, grid, is_even=False, shift=phase.shift)


def _with_own_frames(timeline: Timeline, rates: Iterable[Fraction]) -> FrameRate | None:
    for rate in rates:
        if SLOWEST <= rate <= FASTEST:
            shift = centred(timeline.ticks, rate * timeline.tick)
            if shift is not None:
                return FrameRate(rate, rate, is_even=False, shift=shift)
    return None


def _fitted(timeline: Timeline) -> Fraction:
    """Return the rate with the least squares of deviations."""
    count, ticks = len(timeline.ticks), timeline.ticks
    products = sum((2 * number - count + 1) * tick for number, tick in enumerate(ticks))
    per_tick = Fraction(count * (count * count - 1), 6 * products)
    return (per_tick / timeline.tick).limit_denominator(_LARGEST_DENOMINATOR)


def _by_motion(timeline: Timeline, declared: Fraction) -> tuple[Fraction, Fraction, Phase]:
    """Return the rate of motion, and the slowest grid that shows nearly all of its pictures."""
    rate = _lively(timeline)
    if declared and (
        abs(rate / declared - 1) < _AS_DECLARED or _lacks_pictures(timeline, rate, declared)
    ):
        rate = declared
    is_little_too_fast = FASTEST < rate <= FASTEST * _MUCH_QUICKER
    slowest = nearest_standard(Fraction(FASTEST) if is_little_too_fast else within_limits(rate))
    # Of faster sources, pictures are left out on purpose.
    quickest = _QUICKER * rate if rate <= FASTEST else slowest
    tried = list[tuple[Fraction, Fraction, Phase]]()
    for grid in (slowest, *(each for each in STANDARD if slowest < each <= quickest)):
        tried.append((rate, grid, best_phase(timeline.ticks, grid * timeline.tick)))
        if tried[-1][-1].displaced <= _FEW_DISPLACED:
            return tried[-1]
    return min(tried, key=lambda each: each[-1].displaced)


def _lacks_pictures(timeline: Timeline, measured: Fraction, declared: Fraction) -> bool:
    """Whether pictures are spaced as declared, except for missing ones."""
    if not measured < declared <= 2 * measured:
        return False
    rate = declared * timeline.tick
    frames, in_ticks = rate.numerator, rate.denominator
    offsets = ((tick - timeline.ticks[0]) * frames % in_ticks for tick in timeline.ticks)
    return all(min(offset, in_ticks - offset) * 4 <= in_ticks for offset in offsets)


def _lively(timeline: Timeline) -> Fraction:
    """The rate that a quarter of all windows reaches, so that slower ones lose no pictures."""
    intervals = sorted(each for stretch in _moving(timeline.ticks) for each in _intervals(stretch))
    return 1 / (intervals[len(intervals) // 4] * timeline.tick)


def _moving(ticks: Sequence[int]) -> list[Sequence[int]]:
    """Return the parts between rests, or everything if no part shows motion."""
    gaps = [after - tick for tick, after in pairwise(ticks)]
    longest = _REST * sorted(gaps)[len(gaps) // 4]
    rests = [at for at, gap in enumerate(gaps, 1) if gap > longest]
    stretches = [ticks[begin:end] for begin, end in pairwise((0, *rests, len(ticks)))]
    moving = [stretch for stretch in stretches if len(stretch) > _MOTION]
    # A few fast pictures in a video that mostly rests do not raise its rate.
    return moving if 4 * sum(map(len, moving)) > len(ticks) else [ticks]


def _intervals(ticks: Sequence[int]) -> Iterator[Fraction]:
    """Yield the average number of ticks between pictures in each window."""
    window = min(_WINDOW, len(ticks) - 1)
    for tick, later in zip(ticks, ticks[window:], strict=False):
        yield Fraction(later - tick, window)


def centred(ticks: Sequence[int], frames_per_tick: Fraction) -> int | None:
    """Return the shift by which each picture has its own frame, in their order.

    None if one of them would be moved by half a frame or more.
    """
    frames, in_ticks = frames_per_tick.numerator, frames_per_tick.denominator
    first = ticks[0]
    off, earliest, latest = array("q"), 0, 0
    for number, tick in enumerate(ticks):
        off.append((tick - first) * frames - number * in_ticks)
        earliest, latest = min(earliest, off[-1]), max(latest, off[-1])
        if latest - earliest > in_ticks:
            return None
    most = ON_TIME * in_ticks
    least, largest = ceil((latest - most) / frames), floor((earliest + most) / frames)
    # As close to most pictures as possible, so that they and their sound are together.
    usual = round(Fraction(sorted(off)[len(off) // 2], frames))
    return min(max(usual, least), largest) if least <= largest else None


def best_phase(ticks: Sequence[int], frames_per_tick: Fraction) -> Phase:
    """Let the grid start with the first picture, unless fewer pictures are displaced otherwise.

    In a long video, stretches of it are compared.
    """
    if len(ticks) > _STRETCHES * _STRETCH:
        stretches = range(0, len(ticks), len(ticks) // _STRETCHES)
        ticks = [tick for begin in stretches for tick in ticks[begin : begin + _STRETCH]]
    shifts = sorted((round(at / frames_per_tick) for at in _SHIFTS), key=abs)
    tried = list[Phase]()
    for shift in shifts:
        tried.append(_phase(ticks, frames_per_tick, shift))
        if not tried[-1].displaced:
            break
    return min(tried, key=lambda each: each.displaced)


def _phase(ticks: Sequence[int], frames_per_tick: Fraction, shift: int) -> Phase:
    lost = displaced(ticks, frames_per_tick, Fraction(ticks[0] + shift))
    return Phase(shift, Fraction(lost, len(ticks)))


def displaced(
    ticks: Sequence[int], frames_per_tick: Fraction, start: Fraction, late: Fraction = ON_TIME
) -> int:
    """Count the pictures whose frame belongs to a later one; `start` is that of the grid."""
    return len(ticks) - len(set(_frames_of(ticks, frames_per_tick, start, late)))


def _frames_of(
    ticks: Sequence[int], frames_per_tick: Fraction, start: Fraction, late: Fraction
) -> Iterator[int]:
    # In whole numbers, because there may be a million pictures.
    begin = start * frames_per_tick + late
    unit = lcm(frames_per_tick.denominator, begin.denominator)
    frames, begins = int(frames_per_tick * unit), int(begin * unit)
    for tick in ticks:
        yield -((begins - tick * frames) // unit)
