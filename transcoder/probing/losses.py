"""Time that holes take from the pictures: by the clock, the header or the bytes of the file."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from transcoder.probing.holes import Hole, merged
from transcoder.probing.model import Timeline
from transcoder.probing.promises import Promised, pictured_seconds

# Its missing pages count already.
_COUNTS_PAGES = "ogg"


def with_holes(
    timeline: Timeline, promised: Promised, size: int, demuxer: str, *, has_fragments: bool
) -> Timeline:
    """Count the pictures that holes take as damage."""
    untimed = [each for each in timeline.holes if each.begin == each.end]
    timed = [each for each in timeline.holes if each.begin < each.end]
    lasting = timeline.pictures_end - timeline.start
    left = promised.longest - pictured_seconds(timeline)
    if left <= 0 and promised.longest and not has_fragments:
        # Nothing is missing: the zeros are padding.
        untimed = []
    elif left <= 0:
        behind = sum(each.size for each in untimed)
        left = lasting * Fraction(behind, max(1, size - behind))
    holes = [*timed, *_shared(untimed, left)]
    missing = sum((each.end - each.begin for each in holes), Fraction(0))
    whole = lasting + (left if untimed else 0)
    lost, before = round(len(timeline.ticks) * min(Fraction(1), missing / whole)), timeline.damaged
    return replace(
        timeline,
        holes=(),
        zeros=tuple(merged([*timeline.zeros, *((each.begin, each.end) for each in holes)])),
        damaged=max(before, lost) if demuxer == _COUNTS_PAGES else before + lost,
    )


def _shared(holes: Sequence[Hole], seconds: Fraction) -> Iterator[Hole]:
    """Let holes of which no clock tells share this time by their sizes."""
    size, passed = sum(each.size for each in holes), Fraction(0)
    for each in holes:
        lasts = seconds * Fraction(each.size, size)
        yield replace(each, begin=each.begin + passed, end=each.begin + passed + lasts)
        passed += lasts
