"""The order of packets: clocks that jump, and packets that an edit list hides."""

from array import array
from dataclasses import dataclass, field
from fractions import Fraction

from av.packet import Packet
from av.stream import Stream

from chalicelib.encoding.failures import Reason
from transcoder.errors import Refused
from transcoder.probing.times.clocks import BACKWARDS_SECONDS, FORWARDS_SECONDS

_WRAPPED_SECONDS = 2**32 // 1000 // 2
_MOST_REORDERED = 4


class ClockJumps(Exception):
    """The times of the source need corrections."""


@dataclass(slots=True)
class PacketOrder:
    """Compares the decode time of each packet with the one before, stream by stream."""

    # Index of the stream with the pictures.
    picture: int
    restarts: bool
    is_corrected: bool
    # Whether packets tell how long they last, so that fragments that are apart differ from pictures
    # that last long.
    has_fragments: bool = False
    # Whether hidden pictures come in the order of their decode times.
    is_ordered: bool = True
    # End of the last packet of each stream, by its decode time and duration.
    _ends: dict[int, int] = field(default_factory=dict)
    # Decode time of the last packet of each stream, and of the last one that is hidden.
    decoded: dict[int, int] = field(default_factory=dict)
    _hidden: int | None = None
    # Of each stream, by how much times may differ in all containers.
    _usual_ticks: dict[int, int] = field(default_factory=dict)

    def hide(self, decode_time: int) -> None:
        """See a picture that an edit list hides."""
        before = self.decoded.get(self.picture) if self._hidden is None else self._hidden
        self.is_ordered = self.is_ordered and (before is None or decode_time >= before)
        self._hidden = decode_time

    def require(self, packet: "Packet[Stream]", clock_shift: int) -> None:
        """Raise an error if times jump: FFmpeg would mix the pictures before and after it."""
        if packet.dts is None:
            return
        now, self._hidden = packet.dts + clock_shift, None
        ahead_ticks = now - self.decoded.get(packet.stream_index, now)
        self.decoded[packet.stream_index] = now
        behind_ticks = now - self._ends.get(packet.stream_index, now)
        self._ends[packet.stream_index] = now + (packet.duration or 0)
        # Overlapping sound is cut later.
        if packet.stream_index != self.picture and self.is_corrected:
            return
        if self._is_usual(packet, ahead_ticks):
            return
        ahead = ahead_ticks * packet.time_base
        if ahead < -_tolerated_seconds(packet):
            if not self.is_corrected:
                raise ClockJumps
            raise Refused(Reason.CORRUPT, "Its clock jumps backwards.")
        apart = 0 if packet.pts is None else abs(packet.pts - packet.dts) * packet.time_base
        # libavformat adds 2^32 ms if the clock of an FLV starts again.
        most = FORWARDS_SECONDS if self.restarts else _WRAPPED_SECONDS
        is_apart = self.has_fragments and behind_ticks * packet.time_base > FORWARDS_SECONDS
        if is_apart and not self.is_corrected:
            raise ClockJumps
        if max(ahead, apart) > most and not self.is_corrected:
            raise ClockJumps

    def _is_usual(self, packet: "Packet[Stream]", ahead_ticks: int) -> bool:
        """Compare in ticks, as most of a million packets need no fractions."""
        usual = self._usual_ticks.get(packet.stream_index)
        if usual is None:
            usual = BACKWARDS_SECONDS // packet.time_base
            self._usual_ticks[packet.stream_index] = usual
        apart = 0 if packet.pts is None else packet.pts - (packet.dts or 0)
        return -usual <= ahead_ticks <= usual and -usual <= apart <= usual


def _tolerated_seconds(packet: "Packet[Stream]") -> Fraction:
    """By how much decode times may go back: those of pictures that last long more than others.

    libavformat derives those of Matroska, and does not know at first how pictures are reordered.
    """
    seconds = (packet.duration or 0) * packet.time_base
    is_long = seconds > FORWARDS_SECONDS
    return _MOST_REORDERED * seconds if is_long else Fraction(BACKWARDS_SECONDS)


@dataclass(slots=True)
class HiddenPictures:
    """Hidden pictures are the references of the shown ones; some come a second time."""

    count: int = 0
    # Times of those that are stored after a shown picture but decoded before it.
    skipped: "array[int]" = field(default_factory=lambda: array("q"))
    _newest_byte: int = 0

    def see(
        self, packet: "Packet[Stream]", decode_time: int, order: PacketOrder, displayed_byte: int
    ) -> None:
        position = packet.pos or 0
        # A packet that an edit list repeats is not another picture.
        is_another = position > max(self._newest_byte, displayed_byte)
        self.count += is_another
        newest = order.decoded.get(order.picture)
        if is_another and newest is not None and decode_time <= newest:
            self.skipped.append(decode_time if packet.pts is None else packet.pts)
        self._newest_byte = max(self._newest_byte, position)
        order.hide(decode_time)
