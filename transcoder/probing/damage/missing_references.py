"""Pictures of H.264 that refer to missing ones, by the gaps between their frame numbers."""

from dataclasses import dataclass, field, replace
from typing import Self

from av.packet import Packet
from av.stream import Stream

from transcoder.probing.formats.h264 import HEAD_BYTES, Headers, Slice

# With more gaps per picture, the encoder numbers in another way.
_MOST_GAPS = 0.25


@dataclass(slots=True)
class MissingReferences:
    """Reads packet by packet, in decoding order."""

    # None if the codec is another one.
    headers: Headers | None
    _runs: list[tuple[int, int]] = field(default_factory=list)
    # The picture before, and the number of the newest reference picture.
    _before: Slice | None = None
    _number: int = 0
    _is_after_key: bool = False
    _is_missing: bool = False
    _is_run: bool = False
    _pictures: int = 0
    _gaps: int = 0

    @classmethod
    def of(cls, codec: str, description: bytes) -> Self:
        return cls(Headers.of(description) if codec == "h264" else None)

    def see(self, packet: "Packet[Stream]") -> None:
        if self.headers is None:
            return
        data = bytes(memoryview(packet)[:HEAD_BYTES])
        if packet.is_keyframe and (sequence := self.headers.sequence_in(data)):
            self.headers = replace(self.headers, sequence=sequence)
        current = self.headers.first_slice(data)
        is_gap = current is not None and not packet.is_keyframe and self._is_gap(current)
        if current is not None and (current.is_reference or self._before is None):
            self._number = current.number
        self._before, self._is_after_key = current, packet.is_keyframe
        self._pictures, self._gaps = self._pictures + 1, self._gaps + is_gap
        self._is_missing = is_gap or (self._is_missing and not packet.is_keyframe)
        self._is_run = self._is_run and self._is_missing

    def display(self, time: int) -> None:
        """Note the time of the last picture seen."""
        if not self._is_missing:
            return
        first, last = self._runs.pop() if self._is_run else (time, time)
        self._runs.append((min(first, time), max(last, time)))
        self._is_run = True

    @property
    def runs(self) -> tuple[tuple[int, int], ...]:
        """First and last time of each run of pictures that may refer to a missing one."""
        return () if self._gaps > _MOST_GAPS * self._pictures else tuple(self._runs)

    def _is_gap(self, current: Slice) -> bool:
        before, headers = self._before, self.headers
        if before is None or headers is None or headers.sequence.may_skip:
            return False
        following = (self._number + 1) % (1 << headers.sequence.number_bits)
        # A key picture may restart the numbers.
        allowed = {following, *(0, 1) * self._is_after_key}
        is_next = current.is_reference and before.is_reference and current.field is None
        return current.number not in (allowed if is_next else {*allowed, self._number})
