"""The question to the probing process, and the facts that it returns."""

import json
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Self

from chalicelib.encoding.failures import Reason
from chalicelib.encoding.plan import RIGHT, BelowZero, SoundTimes, SourceClock
from chalicelib.stored import from_plain, to_plain
from transcoder.errors import Refused
from transcoder.refusals import too_long
from transcoder.sandbox.memory import MOST_PICTURES

RESULT = "probe.json"
TIMES = "probe.times"

if TYPE_CHECKING:
    Ticks = array[int]
else:
    # Python 3.11 has no arrays with a type argument.
    Ticks = array


@dataclass(frozen=True, slots=True)
class Hole:
    """Bytes of a hole, and the time that has no packets there, in the source's clock."""

    begin: Fraction
    end: Fraction
    size: int


@dataclass(frozen=True, slots=True)
class Question:
    url: str
    size: int
    most_seconds: int
    most_streams: int
    long_side: int
    short_side: int

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        return cls(**json.loads(text))

    def require_short(self, seconds: Fraction) -> None:
        """Raise `Refused` if the source is longer than the limit."""
        if seconds > self.most_seconds:
            raise too_long(self.most_seconds)


def require_countable(pictures: int) -> None:
    """Raise `Refused` if these are more pictures than are counted."""
    if pictures > MOST_PICTURES:
        raise Refused(Reason.TOO_MUCH_MEMORY, "It holds more pictures than are counted.")


@dataclass(frozen=True, slots=True)
class PictureFacts:
    stream: int
    codec: str
    width: int
    height: int
    pixel_format: str
    transfer: str
    pixel_aspect: Fraction
    rotation: int
    is_interlaced: bool
    # As in the header; 0 if unknown.
    declared_rate: Fraction
    # FFmpeg's name of it; "" if unknown.
    matrix: str = ""
    # Presentation time of the first picture, in ticks, if the source stores decode times only.
    first_displayed: int | None = None
    # Pictures per second of a source without any times; otherwise 0.
    counted_rate: Fraction = Fraction(0)
    # If the source stores decode times as presentation times, or packs pictures: the reordering
    # delay in seconds, 0 if an edit list compensates for it; otherwise None.
    reordering: Fraction | None = None
    # Columns and rows that the container crops, and rows above the picture that are none of it.
    crop: tuple[int, int] = (0, 0)
    blanking: int = 0
    # Time of the first picture that is refreshed in all parts, in ticks, if that takes several.
    first_refreshed: int | None = None
    # Whether the container marks pictures as key pictures that refer to others.
    has_false_keys: bool = False
    # Whether container and codec both declare stereoscopic pictures.
    is_stereo_repeated: bool = False
    # Matrix and range ("pc") that the container declares and the pictures do not.
    container_matrix: str = ""
    container_range: str = ""


@dataclass(frozen=True, slots=True)
class SoundFacts:
    stream: int
    language: str
    title: str
    is_default: bool
    is_for_some: bool = False


@dataclass(frozen=True, slots=True)
class TextFacts:
    stream: int
    language: str
    title: str
    is_default: bool
    is_forced: bool
    codec: str = ""
    is_for_some: bool = False
    is_for_deaf: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """Size and pixel aspect ratio of the pictures from a tick on."""

    since: int
    width: int
    height: int
    pixel_aspect: Fraction

    @property
    def aspect(self) -> Fraction:
        """The display aspect ratio, before rotation."""
        return self.width * self.pixel_aspect / self.height

    @property
    def pixels(self) -> int:
        return self.width * self.height


@dataclass(frozen=True, slots=True)
class Timeline:
    """Presentation times of all pictures, in ticks of the source's clock, ordered and unique."""

    tick: Fraction
    ticks: Ticks
    # Duration of the last picture; 0 if unknown.
    last_ticks: int = 0
    # One per audio track; None if unknown.
    sounds: tuple[SoundTimes | None, ...] = ()
    # Corrections of the source's clock; with them, if reading can start at any byte, position and
    # time of each key picture, in order.
    clock: SourceClock = RIGHT
    keys: tuple[tuple[int, int], ...] = ()
    # Damaged pictures that the decoder does not report.
    damaged: int = 0
    # Pictures that are not in the file, as damaged ones.
    missing: int = 0
    # Whether each picture has a time, and decode times never decrease.
    is_ordered: bool = True
    # Tolerance for the times of decoded pictures, if not every picture has a stored time.
    jitter: int = 0
    # The bytes after the last packet and of the last shown picture, and the number of pictures that
    # are hidden, if known.
    end_byte: int = 0
    picture_byte: int = 0
    hidden: int = 0
    # Of the hidden pictures, those stored after a shown picture but decoded before it, unless a
    # shown picture has the same time.
    skipped: int = 0
    # Pictures of fragments that come a second time.
    repeated: int = 0
    # Most pictures that the decoder delivers before the first shown one, and the earliest time of
    # one that an edit list hides; 0 without any.
    early: int = 0
    earliest: int = 0
    # Earliest tick of all pictures, if some before the first key picture are left out.
    first_stored: int | None = None
    # Pictures that are not shown because others have the same times.
    overlapping: int = 0
    # The first shape and each change of it, in order; empty if it is not known.
    shapes: tuple[Shape, ...] = ()
    # How many pictures earlier decoding must begin, if key pictures are refreshed part by part.
    refresh: int = 0
    # First and last tick of each run of pictures that may refer to missing ones.
    suspect: tuple[tuple[int, int], ...] = ()
    # For each stream of a transport stream, by PID: the share of the file in scrambled gaps of it.
    scrambled: tuple[tuple[int, Fraction], ...] = ()
    # Zeros in place of packets, before it is known what they take.
    holes: tuple[Hole, ...] = ()
    # Begin and end of each stretch of zeros, in the source's clock.
    zeros: tuple[tuple[Fraction, Fraction], ...] = ()
    # Seconds of pictures that the file declares behind its end.
    cut_off: Fraction = Fraction(0)
    # Whether packets are read where the index lists them, because fewer come in file order.
    follows_index: bool = False
    below_zero: tuple[BelowZero, ...] = ()

    @property
    def start(self) -> Fraction:
        return self.ticks[0] * self.tick

    @property
    def pictures_end(self) -> Fraction:
        return (self.ticks[-1] + self.last_ticks) * self.tick

    @property
    def end(self) -> Fraction:
        """The end of the last picture or sound."""
        return max([self.pictures_end, *(each.ends for each in self.sounds if each)])

    @property
    def sound_begin(self) -> Fraction | None:
        return min((each.begins for each in self.sounds if each), default=None)

    @property
    def sound_end(self) -> Fraction | None:
        return max((each.ends for each in self.sounds if each), default=None)

    def beginning(self, first: int) -> Self:
        """The timeline shifted to presentation times, of which `first` is the first one."""
        if self.first_stored is not None:
            first += self.ticks[0] - self.first_stored
        index = bisect_left(self.ticks, first)
        if 0 < index < len(self.ticks) and self.ticks[index] == first:
            step = self.ticks[-1] - self.ticks[-2]
            after = (self.ticks[-1] + step * number for number in range(1, index + 1))
            return replace(self, ticks=array("q", (*self.ticks[index:], *after)))
        later = first - self.ticks[0]
        return replace(self, ticks=array("q", (tick + later for tick in self.ticks)))

    def earlier(self, seconds: Fraction | int) -> Self:
        by = round(seconds / self.tick)
        return replace(self, ticks=array("q", (tick - by for tick in self.ticks))) if by else self

    def lasting_until(self, end: Fraction) -> Self:
        """The timeline with a last picture that lasts until `end`."""
        return replace(self, last_ticks=round(end / self.tick) - self.ticks[-1])


@dataclass(frozen=True, slots=True)
class Facts:
    demuxer: str
    picture: PictureFacts
    timeline: Timeline
    sounds: tuple[SoundFacts, ...] = ()
    texts: tuple[TextFacts, ...] = ()
    notes: tuple[str, ...] = field(default=())
    follows_tables: bool = False
    is_sound_encrypted: bool = False
    # Whether there is sound, and none of it can be kept.
    is_sound_lost: bool = False
    # For each stream with a pause at its end: index, and begin of the pause in seconds.
    pauses: tuple[tuple[int, Fraction], ...] = ()
    # First byte and end of the part of the source with the video; an end of 0 is that of the
    # source.
    excerpt: tuple[int, int] = (0, 0)

    def to_json(self) -> str:
        """Without picture times, of which there may be millions."""
        plain = to_plain(self)
        del plain["timeline"]["ticks"]
        return json.dumps(plain)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any], times: bytes) -> Self:
        ticks = array("q")
        ticks.frombytes(times)
        return from_plain(cls, {**plain, "timeline": {**plain["timeline"], "ticks": ticks}})
