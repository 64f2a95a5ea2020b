"""Notes of a plan about the times of pictures: rates and gaps."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from chalicelib.encoding.plan import Picture
from transcoder.counts import counted
from transcoder.planning.grids import GridLayout
from transcoder.planning.missing_pictures import lost_pictures
from transcoder.planning.rates import FrameRate
from transcoder.planning.zeros import about_zeros
from transcoder.probing.model import Timeline

# Up to so many gaps, or this share of all, the pictures of a constant rate still come evenly.
_FEW, _FEW_SHARE = 2, Fraction(1, 100)
_LONG_HOLD_SECONDS = 1


def notes_of(
    picture: Picture,
    rate: FrameRate,
    timeline: Timeline,
    layout: GridLayout,
    zeros: Sequence[tuple[Fraction, Fraction]],
    *,
    displaced: int,
) -> Iterator[str]:
    if by_count := picture.counted_rate:
        yield f"It stores no times; {_spoken(by_count)} pictures a second are shown."
    if picture.is_bright:
        yield "Its pictures have high dynamic range (HDR); they are shown in the standard one."
    if picture.has_alpha:
        yield "Where its pictures are transparent, they are shown on black."
    if len(timeline.ticks) == 1 and not timeline.hidden:
        yield "It holds one picture."
    if zeros:
        yield about_zeros(zeros, timeline.pictures_end - layout.start)
    yield from _about(rate, timeline)
    # Of even pictures, those of each second that are shown are said.
    if displaced and not rate.is_even:
        yield counted(
            displaced,
            one="Not shown is one picture that comes too soon after another one.",
            many="Not shown are {} pictures that come too soon after others.",
        )


def _about(rate: FrameRate, timeline: Timeline) -> Iterator[str]:
    if not rate.is_even:
        yield from _uneven(rate, timeline)
    elif rate.grid > rate.source:
        times = _spoken(rate.grid / rate.source)
        if rate.source == 1:
            yield f"It has one picture a second; each is shown {times} times."
        else:
            yield f"It has {_spoken(rate.source)} pictures a second; each is shown {times} times."
    elif rate.grid < rate.source:
        yield f"Of {_spoken(rate.source)} pictures a second, {_spoken(rate.grid)} are shown."


def _uneven(rate: FrameRate, timeline: Timeline) -> Iterator[str]:
    fps, gaps = _spoken(rate.grid), [after - tick for tick, after in pairwise(timeline.ticks)]
    # It may be meant so, or pictures are missing.
    longest = max(gaps) * timeline.tick
    held = f"{float(longest):.1f}"
    if _are_few(gaps):
        if lost := lost_pictures(timeline):
            yield counted(
                lost,
                one="Where sound is missing in the source, one picture is missing as well.",
                many="Where sound is missing in the source, {} pictures are missing as well.",
            )
        elif longest > _LONG_HOLD_SECONDS and not timeline.zeros:
            yield f"One of its pictures is shown for {held} s."
    elif longest > _LONG_HOLD_SECONDS and not timeline.zeros:
        yield f"Pictures come unevenly; they are shown at {fps} a second, one of them for {held} s."
    else:
        yield f"Pictures come unevenly; they are shown at {fps} a second."


def _are_few(gaps: Sequence[int]) -> bool:
    """Whether nearly all pictures last as long as most."""
    usual, most = sorted(gaps)[len(gaps) // 2], round(len(gaps) * _FEW_SHARE)
    others = sum(1 for gap in gaps if abs(gap - usual) * 4 > usual)
    return others <= max(_FEW, most) and others < len(gaps) // 4


def _spoken(rate: Fraction) -> str:
    return f"{float(rate):.3f}".rstrip("0").rstrip(".")
