"""What a source has lost: zeros, holes, references, pages of an Ogg, scrambled gaps, samples."""

from array import array
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial

from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from transcoder.probing.damage.empty_samples import empty_samples, share_of
from transcoder.probing.damage.holes import COUNTING, Holes
from transcoder.probing.damage.missing_references import MissingReferences
from transcoder.probing.damage.ogg import LostPages
from transcoder.probing.damage.scrambled import ScrambledGaps
from transcoder.probing.damage.zeros import Zeros
from transcoder.probing.formats.h264 import HEAD_BYTES, Refreshes
from transcoder.probing.formats.ranges import content, reader_of
from transcoder.probing.model import Question

_HAS_PROGRAMS, _LISTS_PACKETS = "mpegts", "mov"


@dataclass(slots=True)
class Losses:
    """Looks for losses that no decoder reports, packet by packet."""

    stream: VideoStream
    question: Question
    # Whether packets are read where the index lists them.
    follows_index: bool
    zeros: Zeros = field(init=False)
    holes: Holes = field(init=False)
    references: MissingReferences = field(init=False)
    refreshes: Refreshes = field(init=False)
    # None unless it is an Ogg that counts time in pictures.
    pages: LostPages | None = field(init=False)
    # None unless it is a transport stream.
    scrambled: ScrambledGaps | None = None
    # Pictures that FFmpeg reads too late, because streams change.
    held_back: int = 0

    def __post_init__(self) -> None:
        context, container = self.stream.codec_context, self.stream.container.format.name
        codec, read = context.codec.canonical_name, partial(content, self.question.url)
        self.zeros = Zeros(codec)
        is_listed = container.startswith(_LISTS_PACKETS) or self.follows_index
        file = reader_of(self.question.url)
        self.holes = Holes(file, examines_gaps=not is_listed, counts=container == COUNTING)
        self.references = MissingReferences.of(codec, context.extradata or b"")
        self.refreshes = Refreshes(self.references.headers)
        self.pages = LostPages.of(container, codec, read)
        if container == _HAS_PROGRAMS:
            self.scrambled = ScrambledGaps(file, self.question.size)

    def see(self, packet: "Packet[Stream]", *, is_picture: bool) -> None:
        if self.scrambled:
            self.scrambled.see(packet)
        if not is_picture:
            return
        self.references.see(packet)
        self.refreshes.see(
            is_key=packet.is_keyframe, head=lambda: bytes(memoryview(packet)[:HEAD_BYTES])
        )
        if self.pages:
            self.pages.see(packet)

    def display(self, packet: "Packet[Stream]", time: int) -> None:
        """See the packet of a picture that is displayed at this time."""
        self.references.display(time)
        self.zeros.see(packet)
        self.holes.see_picture(packet, time, self.zeros.codec)

    @property
    def missing_seconds(self) -> Fraction:
        """Duration of the missing pages of an Ogg."""
        return (self.pages.count if self.pages else 0) * (self.stream.time_base or Fraction(0))

    def missing(self, displayed: int) -> int:
        """Pictures that an index lists without a byte, by their share of all."""
        return share_of(empty_samples(self.stream), displayed)

    def damaged(self, ticks: "array[int]") -> int:
        """Damaged pictures; those that are missing count by their share of all."""
        time_base = self.stream.time_base or Fraction(1)
        displayed = (max(ticks, default=0) - min(ticks, default=0) + 1) * time_base
        missing = self.missing_seconds
        whole = max(displayed, missing, time_base)
        in_pages = round(len(ticks) * missing / whole)
        return self.zeros.count + in_pages + self.missing(len(ticks)) + self.held_back
