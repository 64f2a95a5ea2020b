"""Durations declared in the header, compared with packets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from av.container import InputContainer
from av.stream import Stream
from av.video.stream import VideoStream

from transcoder.probing.files.declared_sizes import has_duration
from transcoder.probing.formats import asf
from transcoder.probing.formats.ranges import reader_of
from transcoder.probing.formats.signatures import COUNTED
from transcoder.probing.model import Question, Timeline

# Formats without a header: libavformat guesses their duration.
_SILENT = {"mpegts", "mpeg", *COUNTED}
_COUNTS_PICTURES, _LISTS_PACKETS, _MATROSKA, _ASF = "avi", "mov", "matroska", "asf"
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
    # Of an MP4, which lists the packets of each track: where those of the picture end in the file,
    # and for each sound its duration and that position.
    picture_byte: int = 0
    sounds: tuple[tuple[Fraction, int], ...] = ()

    @property
    def longest(self) -> Fraction:
        return max(self.picture, self.whole)


def promised_seconds(
    container: InputContainer, stream: VideoStream, sounds: Sequence[Stream], question: Question
) -> Promised:
    """Return the declared durations."""
    demuxer = container.format.name.split(",")[0]
    if demuxer in _SILENT or (demuxer == _MATROSKA and not has_duration(question)):
        return Promised()
    # libavformat does not read it.
    said = asf.seconds_of(reader_of(question.url)) if demuxer == _ASF else Fraction(0)
    whole = said or Fraction(container.duration or 0, MICROSECONDS)
    picture = _declared(stream, whole)
    if container.format.name == _COUNTS_PICTURES and stream.average_rate:
        # Without its index, durations are guessed by what is left.
        picture = max(picture, stream.frames / stream.average_rate)
    if not picture:
        return Promised(whole=whole)
    heard = [_declared(each, whole) for each in sounds]
    promised = Promised(
        picture,
        sound=max(heard, default=Fraction(0)),
        lists_sound=any(len(s.index_entries) for s in sounds),
    )
    if not container.format.name.startswith(_LISTS_PACKETS):
        return promised
    ends = zip(heard, map(_listed_end, sounds), strict=True)
    return replace(promised, picture_byte=_listed_end(stream), sounds=tuple(ends))


def _listed_end(stream: Stream) -> int:
    return max((each.pos + each.size for each in stream.index_entries), default=0)


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


def broken(
    timeline: Timeline, promised: Promised, *, is_explained: bool, is_least: bool
) -> list[str]:
    """A note if the file ends evidently, or else long, before its declared end.

    `is_least`: of what is missing, nothing but the begin is declared.
    """
    if timeline.cut_off:
        last = float(pictured_seconds(timeline))
        whole = last + float(timeline.cut_off)
        if is_least:
            return [f"The file ends at {last:.1f} of {whole:.1f} s at least; the rest is missing."]
        return [f"The file ends at {last:.1f} of {whole:.1f} s; the rest is missing."]
    if is_explained:
        return []
    begin = begin_of(timeline)
    heard = max(Fraction(0), (timeline.sound_end or Fraction(0)) - begin)
    end = timeline.end - begin
    for seconds, there in ((promised.picture, pictured_seconds(timeline)), (promised.whole, end)):
        # Pictures that end before the sound may be meant to; another note says so.
        if _is_short(seconds, there) and _is_short(seconds, end):
            return [f"The file promises {_whole(seconds)} s; {_whole(there)} s of them are there."]
    if (heard or promised.lists_sound) and _is_short(promised.sound, heard):
        declared = _whole(promised.sound)
        return [f"The file promises {declared} s of sound; {_whole(heard)} s of them are there."]
    return []


def pictured_seconds(timeline: Timeline) -> Fraction:
    """The end of the pictures, as headers count."""
    return timeline.pictures_end - begin_of(timeline)


def begin_of(timeline: Timeline) -> Fraction:
    """Return when headers begin to count."""
    # Some muxers count from the first picture, others from 0.
    return min(timeline.start, timeline.earliest * timeline.tick, Fraction(0))


def _is_short(seconds: Fraction, there: Fraction) -> bool:
    return seconds - there > max(_TOLERATED_SECONDS, seconds * _TOLERATED_SHARE)


def _whole(seconds: Fraction) -> str:
    return str(round(seconds))
