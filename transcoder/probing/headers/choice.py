"""The choice of streams: one video stream, and the audio and subtitle streams to keep."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from functools import partial

import av
from av.container import InputContainer
from av.stream import Stream

from chalicelib.catalogue.language_tags import tag_of
from chalicelib.encoding.failures import Finding, Reason
from transcoder.errors import Refused
from transcoder.probing.files.opening import packets
from transcoder.probing.model import Question, SoundFacts, TextFacts, Timeline
from transcoder.refusals import too_many_pixels

MOST_SOUNDS = 8
# Of fonts, covers and tracks of data, which cost memory in each program.
MOST_OTHERS = 512
_KINDS = ("video", "audio", "subtitle")
TEXT_CODECS = frozenset({"mov_text", "subrip", "srt", "ass", "ssa", "webvtt", "text"})

# A video stream this short, beside a longer one, is an attached still picture.
_STILL_SECONDS, _STILL_SHARE = 1, 0.1
_PICTURED_WORDS = frozenset({"hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub"})


@dataclass(frozen=True, slots=True)
class Listed:
    """A stream as its header describes it, which may be wrong on purpose."""

    index: int
    kind: str  # "video", "audio", "subtitle" or anything else
    codec: str  # "" without a decoder
    language: str = ""
    title: str = ""
    is_default: bool = False
    is_forced: bool = False
    is_still: bool = False  # cover art and the like
    is_for_some: bool = False  # audio description, commentary, clear speech, words for the deaf
    is_for_deaf: bool = False
    width: int = 0
    height: int = 0
    seconds: float = 0
    is_audible: bool = False  # its header has sample rate and channels
    programs: frozenset[int] = frozenset()  # of a broadcast; empty if unknown
    encryption: Finding | None = None

    @property
    def is_encrypted(self) -> bool:
        return self.encryption is not None

    def goes_with(self, picture: "Listed") -> bool:
        return not (self.programs and picture.programs) or bool(self.programs & picture.programs)


def picture_of(streams: Sequence[Listed], question: Question) -> Listed:
    """Choose the video stream; refuse a source without one, or with one beyond the limits."""
    _require_few(streams, question)
    pictures = [each for each in streams if each.kind == "video" and not each.is_still]
    if not any(each.kind in _KINDS or each.seconds for each in streams):
        # The file has the signature of a video, so its stream headers are lost.
        raise Refused(Reason.CORRUPT)
    if not pictures:
        has_sound = any(each.kind == "audio" for each in streams)
        raise Refused(Reason.AUDIO_ONLY if has_sound else Reason.NOT_VIDEO)
    readable = [each for each in pictures if each.codec and not each.is_encrypted]
    encryptions = [each.encryption for each in pictures if each.encryption]
    if not readable and encryptions:
        raise Refused(Reason.ENCRYPTED, encryptions[0])
    if not readable:
        raise Refused(Reason.UNSUPPORTED_CODEC)
    longest = max(each.seconds for each in readable)
    best = max(readable, key=partial(_preference, longest))
    sides = sorted((best.width, best.height))
    if sides[0] > question.short_side or sides[1] > question.long_side:
        raise too_many_pixels(question.long_side, question.short_side)
    return best


def _require_few(streams: Sequence[Listed], question: Question) -> None:
    tracks = sum(1 for each in streams if each.kind in _KINDS and not each.is_still)
    most, others = question.most_streams, len(streams) - tracks
    if tracks > most:
        raise Refused(Reason.TOO_MANY_STREAMS, f"It has {tracks}; the limit is {most}.")
    if others > MOST_OTHERS:
        detail = f"It has {others} fonts, covers and the like; the limit is {MOST_OTHERS}."
        raise Refused(Reason.TOO_MANY_STREAMS, detail)


def _preference(longest: float, each: Listed) -> tuple[bool, bool, int, float]:
    """Still pictures come last: one may be the default stream, or the largest."""
    is_still = 0 < each.seconds < min(_STILL_SECONDS, longest * _STILL_SHARE)
    return not is_still, each.is_default, each.width * each.height, each.seconds


def sounds_of(streams: Sequence[Listed], picture: Listed) -> list[Listed]:
    audible = (each for each in streams if each.kind == "audio" and each.codec and each.is_audible)
    clear = (each for each in audible if not each.is_encrypted)
    return [each for each in clear if each.goes_with(picture)][:MOST_SOUNDS]


def is_sound_encrypted(streams: Sequence[Listed], picture: Listed) -> bool:
    """Whether there is sound, and all of it is encrypted."""
    sounds = [each for each in streams if each.kind == "audio" and each.goes_with(picture)]
    return bool(sounds) and all(each.is_encrypted for each in sounds)


def lost_sounds(streams: Sequence[Listed], picture: Listed) -> Sequence[Listed]:
    """Return the sounds of the picture if none of them can be kept."""
    if sounds_of(streams, picture):
        return ()
    return [each for each in streams if each.kind == "audio" and each.goes_with(picture)]


def default_of(sounds: Sequence[Listed]) -> Listed | None:
    """Choose the default track, preferably one for all viewers."""
    return min(sounds, key=lambda each: (each.is_for_some, not each.is_default), default=None)


def texts_of(streams: Sequence[Listed], picture: Listed) -> list[Listed]:
    texts = [each for each in streams if each.kind == "subtitle" and each.codec in TEXT_CODECS]
    return [each for each in texts if each.goes_with(picture)]


def left_out(streams: Sequence[Listed], picture: Listed) -> list[str]:
    """One note per stream that is left out."""
    tracks = (*sounds_of(streams, picture), *texts_of(streams, picture))
    kept = {picture.index, *(each.index for each in tracks)}
    others = (each for each in streams if each.index not in kept)
    return [note for each in others if (note := _left_out(each, picture))]


def _left_out(each: Listed, picture: Listed) -> str:
    # People count from 1.
    number, note = each.index + 1, ""
    if each.kind in _KINDS and not each.goes_with(picture):
        return f"Stream {number} was left out: it belongs to another program."
    match each.kind:
        case "video":
            cover = f"Stream {number} was left out: a cover picture."
            track = f"Stream {number} was left out: another video track."
            note = cover if each.is_still else track
        case "audio" if each.is_encrypted:
            note = f"Stream {number} was left out: its sound is encrypted."
        case "audio" if each.codec and each.is_audible:
            note = f"Stream {number} was left out: {MOST_SOUNDS} sound tracks are kept."
        case "audio":
            note = f"Stream {number} was left out: a sound track that cannot be read."
        case "subtitle" if each.codec in _PICTURED_WORDS:
            note = f"Stream {number} was left out: subtitles that are pictures."
        case "subtitle":
            note = f"Stream {number} was left out: subtitles of a kind that is not read."
    return note


def sound_facts(stream: Listed, *, is_default: bool) -> SoundFacts:
    return SoundFacts(
        stream=stream.index,
        language=tag_of(stream.language),
        title=stream.title,
        is_default=is_default,
        is_for_some=stream.is_for_some,
    )


def text_facts(stream: Listed) -> TextFacts:
    return TextFacts(
        stream=stream.index,
        language=tag_of(stream.language),
        title=stream.title,
        is_default=stream.is_default,
        is_forced=stream.is_forced,
        codec=stream.codec,
        is_for_some=stream.is_for_some,
        is_for_deaf=stream.is_for_deaf,
    )


def without_empty(
    source: Callable[..., AbstractContextManager[InputContainer]],
    sounds: Sequence[Listed],
    timeline: Timeline,
) -> tuple[Timeline, tuple[SoundFacts, ...], list[str]]:
    """Leave out empty audio tracks, with a note, if there is another track."""
    empty = set[int]()
    for each, times in zip(sounds, timeline.sounds, strict=False):
        if times:
            continue
        with source() as container:
            if _is_empty(container, container.streams[each.index]):
                empty.add(each.index)
    if len(empty) == len(sounds):
        empty.clear()
    kept = [each for each in sounds if each.index not in empty]
    known = (
        times
        for each, times in zip(sounds, timeline.sounds, strict=False)
        if each.index not in empty
    )
    default = default_of(kept)
    return (
        replace(timeline, sounds=tuple(known)),
        tuple(sound_facts(each, is_default=each is default) for each in kept),
        [
            f"Stream {each + 1} was left out: a sound track that holds nothing."
            for each in sorted(empty)
        ],
    )


def holds_any(container: InputContainer, sounds: Sequence[Listed]) -> bool:
    """Whether sounds that cannot be kept are more than a header."""
    return not all(_is_empty(container, container.streams[each.index]) for each in sounds)


def _is_empty(container: InputContainer, stream: Stream) -> bool:
    """Whether the file has no packet of the stream, whatever the header declares."""
    with suppress(av.InvalidDataError, av.EOFError):
        return next(packets(container, [stream]), None) is None
    return False
