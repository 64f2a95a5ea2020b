"""Right times in place of those below zero."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from av.packet import Packet
from av.stream import Stream

from chalicelib.encoding.plan import BelowZero


@dataclass(slots=True)
class RightTimes:
    """Corrects the times of packets, exactly as the encode does with bitstream filters."""

    wrong: Mapping[int, BelowZero]
    _counts: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, wrong: Sequence[BelowZero]) -> Self:
        return cls({each.stream: each for each in wrong})

    def correct(self, packet: "Packet[Stream]") -> None:
        each = self.wrong.get(packet.stream_index)
        if each is None or packet.pts is None:
            return
        count = self._counts.get(each.stream, 0)
        self._counts[each.stream] = count + 1
        if (packet.pos or 0) < each.end:
            packet.pts = each.ticks + (count if each.is_counted else packet.pts)
            packet.dts = packet.pts
