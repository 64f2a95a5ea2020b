"""The renditions of a video: names of their playlists, and the segments each one lists."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import (
    AUDIO_FRAME,
    AUDIO_RATE,
    Asset,
    AudioTrack,
    Container,
    Rung,
    SubtitleTrack,
)

_NAME = re.compile(r"(video|iframes|audio|subtitles)-([0-9]{1,4}p?)\.m3u8", re.ASCII)


class RenditionKind(StrEnum):
    VIDEO = "video"
    IFRAMES = "iframes"
    AUDIO = "audio"
    SUBTITLES = "subtitles"


@dataclass(frozen=True, slots=True)
class Rendition:
    """One media playlist; `of` is the name of the rung or the number of the track."""

    kind: RenditionKind
    of: str

    def __str__(self) -> str:
        return f"{self.kind}-{self.of}.m3u8"


@dataclass(frozen=True, slots=True)
class Segment:
    seconds: float
    name: str
    # Length of the I-frame in an I-frame playlist; 0 for the whole segment.
    length: int = 0


def parse(name: str) -> Rendition | None:
    match = _NAME.fullmatch(name)
    return Rendition(RenditionKind(match[1]), match[2]) if match else None


def of_rung(rung: Rung) -> Rendition:
    return Rendition(RenditionKind.VIDEO, rung.name)


def iframes_of(rung: Rung) -> Rendition:
    return Rendition(RenditionKind.IFRAMES, rung.name)


def of_audio(track: AudioTrack) -> Rendition:
    return Rendition(RenditionKind.AUDIO, str(track.number))


def of_subtitles(track: SubtitleTrack) -> Rendition:
    return Rendition(RenditionKind.SUBTITLES, str(track.number))


def init_of(asset: Asset, rendition: Rendition) -> str:
    """Return the name of the init section, or an empty string if there is none."""
    if asset.container is Container.TS or rendition.kind is RenditionKind.SUBTITLES:
        return ""
    if rendition.kind is RenditionKind.AUDIO:
        return object_keys.audio_init(int(rendition.of))
    return object_keys.video_init(rendition.of)


def segments(
    asset: Asset, rendition: Rendition, *, ready: int, iframes: Sequence[int] = ()
) -> Iterator[Segment]:
    """Yield the first `ready` segments, or all if there are fewer."""
    match rendition.kind:
        case RenditionKind.VIDEO:
            return _video(asset, rendition.of, ready)
        case RenditionKind.AUDIO:
            return _audio(asset, int(rendition.of), ready)
        case RenditionKind.SUBTITLES:
            return _subtitles(asset, int(rendition.of), ready)
        case RenditionKind.IFRAMES:
            return _iframes(asset, rendition.of, iframes)


def target_seconds(asset: Asset, rendition: Rendition) -> int:
    """Return the target duration, which RFC 8216 wants equal for audio and video renditions."""
    if rendition.kind is RenditionKind.SUBTITLES:
        return min(asset.subtitle_segment_seconds, ceil(asset.grid.duration))
    longest = asset.grid.segment_seconds(0)
    if asset.audio:
        frames = -(-longest * AUDIO_RATE // AUDIO_FRAME)
        longest = Fraction(frames * AUDIO_FRAME, AUDIO_RATE)
    return max(1, (2 * longest + 1) // 2)


def _video(asset: Asset, rung: str, ready: int) -> Iterator[Segment]:
    last = asset.grid.segments - 1
    usual = float(asset.grid.segment_seconds(0))
    for number in range(min(ready, asset.grid.segments)):
        seconds = float(asset.grid.segment_seconds(last)) if number == last else usual
        yield Segment(seconds, object_keys.video_segment(rung, number, asset.container))


def _iframes(asset: Asset, rung: str, lengths: Sequence[int]) -> Iterator[Segment]:
    for segment, length in zip(_video(asset, rung, len(lengths)), lengths, strict=False):
        yield Segment(segment.seconds, segment.name, length)


def _audio(asset: Asset, track: int, ready: int) -> Iterator[Segment]:
    begins = asset.audio_boundary(0)
    for number in range(min(ready, asset.audio_segments)):
        ends = asset.audio_boundary(number + 1)
        seconds = (ends - begins) * AUDIO_FRAME / AUDIO_RATE
        yield Segment(seconds, object_keys.audio_segment(track, number, asset.container))
        begins = ends


def _subtitles(asset: Asset, track: int, ready: int) -> Iterator[Segment]:
    left = asset.grid.duration
    for number in range(min(ready, asset.subtitle_segments)):
        seconds = min(left, Fraction(asset.subtitle_segment_seconds))
        yield Segment(float(seconds), object_keys.subtitle_segment(track, number))
        left -= seconds
