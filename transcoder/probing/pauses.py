"""Edit lists of an MP4 that end with a pause, where FFmpeg shows the beginning again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from av.packet import Packet
from av.stream import Stream


@dataclass(frozen=True, slots=True)
class Pause:
    """From when to when a stream shows nothing, in seconds."""

    begin: Fraction
    end: Fraction


@dataclass(slots=True)
class Pauses:
    """Recognises the packets that come in the pause of a stream, as FFmpeg's filter does."""

    # By the places of the streams.
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
        # What is decoded before the pause, because others need it, comes in the order of the file.
        if is_late and place < newest:
            self._begun.add(stream)
        return is_late and stream in self._begun


def held(pauses: Mapping[int, Pause], picture: int) -> list[str]:
    if picture not in pauses:
        return []
    return ["Its edit list ends with a pause, in which the last picture is held."]
