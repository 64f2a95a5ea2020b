"""Time of a source that holes and a missing end take, counted as damage."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from transcoder.probing.holes import Hole, merged
from transcoder.probing.missing_end import MissingEnd
from transcoder.probing.model import Timeline
from transcoder.probing.promises import pictured_seconds
from transcoder.probing.signatures import COUNTED

# Its missing pages count already.
_COUNTS_PAGES = "ogg"
# Its index is at the end; without it libavformat guesses where to seek.
_ENDS_WITH_INDEX = "mxf"


def with_missing_time(
    timeline: Timeline, missing_end: MissingEnd, demuxer: str, *, has_fragments: bool
) -> Timeline:
    """Count the pictures that holes and a missing end take as damage, and the sound of that end."""
    promised, size = missing_end.promised, missing_end.size
    untimed = [each for each in timeline.holes if each.begin == each.end]
    timed = [each for each in timeline.holes if each.begin < each.end]
    lasting = timeline.pictures_end - timeline.start
    left = cut_off = missing_end.pictures(timeline)
    if cut_off:
        untimed = [*untimed, Hole(timeline.end, timeline.end, missing_end.bytes)]
    else:
        left = promised.longest - pictured_seconds(timeline)
    if left <= 0 and promised.longest and not has_fragments:
        # Nothing is missing: the zeros are padding.
        untimed = []
    elif left <= 0:
        behind = sum(each.size for each in untimed)
        left = lasting * Fraction(behind, max(1, size - behind))
    holes = [*timed, *_shared(untimed, left)]
    missing = sum((each.end - each.begin for each in holes), Fraction(0))
    if cut_off:
        end = holes.pop()
        cut_off = end.end - end.begin
    if demuxer in COUNTED:
        # What follows is shown at once.
        holes = untimed
    whole = lasting + (left if untimed else 0)
    lost, before = round(len(timeline.ticks) * min(Fraction(1), missing / whole)), timeline.damaged
    return replace(
        timeline,
        holes=(),
        zeros=tuple(merged([*timeline.zeros, *((each.begin, each.end) for each in holes)])),
        cut_off=cut_off,
        sounds=tuple(missing_end.of_sounds(timeline)),
        is_ordered=timeline.is_ordered and not (demuxer == _ENDS_WITH_INDEX and missing_end.bytes),
        damaged=max(before, lost) if demuxer == _COUNTS_PAGES else before + lost,
    )


def _shared(holes: Sequence[Hole], seconds: Fraction) -> Iterator[Hole]:
    """Let holes of which no clock tells share this time by their sizes."""
    size, passed = sum(each.size for each in holes), Fraction(0)
    for each in holes:
        lasts = seconds * Fraction(each.size, size)
        yield replace(each, begin=each.begin + passed, end=each.begin + passed + lasts)
        passed += lasts
