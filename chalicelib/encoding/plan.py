"""The plan of an encode: decided once from the content of the source, for all tasks.

Tasks compute everything else from it, so a repeated task produces the same bytes.
"""

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from chalicelib.catalogue.asset import Asset, AudioTrack, with_former_values
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.chunks import chunk_count, chunk_of, first_segment_of
from chalicelib.encoding.model import Source
from chalicelib.encoding.picture_evidence import ExpectedPictures
from chalicelib.stored import from_plain, to_plain

# 2: assets that begin after a delay, which earlier workers would ignore.
# 3: pictures that are held for earlier sound or left out, and pictures expected of the decoder.
# 4: shapes that change, times of decoding alone, and pauses at the end.
# 5: excerpts of a source, pictures that the container crops, and sample rates by times.
# 6: rows of blanking that are cut, SubRip that is copied, and the scrambled share of sounds.
# 7: colours by declarations of the container or, where these mean nothing, by others; lost sound.
VERSION = 7
_READABLE = range(1, VERSION + 1)


# Names of their pixel formats with an alpha channel begin so. In other codecs the fourth channel is
# often left at zero, which would make all of a video transparent.
_TRANSPARENT, _WITH_ALPHA = frozenset({"cfhd", "png", "prores"}), ("gbrap", "rgba", "ya", "yuva")


class UnreadablePlan(Exception):
    """The plan was written by a later version of the transcoder."""


@dataclass(frozen=True, slots=True)
class SourceClock:
    """Corrections of the times of a source, by position in the file."""

    # First byte and seconds of each shift: each of several concatenated recordings has its own
    # clock.
    shifts: tuple[tuple[int, Fraction], ...] = ()
    # Byte ranges with wrong times, which are not used; the end is exclusive.
    wrong: tuple[tuple[int, int], ...] = ()
    # Byte ranges of pictures before a part's first key picture: they cannot be decoded, and are
    # dropped before the decoder.
    undecodable: tuple[tuple[int, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.shifts or self.wrong)


RIGHT = SourceClock()


@dataclass(frozen=True, slots=True)
class BelowZero:
    """A stream of an Ogg whose first times are below zero, which libavformat does not read."""

    stream: int
    # The first byte with right times.
    end: int
    # The time of the first packet, if the packets `is_counted`; otherwise what is added to times.
    ticks: int
    is_counted: bool = False


@dataclass(frozen=True, slots=True)
class SoundTimes:
    """Begin, end and gaps of an audio track by its packets, in seconds of the source's clock."""

    begins: Fraction
    ends: Fraction
    # Total duration of gaps between packets.
    missing: Fraction = Fraction(0)
    # Begin and end of the first gaps; empty in plans of earlier versions.
    gaps: tuple[tuple[Fraction, Fraction], ...] = ()
    # Whether its sample rate changes, and with it the duration of frames.
    changes_rate: bool = False
    # Number of packets; 0 if unknown.
    packets: int = 0
    # Its sample rate by its times, if its header is missing; otherwise 0.
    rate: int = 0
    # The share of it that is scrambled.
    scrambled: Fraction = Fraction(0)
    # The share of it that is behind the end of the file.
    cut_off: Fraction = Fraction(0)
    # How long its packets last by their codec, whatever their times say; 0 if unknown.
    lasting: Fraction = Fraction(0)
    # How long each packet lasts, if their times are wrong and they are counted; otherwise 0.
    counted_seconds: Fraction = Fraction(0)

    @property
    def is_each_gap_known(self) -> bool:
        return sum(end - begin for begin, end in self.gaps) == self.missing


@dataclass(frozen=True, slots=True)
class Picture:
    """The chosen video stream, with all facts that decoding needs."""

    demuxer: str  # the only one that may open the source
    stream: int
    codec: str
    width: int  # as stored, before rotation and square pixels; of the largest picture
    height: int
    start: Fraction  # the time of the source at which the video begins, in seconds
    frames: int  # pictures in the source
    rotation: int = 0  # clockwise: 0, 90, 180, 270
    pixel_aspect: Fraction = Fraction(1)
    is_interlaced: bool = False
    # FFmpeg's name of it; "smpte2084" and "arib-std-b67" are HDR.
    transfer: str = ""
    pixel_format: str = ""
    # Matrix coefficients, such as "bt709"; "" if unknown.
    matrix: str = ""
    # Pictures per second of a source without times; they are counted from the start, so seeking
    # is impossible. 0 if it stores times.
    counted_rate: Fraction = Fraction(0)
    # Corrections of the times of the source; with them, seeking is impossible.
    clock: SourceClock = RIGHT
    # Number of frames for which the first picture is held before its time, because sound begins
    # before it; 0 if the video begins with its first picture.
    lead_frames: int = 0
    # Whether each picture has a time, decode times never decrease, and only key pictures are marked
    # as such; if not, as with edit lists that go back, seeking is impossible.
    is_ordered: bool = True
    # Whether the program continues in other streams, by new tables in the transport stream.
    follows_tables: bool = False
    # Whether packets are read where the index lists them, because fewer come in file order.
    follows_index: bool = False
    # If the source stores decode times as presentation times, or packs pictures: the reordering
    # delay in seconds, by which pictures are shown before they leave the decoder; 0 if an edit list
    # compensates for it. Otherwise None.
    reordering: Fraction | None = None
    # Changes of shape: time in the source's clock, and the display aspect ratio from there on,
    # upright.
    shapes: tuple[tuple[Fraction, Fraction], ...] = ()
    # For each stream with a pause at its end: index, and begin of the pause in seconds.
    pauses: tuple[tuple[int, Fraction], ...] = ()
    # First byte and end of the part of the source with the video; an end of 0 is that of the
    # source. All positions count from the first byte.
    excerpt: tuple[int, int] = (0, 0)
    # Columns and rows that the container crops.
    crop: tuple[int, int] = (0, 0)
    # Rows above the picture that hold lines of the blanking interval.
    blanking: int = 0
    # Whether container and codec both declare stereoscopic pictures.
    is_stereo_repeated: bool = False
    # Matrix and range ("pc") that the container declares and the pictures do not.
    container_matrix: str = ""
    container_range: str = ""
    # With them, seeking is impossible.
    below_zero: tuple[BelowZero, ...] = ()

    @property
    def cropped_size(self) -> tuple[int, int]:
        """Width and height of decoded pictures, before rotation and square pixels."""
        return self.width - self.crop[0], self.height - self.crop[1] - self.blanking

    @property
    def is_bright(self) -> bool:
        """Whether it has high dynamic range."""
        return self.transfer in ("smpte2084", "arib-std-b67")

    @property
    def has_alpha(self) -> bool:
        """Whether pictures may be transparent."""
        return self.codec in _TRANSPARENT and self.pixel_format.startswith(_WITH_ALPHA)

    @property
    def is_searchable(self) -> bool:
        """Whether seeking is possible."""
        corrected = self.counted_rate or self.clock or self.pauses or self.below_zero
        return self.is_ordered and not corrected


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive segments that one FFmpeg process encodes, in all rungs at once."""

    number: int
    first_segment: int
    segments: int
    first_frame: int
    frames: int
    # Presentation time of the first frame, in the clock of the source.
    seek: Fraction


@dataclass(frozen=True, slots=True)
class Plan:
    video_id: VideoId
    revision: Revision
    source: Source
    picture: Picture
    asset: Asset
    # The first chunk is one segment only, so that playback can begin soon.
    segments_per_chunk: int
    # If it is not that of the first frame of the chunk: for each chunk, the time to decode from.
    seeks: tuple[Fraction, ...] = ()
    # Only if seeking by time is impossible: for each chunk, the byte at which decoding begins.
    positions: tuple[int, ...] = ()
    # For each sound track of the asset, its times; None where they are unknown.
    sounds: tuple[SoundTimes | None, ...] = ()
    # Numbers of the audio tracks for some viewers alone, such as commentaries.
    for_some: tuple[int, ...] = ()
    # Streams of the subtitles for some viewers alone, such as the hearing-impaired.
    texts_for_some: tuple[int, ...] = ()
    # Whether the source has sound, all of which is encrypted.
    is_sound_encrypted: bool = False
    # Whether the source has sound, none of which can be kept.
    is_sound_lost: bool = False
    # Indexes of the streams in SubRip.
    subrip: tuple[int, ...] = ()
    # Begin and end of each stretch of zeros in the source, in seconds of the video.
    zeros: tuple[tuple[Fraction, Fraction], ...] = ()
    # Sentences for the report: what was left out, corrected or guessed.
    notes: tuple[str, ...] = ()
    # None in plans of earlier versions.
    expected: ExpectedPictures | None = None
    estimated_cpu_seconds: float = 0
    estimated_dollars: float = 0

    def sound_times(self, track: AudioTrack) -> SoundTimes | None:
        """Return the times of an audio track; None if they are unknown."""
        return dict(zip(self.asset.audio, self.sounds, strict=False)).get(track)

    @property
    def chunk_count(self) -> int:
        return chunk_count(self.asset.grid.segments, self.segments_per_chunk)

    def chunk(self, number: int) -> Chunk:
        grid = self.asset.grid
        first = first_segment_of(number, self.segments_per_chunk)
        after = min(first_segment_of(number + 1, self.segments_per_chunk), grid.segments)
        first_frame = first * grid.frames_per_segment
        frames = min(after * grid.frames_per_segment, grid.frames) - first_frame
        even = self.picture.start + grid.seconds(first_frame)
        seek = self.seeks[number] if self.seeks else even
        return Chunk(number, first, after - first, first_frame, frames, seek)

    def position_at(self, seconds: Fraction) -> int:
        """Return the byte at which decoding may begin to reach a time of the video."""
        grid = self.asset.grid
        frame = min(int(seconds * grid.rate), grid.frames - 1)
        chunk = chunk_of(frame // grid.frames_per_segment, self.segments_per_chunk)
        return self.positions[chunk] if self.positions else 0

    def to_json(self) -> str:
        return json.dumps({"version": VERSION, **to_plain(self)}, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        plain = json.loads(text)
        if plain["version"] not in _READABLE:
            raise UnreadablePlan(f"version {plain['version']}")
        return from_plain(cls, {**plain, "asset": with_former_values(plain["asset"])})
