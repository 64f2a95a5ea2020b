"""What is asked about a source, and what is found out: all that crosses between two processes."""

import json
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from typing import Any, Self

from chalicelib.encoding.plan import RIGHT, Clock, SoundTimes

RESULT = "probe.json"
TIMES = "probe.times"


@dataclass(frozen=True, slots=True)
class Question:
    address: str
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
    # What the header says; 0 if it says nothing.
    declared_rate: Fraction
    # As FFmpeg calls it; "" if the source does not say.
    matrix: str = ""
    # When the decoder showed the first one, in ticks of the source's clock, where the source says
    # only when pictures are decoded.
    first_shown: int | None = None
    # How many are shown in a second, where nothing says when; else 0.
    counted_rate: Fraction = Fraction(0)
    # Where the source gives the time of decoding as that of showing: for how many seconds pictures
    # wait for others in between, 0 if an edit list allows for that; else None.
    reordering: Fraction | None = None


@dataclass(frozen=True, slots=True)
class SoundFacts:
    stream: int
    language: str
    title: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class TextFacts:
    stream: int
    language: str
    title: str
    is_default: bool
    is_forced: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """When pictures are shown, in ticks of the source's clock, in order, each once."""

    tick: Fraction
    ticks: "array[int]"
    # How long the last one stays, if somebody says so.
    last_ticks: int = 0
    # Of each sound track; nothing where that is not known.
    sounds: tuple[SoundTimes | None, ...] = ()
    # How the source's clock was set right, and then, if reading can begin anywhere, where key
    # pictures are: first byte and time, in order.
    clock: Clock = RIGHT
    keys: tuple[tuple[int, int], ...] = ()
    # Pictures that show damage although the decoder does not tell.
    damaged: int = 0
    # Whether times rise in the order of decoding, and each picture has one.
    is_ordered: bool = True
    # By how much decoders may show pictures earlier or later, where not all have a time.
    jitter: int = 0
    # The byte behind the last packet, that of the last visible picture, and how many are not,
    # where that is known.
    end_byte: int = 0
    picture_byte: int = 0
    hidden: int = 0
    # Of these, pictures that are decoded before one that is shown, and lie behind it.
    skipped: int = 0
    # Pictures that decoders deliver before the first one that is shown, and when they begin; 0 if
    # there are none.
    early: int = 0
    earliest: int = 0
    # Pictures that are not shown because others have their times.
    overlapping: int = 0
    # From which tick on pictures have another shape: so many times as wide as high.
    shapes: tuple[tuple[int, Fraction], ...] = ()

    @property
    def start(self) -> Fraction:
        return self.ticks[0] * self.tick

    @property
    def sound_begin(self) -> Fraction | None:
        return min((each.begins for each in self.sounds if each), default=None)

    @property
    def sound_end(self) -> Fraction | None:
        return max((each.ends for each in self.sounds if each), default=None)

    def beginning(self, first: int) -> Self:
        """Where each picture is shown when a later one is decoded, of which the first is so."""
        place = bisect_left(self.ticks, first)
        if 0 < place < len(self.ticks) and self.ticks[place] == first:
            step = self.ticks[-1] - self.ticks[-2]
            after = (self.ticks[-1] + step * number for number in range(1, place + 1))
            return replace(self, ticks=array("q", (*self.ticks[place:], *after)))
        later = first - self.ticks[0]
        return replace(self, ticks=array("q", (tick + later for tick in self.ticks)))

    def lasting_until(self, end: Fraction) -> Self:
        """Where the last picture stays until then."""
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
    # By the place of each stream that pauses at its end, when that begins, in seconds.
    pauses: tuple[tuple[int, Fraction], ...] = ()

    def to_json(self) -> str:
        """Write all but the times of the pictures, of which there may be millions."""
        few = replace(self, timeline=replace(self.timeline, ticks=array("q")))
        plain = asdict(few)
        del plain["timeline"]["ticks"]
        plain["timeline"]["clock"] = self.timeline.clock.to_plain()
        return json.dumps(plain, default=str)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any], times: bytes) -> Self:
        picture, timeline = dict(plain["picture"]), dict(plain["timeline"])
        for name in ("pixel_aspect", "declared_rate", "counted_rate", "reordering"):
            picture[name] = None if picture[name] is None else Fraction(picture[name])
        ticks = array("q")
        ticks.frombytes(times)
        return cls(
            demuxer=plain["demuxer"],
            picture=PictureFacts(**picture),
            timeline=Timeline(
                Fraction(timeline["tick"]),
                ticks,
                timeline["last_ticks"],
                tuple(each and SoundTimes.from_plain(each) for each in timeline["sounds"]),
                Clock.from_plain(timeline["clock"]),
                tuple((begin, tick) for begin, tick in timeline["keys"]),
                timeline["damaged"],
                timeline["is_ordered"],
                timeline["jitter"],
                early=timeline["early"],
                overlapping=timeline["overlapping"],
                shapes=tuple((tick, Fraction(shape)) for tick, shape in timeline["shapes"]),
            ),
            sounds=tuple(SoundFacts(**each) for each in plain["sounds"]),
            texts=tuple(TextFacts(**each) for each in plain["texts"]),
            notes=tuple(plain["notes"]),
            follows_tables=plain["follows_tables"],
            pauses=tuple((stream, Fraction(begin)) for stream, begin in plain["pauses"]),
        )
