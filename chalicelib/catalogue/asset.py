"""The facts of one set of media: frame grid, rungs, tracks, and when each segment begins.

All playlists are computed from these numbers, so no list of segments is stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Self

from chalicelib.stored import from_plain, to_plain

AUDIO_RATE = 48_000
AUDIO_FRAME = 1024  # samples in one frame of AAC
SUBTITLE_SEGMENT_SECONDS = 60  # of new assets
# In MPEG-TS the video begins at this time of a 90 kHz clock, so that decode times stay above 0.
# Apple's own tools also use 10 s.
TS_CLOCK = 90_000
TS_BEGINS = 10 * TS_CLOCK
# With B-frames as references, a frame may be shown two frames after it is decoded.
DELAY_FRAMES = 2  # of new assets
_LEAST_TICKS = 10_000
# Values of stored assets, and of their grids, without these fields; never change them.
_UNSAID = {"subtitle_segment_seconds": 60, "delay_frames": 0}
_UNSAID_OF_GRID = {"gops_per_segment": 3}


class Container(StrEnum):
    FMP4 = "fmp4"
    TS = "ts"

    @property
    def suffix(self) -> str:
        return "m4s" if self is Container.FMP4 else "ts"


@dataclass(frozen=True, slots=True)
class Grid:
    """A constant frame rate as a rational, and segments of whole frames: no drift."""

    rate: Fraction
    frames: int
    frames_per_gop: int
    gops_per_segment: int

    @property
    def frames_per_segment(self) -> int:
        return self.gops_per_segment * self.frames_per_gop

    @property
    def segments(self) -> int:
        return -(-self.frames // self.frames_per_segment)

    @property
    def duration(self) -> Fraction:
        return self.seconds(self.frames)

    @property
    def timescale(self) -> int:
        """Ticks per second of the video track in fMP4, with a whole number of ticks per frame."""
        numerator = self.rate.numerator
        return numerator * -(-_LEAST_TICKS // numerator)

    @property
    def ticks_per_frame(self) -> int:
        return int(self.timescale / self.rate)

    def seconds(self, frames: int) -> Fraction:
        return frames / self.rate

    def frames_of(self, segment: int) -> int:
        first = segment * self.frames_per_segment
        return min(self.frames_per_segment, self.frames - first)

    def segment_seconds(self, segment: int) -> Fraction:
        return self.seconds(self.frames_of(segment))


@dataclass(frozen=True, slots=True)
class Rung:
    """One size of the picture, and its maximum bit rates."""

    name: str  # such as "720p"; the class, not the true height
    width: int
    height: int
    level: str  # of H.264 High, such as "3.1"
    crf: int
    maxrate_kbps: int
    bufsize_kbps: int
    # Measured on the finished asset, in bits per second; 0 until then.
    peak: int = 0
    average: int = 0

    @property
    def codecs(self) -> str:
        major, _, minor = self.level.partition(".")
        return f"avc1.6400{int(major) * 10 + int(minor or 0):02x}"


@dataclass(frozen=True, slots=True)
class AudioTrack:
    number: int
    stream: int  # index in the source
    language: str  # BCP 47, "und" if unknown
    name: str
    is_default: bool
    bitrate_kbps: int = 128
    peak: int = 0
    average: int = 0
    codecs: str = "mp4a.40.2"
    # A commentary, an audio description and the like.
    is_for_some: bool = False


BESIDE_THE_SOURCE = -1


def default_audio(tracks: Sequence[AudioTrack]) -> AudioTrack | None:
    """The track that plays unless a viewer chooses another one."""
    return min(tracks, key=lambda track: not track.is_default, default=None)


@dataclass(frozen=True, slots=True)
class SubtitleTrack:
    number: int
    # Index in the source, or `BESIDE_THE_SOURCE` for a sidecar file.
    stream: int
    language: str
    name: str
    is_default: bool
    is_forced: bool = False
    sidecar_key: str = ""
    # Says sounds and music as well, for those who do not hear them.
    is_for_deaf: bool = False

    @property
    def is_beside_the_source(self) -> bool:
        return self.stream == BESIDE_THE_SOURCE


@dataclass(frozen=True, slots=True)
class Storyboard:
    """Small pictures for the scrub bar, one per segment, many on each sheet."""

    tile_width: int
    tile_height: int
    columns: int = 10
    rows: int = 10

    def sheets_for(self, segments: int) -> int:
        return -(-segments // (self.columns * self.rows))


@dataclass(frozen=True, slots=True)
class Asset:
    container: Container
    grid: Grid
    rungs: tuple[Rung, ...]  # the largest first
    audio: tuple[AudioTrack, ...] = ()
    subtitles: tuple[SubtitleTrack, ...] = ()
    storyboard: Storyboard | None = None
    # Lengths of the I-frame at the start of each segment are kept in an index object of their own.
    has_iframes: bool = False
    subtitle_segment_seconds: int = SUBTITLE_SEGMENT_SECONDS
    # Frames between the first decode time and the first presentation time; with 0, as in assets of
    # earlier versions, the first decode times are closer together (decision 0040).
    delay_frames: int = DELAY_FRAMES

    @property
    def begins(self) -> Fraction:
        """Presentation time of its first frame and sample, in seconds."""
        if self.container is Container.TS:
            return Fraction(TS_BEGINS, TS_CLOCK)
        return self.grid.seconds(self.delay_frames)

    @property
    def samples(self) -> int:
        """The number of audio samples: the duration of the video, rounded up."""
        return -(
            -self.grid.frames * AUDIO_RATE * self.grid.rate.denominator // self.grid.rate.numerator
        )

    @property
    def audio_frames(self) -> int:
        return -(-self.samples // AUDIO_FRAME)

    def audio_boundary(self, segment: int) -> int:
        """The first AAC frame of a segment: it begins with the first video frame or after it."""
        rate = self.grid.rate
        begins = segment * self.grid.frames_per_segment * rate.denominator * AUDIO_RATE
        return min(self.audio_frames, -(-begins // (rate.numerator * AUDIO_FRAME)))

    @property
    def audio_segments(self) -> int:
        """As many as video segments, less a last one that would be empty."""
        last = self.grid.segments - 1
        return self.grid.segments if self.audio_boundary(last) < self.audio_frames else last

    def audio_frames_of(self, segment: int) -> int:
        return self.audio_boundary(segment + 1) - self.audio_boundary(segment)

    @property
    def subtitle_segments(self) -> int:
        return -(-self.grid.duration // self.subtitle_segment_seconds)

    def to_json(self) -> Any:
        return to_plain(self)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        return from_plain(cls, with_former_values(plain))


def with_former_values(plain: Mapping[str, Any]) -> Mapping[str, Any]:
    """Add fields that are missing in assets of earlier versions."""
    return {**_UNSAID, **plain, "grid": {**_UNSAID_OF_GRID, **plain["grid"]}}
