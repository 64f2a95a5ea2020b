"""Zeros in a stream without a container, whose times are the numbers of its pictures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from transcoder.probing.damage.holes import MOST_HOLES, ZEROS
from transcoder.probing.model import Hole

# Codecs whose streams without a container are not padded with zeros.
_UNPADDED = frozenset({"h264", "hevc"})
_DATA = re.compile(rb"[^\0]")


@dataclass(slots=True)
class CountedHoles:
    """Looks for zeros packet by packet."""

    codec: str
    rate: Fraction
    holes: list[Hole] = field(default_factory=list)

    def see(self, packet: bytes, count: int) -> None:
        """See the packet of a picture; `count` pictures have come with it."""
        if self.codec not in _UNPADDED or len(self.holes) >= MOST_HOLES:
            return
        if size := sum(_runs(packet)):
            after = Fraction(count) / self.rate
            self.holes.append(Hole(after, after, size))


def _runs(packet: bytes) -> Iterator[int]:
    """Yield the length of each run of zeros that is a hole."""
    at = packet.find(ZEROS)
    while at >= 0:
        behind = _DATA.search(packet, at)
        end = behind.start() if behind else len(packet)
        yield end - at
        at = packet.find(ZEROS, end)
