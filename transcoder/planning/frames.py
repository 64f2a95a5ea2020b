"""The size and shape of the video, if those of its pictures change on the way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from transcoder.ffmpeg.graph import SAME_SHAPE
from transcoder.probing.model import PictureFacts, Shape, Timeline
from transcoder.refusals import too_many_pixels
from transcoder.settings import SourceLimits

# A size is offered if it lasts for the first value in all, or for the second of a short video.
_NOTICED_SECONDS, _NOTICED_SHARE = 2, Fraction(1, 10)
# The filters of a chunk compare the time with each of them.
_MOST_CHANGES = 100
_SMALLER = "Some of its pictures are larger, for a moment; they are scaled down."
_RESHAPED = "Its pictures change their shape on the way; all are shown whole, in the first shape."
_LONGEST = "Its pictures change their shape; all are shown whole, in the shape that lasts longest."


@dataclass(frozen=True, slots=True)
class Frame:
    """The facts of the picture with the size and shape of the video."""

    picture: PictureFacts
    # Width and height of the largest picture, for limits.
    largest: tuple[int, int]
    # Changes of shape: the first tick, and the display aspect ratio from there on.
    shapes: tuple[tuple[int, Fraction], ...] = ()
    notes: tuple[str, ...] = ()


def frame_of(first: PictureFacts, timeline: Timeline, limits: SourceLimits) -> Frame:
    """Choose the shape that lasts longest, in its largest size that lasts noticeably.

    Raise `Refused` if any picture is beyond the limits.
    """
    if len(timeline.shapes) <= 1:
        return Frame(first, (first.width, first.height))
    for each in timeline.shapes:
        short_side, long_side = sorted((each.width, each.height))
        if short_side > limits.short_side or long_side > limits.long_side:
            raise too_many_pixels(limits.long_side, limits.short_side)
    largest, chosen = max(timeline.shapes, key=lambda shape: shape.pixels), _chosen(timeline)
    shapes = tuple(_changes(chosen, timeline.shapes))[:_MOST_CHANGES]
    is_first = _is_same(chosen, timeline.shapes[0])
    reshaped = (_RESHAPED if is_first else _LONGEST,) if shapes else ()
    smaller = (_SMALLER,) if largest.pixels > chosen.pixels else ()
    width, height, aspect = chosen.width, chosen.height, chosen.pixel_aspect
    picture = replace(first, width=width, height=height, pixel_aspect=aspect)
    return Frame(picture, (largest.width, largest.height), shapes, (*reshaped, *smaller))


def _chosen(timeline: Timeline) -> Shape:
    lasting = _lasting(timeline)

    def like(shape: Shape) -> dict[Shape, int]:
        return {each: ticks for each, ticks in lasting.items() if _is_same(each, shape)}

    sizes = like(max(lasting, key=lambda shape: sum(like(shape).values())))
    whole = sum(lasting.values()) * timeline.tick
    noticed = min(Fraction(_NOTICED_SECONDS), whole * _NOTICED_SHARE) / timeline.tick
    most = max(sizes.values())
    lasts = (each for each, ticks in sizes.items() if ticks >= noticed or ticks == most)
    return max(lasts, key=lambda shape: shape.pixels)


def _lasting(timeline: Timeline) -> dict[Shape, int]:
    """Return the ticks for which each shape is shown, in all."""
    begin, end = timeline.ticks[0], timeline.ticks[-1] + max(1, timeline.last_ticks)
    instants = [*(min(max(begin, each.since), end) for each in timeline.shapes), end]
    lasting = dict[Shape, int]()
    for each, (since, until) in zip(timeline.shapes, pairwise(instants), strict=True):
        shape = replace(each, since=0)
        lasting[shape] = lasting.get(shape, 0) + max(0, until - since)
    return lasting


def _changes(newest: Shape, shapes: Iterable[Shape]) -> Iterator[tuple[int, Fraction]]:
    for each in shapes:
        if not _is_same(each, newest):
            yield each.since, each.aspect
            newest = each


def _is_same(one: Shape, other: Shape) -> bool:
    return abs(one.aspect / other.aspect - 1) <= SAME_SHAPE
