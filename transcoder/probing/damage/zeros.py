"""Zeros in the data of pictures that the decoder does not report."""

from dataclasses import dataclass

from av.packet import Packet
from av.stream import Stream

# The decoder of VP8 reports no damage, and valid data never has such a run of zeros.
_CODEC = "vp8"
_RUN = bytes(64)


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
