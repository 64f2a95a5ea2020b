"""Corrects the times of packets by what is known of the clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from av.packet import Packet
from av.stream import Stream

from chalicelib.encoding.plan import SourceClock
from transcoder.ffmpeg.opening import LIKE_OVERFLOW_SECONDS


@dataclass(slots=True)
class ClockCorrection:
    """Corrects the times of packets, exactly as the encode does with bitstream filters."""

    clock: SourceClock
    positions: dict[int, int] = field(default_factory=dict)

    def is_undecodable(self, picture: "Packet[Stream]") -> bool:
        return _is_within(self.clock.undecodable, self._position(picture))

    def shift(self, packet: "Packet[Stream]") -> int | None:
        """Return the shift of the packet in ticks; None if its times are wrong."""
        position = self._position(packet)
        if _is_within(self.clock.wrong, position):
            return None
        shift = before = Fraction(0)
        for begin, seconds in self.clock.shifts:
            if position >= begin:
                shift, before = seconds, shift
        shift = before if _is_before_wrap(packet, shift - before) else shift
        return round(shift / packet.time_base)

    def _position(self, packet: "Packet[Stream]") -> int:
        position = max(self.positions.get(packet.stream_index, 0), packet.pos or 0)
        self.positions[packet.stream_index] = position
        return position


def _is_before_wrap(packet: "Packet[Stream]", step: Fraction) -> bool:
    """Whether the clock of this stream has not wrapped yet, while that of another one has."""
    time = packet.dts if packet.pts is None else packet.pts
    is_like_overflow = step > LIKE_OVERFLOW_SECONDS and time is not None
    return is_like_overflow and (time or 0) * packet.time_base >= int(step / 2)


def _is_within(ranges: Iterable[tuple[int, int]], position: int) -> bool:
    return any(begin <= position < end for begin, end in ranges)
