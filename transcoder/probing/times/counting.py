"""Picture times of a source that stores none: its pictures are counted."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from chalicelib.encoding.failures import Reason
from transcoder.errors import Refused
from transcoder.probing.damage.counted_holes import CountedHoles
from transcoder.probing.damage.missing_references import MissingReferences
from transcoder.probing.files.excerpts import INCOMPLETE
from transcoder.probing.files.opening import packets
from transcoder.probing.formats import h263
from transcoder.probing.model import Question, Timeline, require_countable
from transcoder.probing.pictures.leading import LeadingPictures
from transcoder.probing.pictures.overlaps import HEVC, OpenPictures, omissions
from transcoder.probing.pictures.placeholders import no_picture
from transcoder.probing.pictures.shapes import Shapes
from transcoder.probing.times.all_packets import suspect_runs

# The headers of a picture may follow the last one.
_ENDS_LIKE_DAMAGE = "mpjpeg"


@dataclass(slots=True)
class _Counting:
    """Counts the packets of which a decoder makes a picture each."""

    stream: VideoStream
    rate: Fraction
    count: int = 0
    # Number of the first key picture.
    first_key: int | None = None
    shapes: Shapes = field(init=False)
    references: MissingReferences = field(init=False)
    holes: CountedHoles = field(init=False)
    # None if the codec is another one.
    open_pictures: OpenPictures | None = field(init=False)
    leading: LeadingPictures | None = field(init=False)
    _is_begun: bool = field(init=False)
    _is_none: Callable[[bytes], bool] | None = field(init=False)

    def __post_init__(self) -> None:
        context = self.stream.codec_context
        codec = context.codec.canonical_name
        self.shapes, self.holes = Shapes(self.stream), CountedHoles(codec, self.rate)
        self.references = MissingReferences.of(codec, context.extradata or b"")
        self.open_pictures = OpenPictures.of(self.stream) if codec == HEVC else None
        is_skipped = self.open_pictures and self.open_pictures.is_skipped
        self.leading = LeadingPictures.of(self.stream)
        self._is_none = is_skipped or no_picture(self.stream, self.leading)
        # Decoders of H.263 do not wait for a key picture.
        self._is_begun = codec == h263.CODEC

    def see(self, packet: "Packet[Stream]") -> None:
        self.references.see(packet)
        self._is_begun = self._is_begun or packet.is_keyframe
        if not self._is_begun:
            return
        data = bytes(packet)
        is_none = self._is_none is not None and self._is_none(data)
        if self.open_pictures:
            self.count -= self.open_pictures.dropped
        if not is_none:
            self._see_picture(packet, data)
        elif self.open_pictures:
            self.open_pictures.leave_out()

    def _see_picture(self, packet: "Packet[Stream]", data: bytes) -> None:
        self.references.display(self.count)
        if packet.is_keyframe:
            self.first_key = self.count if self.first_key is None else self.first_key
            self.shapes.see(packet, self.count)
        self.count += 1
        self.holes.see(data, self.count)
        require_countable(self.count)


def from_count(
    container: InputContainer, stream: VideoStream, rate: Fraction, question: Question
) -> tuple[Timeline, list[str]]:
    """Count the pictures from the first key picture on; of H.263 all, if there is none."""
    counting, notes = _Counting(stream, rate), list[str]()
    try:
        for packet in packets(container, [stream]):
            counting.see(packet)
            question.require_short(counting.count / rate)
    except (av.InvalidDataError, av.EOFError):
        if container.format.name != _ENDS_LIKE_DAMAGE:
            notes.append(INCOMPLETE)
    if not counting.count:
        raise Refused(Reason.NO_FRAMES)
    first_key = counting.first_key
    first = first_key or 0
    ticks = array("q", range(first, counting.count))
    timeline = Timeline(
        tick=1 / rate,
        ticks=ticks,
        last_ticks=1,
        early=first,
        shapes=tuple(counting.shapes.changes),
        suspect=suspect_runs(counting.references, stream, first_key, ticks),
        holes=tuple(counting.holes.holes),
    )
    undecodable = first + (counting.leading.count if counting.leading else 0)
    left_out = omissions(len(ticks), undecodable, overlapping=0, skipped=counting.open_pictures)
    return timeline, [*notes, *left_out]
