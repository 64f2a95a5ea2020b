"""The places of uneven pictures on a frame grid: one per frame, as far as there is room."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm

# A picture may be moved by less than half a frame.
ON_TIME = Fraction(4999, 10_000)
# In frames, less than a half.
_SHIFTS = [Fraction(at, 16) for at in range(-7, 8)]
# Number of stretches of a long video, and pictures of each.
_STRETCHES, _STRETCH = 50, 1000


@dataclass(frozen=True, slots=True)
class Phase:
    """By how many ticks a grid starts after the first picture, and what that costs."""

    shift: int
    # The share of pictures whose frame belongs to a later one, so that they are not shown.
    displaced: Fraction


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
