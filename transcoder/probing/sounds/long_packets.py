"""Packets of sound that claim to last until the next one, across a pause."""

from dataclasses import dataclass
from fractions import Fraction

# Packets last less; one of uncompressed sound may last longer, and is as large.
_LONG_SECONDS, _TIMES = Fraction(1), 4
# Packets of these codecs are one frame, of 0.128 s at most.
_OF_ONE_FRAME, _LONG_FRAME_SECONDS = frozenset({"aac", "opus"}), Fraction(3, 20)


@dataclass(slots=True)
class LongPackets:
    """Of one track, what its packets last, in ticks of its clock."""

    tick: Fraction
    codec: str
    _ticks: int = 0
    _bytes: int = 0

    def lasting(self, ticks: int, size: int) -> int:
        """Return what a packet lasts: what the one before does, if it claims far more."""
        most = _LONG_FRAME_SECONDS if self.codec in _OF_ONE_FRAME else _LONG_SECONDS
        is_long = 0 < self._ticks * _TIMES < ticks and ticks * self.tick > most
        if is_long and size < self._bytes * _TIMES:
            return self._ticks
        # A packet of silence is small.
        self._ticks, self._bytes = ticks, max(self._bytes, size)
        return ticks
