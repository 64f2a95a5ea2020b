"""The plan of an encode: decided once from the content of the source, for all tasks.

Tasks compute everything else from it, so a task done twice makes the same bytes.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Self

from chalicelib.catalogue.asset import Asset, AudioTrack
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.evidence import ExpectedPictures
from chalicelib.encoding.model import Source
from chalicelib.stored import known_fields

# 2: assets that begin after a delay, which a worker of before would leave out.
# 3: pictures that are held for earlier sound or left out, and what the decoder is to deliver.
# 4: shapes that change, times of decoding alone, and pauses at the end.
VERSION = 4
_READABLE = (1, 2, 3, VERSION)


class UnreadablePlan(Exception):
    """The plan was written by a later version of the transcoder."""


@dataclass(frozen=True, slots=True)
class Clock:
    """How the times of a source are set right, by where in the file they stand."""

    # From which byte on times are moved, by how many seconds: recordings laid end to end each
    # begin to count anew.
    shifts: tuple[tuple[int, Fraction], ...] = ()
    # The first byte and the one after the last of what bears wrong times; they are not used.
    wrong: tuple[tuple[int, int], ...] = ()
    # The first byte and the one after the last of pictures before a part's first key picture:
    # they cannot be decoded, and are not given to the decoder.
    undecodable: tuple[tuple[int, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.shifts or self.wrong)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        return cls(
            shifts=tuple((begin, Fraction(seconds)) for begin, seconds in plain["shifts"]),
            wrong=tuple((begin, end) for begin, end in plain["wrong"]),
            undecodable=tuple((begin, end) for begin, end in plain.get("undecodable", ())),
        )

    def to_plain(self) -> dict[str, Any]:
        return {
            "shifts": [[begin, str(seconds)] for begin, seconds in self.shifts],
            "wrong": [list(each) for each in self.wrong],
            "undecodable": [list(each) for each in self.undecodable],
        }


RIGHT = Clock()


@dataclass(frozen=True, slots=True)
class SoundTimes:
    """When a sound track is heard, by the packets of the source and in its clock, in seconds."""

    begins: Fraction
    ends: Fraction
    # For so long in between there are no packets.
    missing: Fraction = Fraction(0)
    # From when to when: the first places. Plans of before have none.
    gaps: tuple[tuple[Fraction, Fraction], ...] = ()
    # Whether its sample rate changes on the way, so that frames do not last as long as before.
    changes_rate: bool = False
    # How many packets there are; 0 where that is not known.
    packets: int = 0

    @property
    def is_each_gap_known(self) -> bool:
        return sum(end - begin for begin, end in self.gaps) == self.missing

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        begins, ends, missing = (Fraction(plain[name]) for name in ("begins", "ends", "missing"))
        return cls(
            begins,
            ends,
            missing,
            gaps=tuple((Fraction(begin), Fraction(end)) for begin, end in plain.get("gaps", ())),
            changes_rate=plain.get("changes_rate", False),
            packets=plain.get("packets", 0),
        )

    def to_plain(self) -> dict[str, Any]:
        times = {name: str(getattr(self, name)) for name in ("begins", "ends", "missing")}
        gaps = [[str(begin), str(end)] for begin, end in self.gaps]
        counts = {"changes_rate": self.changes_rate, "packets": self.packets}
        return {**times, "gaps": gaps, **counts}


@dataclass(frozen=True, slots=True)
class Picture:
    """The video stream that was chosen, and what must be known to decode it rightly."""

    demuxer: str  # the only one that may open the source
    stream: int
    codec: str
    width: int  # as stored, before rotation and square pixels
    height: int
    start: Fraction  # the time of the source at which the video begins, in seconds
    frames: int  # how many there are in the source
    rotation: int = 0  # clockwise: 0, 90, 180, 270
    pixel_aspect: Fraction = Fraction(1)
    is_interlaced: bool = False
    # "smpte2084" or "arib-std-b67" for HDR, else whatever it is.
    transfer: str = ""
    pixel_format: str = ""
    # How its colours are told from its brightness, such as "bt709"; "" if the source is silent.
    matrix: str = ""
    # How many come in a second, where the source stores no times: they are counted from its
    # beginning, and decoding cannot begin anywhere else. 0 where it stores times.
    counted_rate: Fraction = Fraction(0)
    # Corrections of the times of the source; with them, seeking is impossible.
    clock: Clock = RIGHT
    # Number of frames for which the first picture is held before its time, because sound begins
    # before it; 0 if the video begins with its first picture.
    lead_frames: int = 0
    # Whether its times rise in the order of decoding, one for each picture; if not, as with edit
    # lists that go back, seeking is impossible.
    is_ordered: bool = True
    # Whether its tables name other streams on the way, which go on where the first ones end.
    follows_tables: bool = False
    # Where the source gives the time of decoding as that of showing: how many seconds earlier than
    # they leave the decoder pictures are shown, 0 where an edit list allows for that. None where it
    # says when pictures are shown.
    reordering: Fraction | None = None
    # From which time of the source on its pictures are so many times as wide as high, upright;
    # nothing if they all have the shape of the first one.
    shapes: tuple[tuple[Fraction, Fraction], ...] = ()
    # Of each stream of the source that pauses at its end, since when: nothing of it is shown then.
    pauses: tuple[tuple[int, Fraction], ...] = ()

    @property
    def is_bright(self) -> bool:
        """Whether it is stored in high dynamic range."""
        return self.transfer in ("smpte2084", "arib-std-b67")

    @property
    def is_searchable(self) -> bool:
        """Whether decoding can begin near a time."""
        return self.is_ordered and not (self.counted_rate or self.clock or self.pauses)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive segments that one FFmpeg process makes, of all rungs at once."""

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
    # Only where frames do not come evenly: for each chunk, the time of its first frame.
    seeks: tuple[Fraction, ...] = ()
    # Only where seeking by time is impossible: for each chunk, the byte at which decoding begins.
    positions: tuple[int, ...] = ()
    # For each sound track of the asset, its times; None where they are unknown.
    sounds: tuple[SoundTimes | None, ...] = ()
    # Sentences for the report: what was left out, corrected or guessed.
    notes: tuple[str, ...] = ()
    # None where an earlier version has planned.
    expected: ExpectedPictures | None = None
    estimated_cpu_seconds: float = 0
    estimated_dollars: float = 0

    def sound_times(self, track: AudioTrack) -> SoundTimes | None:
        """Return when a sound track is heard; nothing where that is not known."""
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
        """Return the byte at which decoding of this time of the video may begin."""
        grid = self.asset.grid
        frame = min(int(seconds * grid.rate), grid.frames - 1)
        chunk = chunk_of(frame // grid.frames_per_segment, self.segments_per_chunk)
        return self.positions[chunk] if self.positions else 0

    def to_json(self) -> str:
        plain = asdict(self)
        plain["asset"] = self.asset.to_json()
        plain["picture"]["start"] = str(self.picture.start)
        plain["picture"]["pixel_aspect"] = str(self.picture.pixel_aspect)
        plain["picture"]["counted_rate"] = str(self.picture.counted_rate)
        plain["picture"]["reordering"] = _written(self.picture.reordering)
        plain["picture"]["shapes"] = [[str(a), str(b)] for a, b in self.picture.shapes]
        plain["picture"]["pauses"] = [[stream, str(a)] for stream, a in self.picture.pauses]
        plain["picture"]["clock"] = self.picture.clock.to_plain()
        plain["seeks"] = [str(each) for each in self.seeks]
        plain["sounds"] = [each and each.to_plain() for each in self.sounds]
        return json.dumps({"version": VERSION, **plain}, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        plain = json.loads(text)
        if plain["version"] not in _READABLE:
            raise UnreadablePlan(f"version {plain['version']}")
        picture, expected = plain["picture"], plain.get("expected")
        picture["start"] = Fraction(picture["start"])
        picture["pixel_aspect"] = Fraction(picture["pixel_aspect"])
        picture["counted_rate"] = Fraction(picture.get("counted_rate", 0))
        picture["reordering"] = _read(picture.get("reordering"))
        shapes = picture.get("shapes", ())
        picture["shapes"] = tuple((Fraction(begin), Fraction(shape)) for begin, shape in shapes)
        pauses = picture.get("pauses", ())
        picture["pauses"] = tuple((stream, Fraction(begin)) for stream, begin in pauses)
        picture["clock"] = Clock.from_plain(picture["clock"]) if "clock" in picture else RIGHT
        return cls(
            video_id=VideoId(plain["video_id"]),
            revision=Revision(plain["revision"]),
            source=known_fields(Source, plain["source"]),
            picture=known_fields(Picture, picture),
            asset=Asset.from_json(plain["asset"]),
            segments_per_chunk=plain["segments_per_chunk"],
            seeks=tuple(Fraction(each) for each in plain["seeks"]),
            positions=tuple(plain.get("positions", ())),
            sounds=tuple(each and SoundTimes.from_plain(each) for each in plain.get("sounds", ())),
            notes=tuple(plain["notes"]),
            expected=ExpectedPictures.from_plain(expected) if expected else None,
            estimated_cpu_seconds=plain["estimated_cpu_seconds"],
            estimated_dollars=plain.get("estimated_dollars", 0),
        )


def _written(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _read(value: str | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def first_segment_of(chunk: int, segments_per_chunk: int) -> int:
    """Return the first segment of a chunk: chunk 0 is segment 0, the others have so many each."""
    return 0 if chunk == 0 else 1 + (chunk - 1) * segments_per_chunk


def chunk_of(segment: int, segments_per_chunk: int) -> int:
    return -(-segment // segments_per_chunk)


def chunk_count(segments: int, segments_per_chunk: int) -> int:
    return 1 + -(-(segments - 1) // segments_per_chunk)


def segments_in(chunks: frozenset[int], segments_per_chunk: int, total: int) -> int:
    """Return how many segments these chunks hold."""
    return sum(
        min(first_segment_of(number + 1, segments_per_chunk), total)
        - first_segment_of(number, segments_per_chunk)
        for number in chunks
    )


def ready_segments(done: frozenset[int], segments_per_chunk: int, total: int) -> int:
    """Return how many segments from the first one on can be played without a gap."""
    chunk = 0
    while chunk in done:
        chunk += 1
    return min(first_segment_of(chunk, segments_per_chunk), total)
