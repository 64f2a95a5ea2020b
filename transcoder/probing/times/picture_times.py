"""The times of the pictures of a source, and of those without a usable time."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field

from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from transcoder.probing.damage.losses import Losses
from transcoder.probing.model import Question, require_countable
from transcoder.probing.pictures.leading import LeadingPictures
from transcoder.probing.pictures.overlaps import HEVC, OpenPictures, Overlaps
from transcoder.probing.pictures.placeholders import no_picture
from transcoder.probing.pictures.shapes import Shapes

# Of HEVC, the codec with the most.
_MOST_REORDERED = 16


@dataclass(slots=True)
class PictureTimes:
    """Collects the times of pictures in decoding order."""

    stream: VideoStream
    question: Question
    losses: Losses
    restarts: bool
    # Whether byte positions of key pictures are kept.
    keeps_keys: bool
    # Whether times are those of decoding.
    is_late: bool
    ticks: "array[int]" = field(default_factory=lambda: array("q"))
    # Duration of the latest picture, by its time.
    last_ticks: dict[int, int] = field(default_factory=dict)
    # All pictures of the file, also those without a time.
    stored: int = 0
    # Position and time of each key picture.
    keys: list[tuple[int, int]] = field(default_factory=list)
    first_key: int | None = None
    shapes: Shapes = field(init=False)
    overlaps: Overlaps = field(default_factory=Overlaps)
    # Position of the newest picture that is shown.
    newest_byte: int = 0
    # Times of hidden pictures that the decoder delivers nevertheless.
    delivered_hidden: "array[int]" = field(default_factory=lambda: array("q"))
    # How many have times that the correction of the clock rejects.
    rejected_by_clock: int = 0
    # How many have no time because they follow another one in their PES packet.
    untimed_in_packet: int = 0
    # How many come without a time before the first that has one.
    untimed_at_start: int = 0
    # Duration of the pictures that are untimed in their packet.
    packet_ticks: int = 0
    # None if the codec is another one.
    open_pictures: OpenPictures | None = field(init=False)
    # None if the codec is another one, or times show which pictures decoders drop.
    leading: LeadingPictures | None = field(init=False)
    _newest: int | None = None
    _is_none: Callable[[bytes], bool] | None = field(init=False)

    def __post_init__(self) -> None:
        self.shapes = Shapes(self.stream)
        codec = self.stream.codec_context.codec.canonical_name
        self.open_pictures = OpenPictures.of(self.stream) if codec == HEVC else None
        is_skipped = self.open_pictures and self.open_pictures.is_skipped
        self.leading = LeadingPictures.of(self.stream) if self.is_late else None
        self._is_none = is_skipped or no_picture(self.stream, self.leading)

    @property
    def has_sparse_times(self) -> bool:
        is_sparse = self.untimed_in_packet > len(self.ticks)
        return self.restarts and self.packet_ticks > 0 and is_sparse

    def see(self, packet: "Packet[Stream]", clock_shift: int | None, *, is_hidden: bool) -> None:
        self.stored += 1
        is_none = self._has_no_picture(packet)
        if self.open_pictures and self.open_pictures.dropped:
            self._drop(self.open_pictures.dropped)
        time = packet.dts if packet.pts is None else packet.pts
        if clock_shift is None or time is None:
            self.rejected_by_clock += clock_shift is None
            if not is_none:
                self._see_untimed(packet)
            return
        time += clock_shift
        self._see_key(packet, time)
        # Hidden key pictures count above: shown pictures may refer to them.
        if packet.is_discard or is_none:
            return
        if is_hidden:
            self.delivered_hidden.append(time)
            require_countable(len(self.delivered_hidden))
            return
        self.newest_byte = max(self.newest_byte, packet.pos or 0)
        decoded = packet.dts if self.restarts else None
        if decoded is None or not self.overlaps.has(decoded + clock_shift, time, self._newest):
            self._display(packet, time)

    def _has_no_picture(self, packet: "Packet[Stream]") -> bool:
        is_none = self._is_none is not None and self._is_none(bytes(packet))
        if is_none and self.open_pictures and not packet.is_discard:
            self.open_pictures.leave_out()
        return is_none

    def _drop(self, count: int) -> None:
        """Forget the pictures with the latest times."""
        newest = self.ticks[-_MOST_REORDERED - count :]
        del self.ticks[len(self.ticks) - len(newest) :]
        self.ticks.extend(sorted(newest)[:-count])

    def _see_key(self, packet: "Packet[Stream]", time: int) -> None:
        if packet.is_keyframe:
            self.first_key = time if self.first_key is None else self.first_key
            self.shapes.see(packet, time)
            if self.keeps_keys:
                self.keys.append((packet.pos or 0, time))
        if self.first_key is not None and self.open_pictures and self.open_pictures.is_whole:
            self.first_key = min(self.first_key, time)

    def _see_untimed(self, packet: "Packet[Stream]") -> None:
        is_untimed = packet.pts is None and packet.dts is None
        self.untimed_at_start += is_untimed and not self.ticks
        if is_untimed and self.first_key is not None:
            self.untimed_in_packet += 1
            self.packet_ticks = packet.duration or self.packet_ticks
            require_countable(len(self.ticks) + self.untimed_in_packet)

    def _display(self, packet: "Packet[Stream]", time: int) -> None:
        self.ticks.append(time)
        self.losses.display(packet, time)
        require_countable(len(self.ticks))
        if self._newest is None or time > self._newest:
            self._newest = time
            self.last_ticks = {time: packet.duration or 0}
        self.question.require_short((self._newest - self.ticks[0]) * packet.time_base)
