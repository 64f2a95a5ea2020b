"""Time of a source that holes and a missing end take, counted as damage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, repeat

from chalicelib.encoding.plan import SoundTimes
from transcoder.probing.damage.holes import merged
from transcoder.probing.files.promises import Promised, begin_of, pictured_seconds
from transcoder.probing.formats.signatures import COUNTED
from transcoder.probing.model import Hole, Timeline

# A declared duration may be longer than the pictures by the end of the sound.
_TOLERATED_SECONDS = Fraction(1, 10)
# Of interleaved tracks, one that ends earlier than the others is complete.
_INTERLEAVED_SECONDS = Fraction(1)
# Its missing pages count already.
_COUNTS_PAGES = "ogg"
# Its index is at the end; without it libavformat guesses where to seek.
_ENDS_WITH_INDEX = "mxf"


@dataclass(frozen=True, slots=True)
class MissingEnd:
    """What a file declares behind its end."""

    promised: Promised
    # Bytes that are there, and those that the container declares; 0 if it does not.
    size: int
    declared_size: int = 0

    @property
    def bytes(self) -> int:
        return max(0, self.promised.picture_byte - self.size, self.declared_size - self.size)

    def pictures(self, timeline: Timeline) -> Fraction:
        """Seconds of pictures."""
        left = self.promised.longest - pictured_seconds(timeline)
        if self.promised.picture_byte > self.size:
            return max(Fraction(0), left)
        return self._unlisted(timeline, left)

    def of_sounds(self, timeline: Timeline) -> Iterator[SoundTimes | None]:
        """Yield each sound with the share of it that is missing."""
        listed = chain(self.promised.sounds, repeat((Fraction(0), 0)))
        for times, (seconds, listed_byte) in zip(timeline.sounds, listed, strict=False):
            yield times and self._of_sound(timeline, times, seconds, listed_byte)

    def _of_sound(
        self, timeline: Timeline, times: SoundTimes, seconds: Fraction, listed_byte: int
    ) -> SoundTimes:
        heard, left = times.ends - begin_of(timeline), Fraction(0)
        if listed_byte > self.size:
            left = max(Fraction(0), seconds - heard)
        elif times.ends + _INTERLEAVED_SECONDS > timeline.end:
            left = self._unlisted(timeline, self.promised.longest - heard)
        lasting = times.ends - times.begins
        return replace(times, cut_off=left / (lasting + left)) if left else times

    def _unlisted(self, timeline: Timeline, left: Fraction) -> Fraction:
        """Return what is left of an interleaved track, unless another one reaches the end."""
        if self.declared_size <= self.size:
            return Fraction(0)
        left = min(left, self.promised.longest - (timeline.end - begin_of(timeline)))
        return left if left > _TOLERATED_SECONDS else Fraction(0)


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
        missing=timeline.missing + lost,
    )


def _shared(holes: Sequence[Hole], seconds: Fraction) -> Iterator[Hole]:
    """Let holes of which no clock tells share this time by their sizes."""
    size, passed = sum(each.size for each in holes), Fraction(0)
    for each in holes:
        lasts = seconds * Fraction(each.size, size)
        yield replace(each, begin=each.begin + passed, end=each.begin + passed + lasts)
        passed += lasts
