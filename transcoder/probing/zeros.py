"""Zeros in the data of pictures and in place of packets, as in incomplete downloads."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from av.packet import Packet
from av.stream import Stream

# The decoder of VP8 reports no damage, and valid data never has such a run of zeros.
_CODEC = "vp8"
_RUN = bytes(64)
# Smaller holes and shorter ones are not examined, nor more of them; of others the middle is.
_LEAST_BYTES, _LEAST_SECONDS, _MOST_HOLES = 4096, Fraction(1, 4), 1000
_EXAMINED = 1024


@dataclass(slots=True)
class Zeros:
    codec: str
    # These pictures, and all after them up to the next key picture.
    count: int = 0
    _is_spoiled: bool = False

    def see(self, packet: "Packet[Stream]") -> None:
        if self.codec != _CODEC:
            return
        is_refreshed = packet.is_keyframe
        self._is_spoiled = _RUN in bytes(packet) or (self._is_spoiled and not is_refreshed)
        self.count += self._is_spoiled


@dataclass(slots=True)
class Holes:
    """Adds up time in which no stream has a packet, where the file has zeros instead."""

    read: Callable[..., bytes]
    seconds: Fraction = Fraction(0)
    # The last byte that belongs to a packet, and the end of each stream in seconds.
    _byte: int = 0
    _ends: dict[int, tuple[int, Fraction]] = field(default_factory=dict)
    _count: int = 0

    def see(self, packet: "Packet[Stream]", later: int) -> None:
        """Packets of all streams, with the correction of their times."""
        time = packet.dts if packet.pts is None else packet.pts
        if time is None or packet.pos is None:
            return
        begins, (newest, _) = time + later, self._ends.get(packet.stream_index, (0, 0))
        if packet.pos - self._byte >= _LEAST_BYTES and self._ends:
            self._examine(begins * packet.time_base, packet.pos - self._byte)
        self._byte = max(self._byte, packet.pos + packet.size)
        ends = max(newest, begins + (packet.duration or 0))
        self._ends[packet.stream_index] = ends, packet.time_base

    def _examine(self, begins: Fraction, size: int) -> None:
        missing = begins - max(ends * time_base for ends, time_base in self._ends.values())
        if missing < _LEAST_SECONDS or self._count >= _MOST_HOLES:
            return
        self._count += 1
        middle = self.read(begin=self._byte + (size - _EXAMINED) // 2, count=_EXAMINED)
        self.seconds += 0 if any(middle) else missing
