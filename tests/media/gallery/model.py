"""What an entry of the gallery is: a file, how it is made, and what it should become."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

from chalicelib.encoding.failures import Reason


class Family(StrEnum):
    CONTAINERS = "containers"
    CODECS = "codecs"
    AUDIO = "audio"
    TIME = "time"
    PICTURE = "picture"
    DAMAGE = "damage"
    LIES = "lies"


@dataclass(frozen=True, slots=True)
class Master:
    """Pictures that show their numbers, and a tone in every second."""

    rate: Fraction = Fraction(25)
    frames: int = 75
    width: int = 192
    height: int = 112
    channels: str = "stereo"
    # Seconds of sound; None is as long as the picture, 0 is none at all.
    sound: Fraction | None = None
    # Two fields a picture, which bear the same number.
    has_fields: bool = False

    @property
    def seconds(self) -> Fraction:
        return self.frames / self.rate

    @property
    def sound_seconds(self) -> Fraction:
        return self.seconds if self.sound is None else self.sound

    @property
    def beeps(self) -> tuple[float, ...]:
        return tuple(map(float, range(-(-self.sound_seconds // 1))))


PLAIN = Master()


@dataclass(frozen=True, slots=True)
class Video:
    """The source is published, and this is seen and heard."""

    seconds: Fraction
    # None if any will do.
    rate: Fraction | None
    # What the pictures show one after the other, repetitions left out; None if that is not fixed.
    numbers: tuple[int, ...] | None
    # When tones begin, in every track; None if only the independent decoder knows.
    beeps: tuple[float, ...] | None
    tracks: int
    # Parts of sentences that the report must hold.
    notes: tuple[str, ...] = ()
    # By how many seconds tones may be early or late: codecs put silence in front of sound, where
    # the file does not say so.
    most_apart: float = 0.1
    # How much longer or shorter it may be.
    tolerance: Fraction = Fraction(1, 20)
    # By how much of 255 a channel may differ from an independent decoding, in the mean.
    most_different: int = 6
    # Whether its shape is the one that is written.
    has_shape: bool = True
    # Whether the pitch of tones is kept.
    has_pitch: bool = True
    # Whether the independent decoder knows when pictures and tones come.
    is_judged: bool = True
    # Pictures may be wrong, as far as the report says so.
    is_damaged: bool = False
    # It begins with the sound, before there is a picture.
    begins_with_sound: bool = False
    # How much the independent decoder shows of what an edit list hides at the beginning.
    hidden: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The source is refused, for one of these reasons."""

    reasons: tuple[Reason, ...]
    # What must be said of it; empty if anything may be said.
    detail: str = ""
    # Why it is refused although others decode it; empty if none can.
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    family: Family
    name: str
    what: str
    suffix: str
    becomes: Video | Refusal
    # Options of FFmpeg behind its first input; further inputs may be among them.
    options: str = ""
    # Options before its first input.
    before: str = ""
    master: Master = PLAIN
    # Another entry that is the input instead of the master.
    source: str = ""
    # Other entries that are laid end to end instead.
    parts: tuple[str, ...] = ()
    content: bytes = field(default=b"", repr=False)
    # What writes the file by itself.
    write: Callable[[Path], None] | None = None
    # What is done to the bytes in the end.
    change: Callable[[bytes], bytes] | None = None
    # The finding it belongs to, such as "41a".
    finding: str = ""
    # Left to `make gallery`.
    is_slow: bool = False
    # Which streams of the file an independent decoder is to look at.
    video: int = 0
    audio: int = 0
    # By which of its decoders; "" is the first it has.
    decoder: str = ""

    @property
    def cost(self) -> float:
        """Roughly how much there is to encode."""
        master = self.master
        return master.width * master.height * master.frames * max(1, len(self.parts))
