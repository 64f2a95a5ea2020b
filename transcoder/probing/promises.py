"""Durations declared in the header, compared with packets, and what holes take of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from av.container import InputContainer
from av.stream import Stream
from av.video.stream import VideoStream

from transcoder.probing.holes import Hole, merged
from transcoder.probing.model import Timeline
from transcoder.probing.signatures import COUNTED

# Formats without a header: libavformat guesses their duration.
_SILENT = {"mpegts", "mpeg", *COUNTED}
_COUNTS_PICTURES = "avi"
# Its missing pages count already.
_COUNTS_PAGES = "ogg"
MICROSECONDS = 1_000_000
# The tag of Matroska for the duration of one track; that of the file includes subtitles.
_TAGS = ("DURATION", "DURATION-eng")
_TAG = re.compile(r"(\d{1,4}):(\d\d):(\d\d(?:\.\d{1,9})?)")
_TOLERATED_SECONDS, _TOLERATED_SHARE = Fraction(1), Fraction(1, 50)


@dataclass(frozen=True, slots=True)
class Promised:
    """Declared durations in seconds; 0 if unknown."""

    picture: Fraction = Fraction(0)
    whole: Fraction = Fraction(0)
    sound: Fraction = Fraction(0)
    # Whether an index lists sound; libavformat gives an empty track the duration of the file.
    lists_sound: bool = False

    @property
    def longest(self) -> Fraction:
        return max(self.picture, self.whole)


def promised_seconds(
    container: InputContainer, stream: VideoStream, sounds: Sequence[Stream], *, said: Fraction
) -> Promised:
    """Return the declared durations; `said` is one that libavformat does not read, or 0."""
    if container.format.name.split(",")[0] in _SILENT:
        return Promised()
    whole = said or Fraction(container.duration or 0, MICROSECONDS)
    picture = _declared(stream, whole)
    if container.format.name == _COUNTS_PICTURES and stream.average_rate:
        # Without its index, durations are guessed by what is left.
        picture = max(picture, stream.frames / stream.average_rate)
    if not picture:
        return Promised(whole=whole)
    heard = max((_declared(each, whole) for each in sounds), default=Fraction(0))
    return Promised(picture, sound=heard, lists_sound=any(len(s.index_entries) for s in sounds))


def _declared(stream: Stream, whole: Fraction) -> Fraction:
    if seconds := (stream.duration or 0) * (stream.time_base or Fraction(0)):
        return seconds
    # A cut file may keep the tags of the uncut one.
    return min(whole, tagged_seconds(stream))


def tagged_seconds(stream: Stream) -> Fraction:
    written = next(filter(None, map(stream.metadata.get, _TAGS)), "")
    if not (match := _TAG.fullmatch(written)):
        return Fraction(0)
    hours, minutes, seconds = map(Fraction, match.groups())
    return (hours * 60 + minutes) * 60 + seconds


def broken(timeline: Timeline, promised: Promised) -> list[str]:
    """A note if the file ends long before its declared end."""
    begin = _begin(timeline)
    heard = max(Fraction(0), (timeline.sound_end or Fraction(0)) - begin)
    whole, end = promised.whole, timeline.end - begin
    for seconds, there in ((promised.picture, pictured_seconds(timeline)), (whole, end)):
        if _is_short(seconds, there):
            return [f"The file promises {_whole(seconds)} s; {_whole(there)} s of them are there."]
    if (heard or promised.lists_sound) and _is_short(promised.sound, heard):
        declared = _whole(promised.sound)
        return [f"The file promises {declared} s of sound; {_whole(heard)} s of them are there."]
    return []


def pictured_seconds(timeline: Timeline) -> Fraction:
    """The end of the pictures, as headers count."""
    return timeline.pictures_end - _begin(timeline)


def _begin(timeline: Timeline) -> Fraction:
    # Some muxers count from the first picture, others from 0.
    return min(timeline.start, timeline.earliest * timeline.tick, Fraction(0))


def _is_short(seconds: Fraction, there: Fraction) -> bool:
    return seconds - there > max(_TOLERATED_SECONDS, seconds * _TOLERATED_SHARE)


def _whole(seconds: Fraction) -> str:
    return f"{float(seconds):.0f}"


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
    if demuxer in COUNTED:
        # What follows is shown at once.
        holes = untimed
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
