"""Pictures whose data is in part nothing but zeros, as a broken download leaves them."""

from dataclasses import dataclass

from av.packet import Packet
from av.stream import Stream

# Its decoder shows whatever it is given, and what it is given never holds so many in a row.
_CODEC = "vp8"
_RUN = bytes(64)


@dataclass(slots=True)
class Zeros:
    codec: str
    # Such pictures, and all up to the next key picture, which refer to them.
    count: int = 0
    _is_spoiled: bool = False

    def see(self, packet: "Packet[Stream]") -> None:
        if self.codec != _CODEC:
            return
        is_refreshed = packet.is_keyframe
        self._is_spoiled = _RUN in bytes(packet) or (self._is_spoiled and not is_refreshed)
        self.count += self._is_spoiled
