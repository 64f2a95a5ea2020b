"""Edit lists of MP4 with a pause at the end, in which FFmpeg would repeat the start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from av.packet import Packet
from av.stream import Stream


@dataclass(frozen=True, slots=True)
class Pause:
    """An empty edit at the end of a stream, in seconds."""

    begin: Fraction
    end: Fraction


@dataclass(slots=True)
class Pauses:
    """Recognises packets in the pause of a stream, by the same rule as the encode's filter."""

    # By stream index.
    pauses: Mapping[int, Pause]
    _places: dict[int, int] = field(default_factory=dict)
    _begun: set[int] = field(default_factory=set)

    def has(self, packet: "Packet[Stream]") -> bool:
        stream, place = packet.stream_index, packet.pos or 0
        if stream not in self.pauses:
            return False
        newest = self._places.get(stream, 0)
        self._places[stream] = max(place, newest)
        is_late = (packet.pts or 0) * packet.time_base >= self.pauses[stream].begin
        # Reference pictures decoded before the pause come in file order.
        if is_late and place < newest:
            self._begun.add(stream)
        return is_late and stream in self._begun


def held(pauses: Mapping[int, Pause], picture: int) -> list[str]:
    if picture not in pauses:
        return []
    return ["Its edit list ends with a pause, in which the last picture is held."]
