"""Holes of a file: zeros in place of packets and pictures, as in incomplete downloads."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from itertools import pairwise

from av.index import IndexEntry
from av.packet import Packet
from av.stream import Stream

from transcoder.probing.model import Hole

# Its times are the numbers of its packets.
COUNTING = "avi"
# Shorter ones are not examined, nor more of them; of others the middle, and the first zeros.
_LEAST_BYTES, _LEAST_SECONDS, MOST_HOLES = 4096, Fraction(1, 4), 1000
_EXAMINED, _LOOKED_AT_BYTES = 1024, 65_536
ZEROS = bytes(_EXAMINED)
# Headers of padding, which announce zeros, at the end of the bytes before these.
_BOX = re.compile(rb"(.{4})(?:free|skip|wide)", re.DOTALL)
_CHUNK = re.compile(rb"JUNK(.{4})", re.DOTALL)
_VOID = re.compile(rb"\xec(.{8})", re.DOTALL)
_HEADER_BYTES = 16
_EBML_BITS = 8
# All contents of these pictures may be zeros.
_UNCOMPRESSED = frozenset({
    "ayuv", "bitpacked", "r10k", "r210", "rawvideo", "v210", "v308", "v408", "v410", "y41p", "yuv4",
})  # fmt: skip
_LEAST_PICTURE_BYTES = 64
# Its pictures have one size, up to which zeros follow what is small; only their headers are not.
_PADDED = frozenset({"dnxhd"})
# Pictures come in the order of decoding.
_APART_SECONDS = Fraction(1)
# Of sources whose index lists all pictures.
_SAMPLES, _SAMPLE_BYTES = 32, 64

Range = tuple[Fraction, Fraction]


@dataclass(slots=True)
class Holes:
    """Looks for zeros between the packets and in the pictures of a source."""

    read: Callable[[int, int], bytes]
    # Where all packets are listed, the bytes between them mean nothing.
    examines_gaps: bool = True
    # Whether times count packets, so that none pass in a hole.
    counts: bool = False
    gaps: list[Hole] = field(default_factory=list)
    # Times of pictures that consist of zeros, for which the decoder complains.
    zeroed: list[Range] = field(default_factory=list)
    # The last byte that belongs to a packet, and the end of each stream in seconds.
    _byte: int = 0
    _ends: dict[int, tuple[int, Fraction]] = field(default_factory=dict)

    def see(self, packet: "Packet[Stream]", later: int) -> None:
        """Packets of all streams, with the correction of their times."""
        time = packet.dts if packet.pts is None else packet.pts
        if time is None or packet.pos is None:
            return
        begins, before = time + later, self._ends.get(packet.stream_index)
        newest, time_base = before or (0, packet.time_base)
        if self.examines_gaps and packet.pos - self._byte >= _LEAST_BYTES and self._ends:
            self._examine(begins * packet.time_base, packet.pos)
        self._byte = max(self._byte, packet.pos + packet.size)
        ends = max(newest, begins + (packet.duration or 0))
        self._ends[packet.stream_index] = ends, time_base

    def see_picture(self, packet: "Packet[Stream]", time: int, codec: str) -> None:
        if codec in _UNCOMPRESSED or packet.size < _LEAST_PICTURE_BYTES:
            return
        if not any(memoryview(packet)):
            begin = time * packet.time_base
            end = begin + (packet.duration or 0) * packet.time_base
            self.zeroed = list(merged([*self.zeroed, (begin, end)]))

    def until_the_end(self, size: int) -> Sequence[Hole]:
        """Return all holes; of the last one, no packet tells the end."""
        begin = self._zeros_after(self._byte, size) if size - self._byte >= _LEAST_BYTES else None
        if begin is None or not self._ends:
            return self.gaps
        return [*self.gaps, Hole(self._newest, self._newest, size - begin)]

    @property
    def _newest(self) -> Fraction:
        return max(ends * time_base for ends, time_base in self._ends.values())

    def _examine(self, begins: Fraction, position: int) -> None:
        missing = begins - self._newest
        if len(self.gaps) >= MOST_HOLES or (missing < _LEAST_SECONDS and not self.counts):
            return
        if self._zeros_after(self._byte, position) is None:
            return
        end = self._newest + max(missing, Fraction(0))
        self.gaps.append(Hole(self._newest, end, position - self._byte))

    def _zeros_after(self, begin: int, end: int) -> int | None:
        """Return the position of zeros that no header announces, if they begin near `begin`."""
        head, padded = self.read(begin, min(_LOOKED_AT_BYTES, end - begin)), 0
        while (at := head.find(ZEROS, padded)) >= 0:
            if (padded := announced(head, at)) <= at:
                return begin + at
        middle = (end - begin - _EXAMINED) // 2
        is_examined = middle < max(padded, len(head))
        return None if is_examined or any(self.read(begin + middle, _EXAMINED)) else begin + middle


def announced(data: bytes, at: int) -> int:
    """Return the end of the padding whose header is right before this position, or `at`."""
    begin = max(0, at - _HEADER_BYTES)
    # The length may itself end with zeros.
    header = data[begin : at + _EBML_BITS]
    ends = [at]
    ends += (begin + each.start() + int.from_bytes(each[1]) for each in _BOX.finditer(header))
    chunks = _CHUNK.finditer(header)
    ends += (begin + each.end() + int.from_bytes(each[1], "little") for each in chunks)
    for match in _VOID.finditer(header):
        length = _EBML_BITS + 1 - match[1][0].bit_length()
        if length <= _EBML_BITS:
            value = int.from_bytes(match[1][:length]) & ((1 << 7 * length) - 1)
            ends.append(begin + match.start() + 1 + length + value)
    return max(ends)


def merged(ranges: Iterable[Range]) -> Iterator[Range]:
    """Join ranges that touch or nearly do."""
    joined: Range | None = None
    for begin, end in sorted(ranges):
        if joined and begin <= joined[1] + _APART_SECONDS:
            joined = joined[0], max(end, joined[1])
            continue
        if joined:
            yield joined
        joined = begin, end
    if joined:
        yield joined


def zeroed(
    read: Callable[[int, int], bytes], entries: Sequence[IndexEntry], codec: str
) -> Iterator[tuple[int, int]]:
    """Yield first number and end of each run; shorter ones than the samples may be missed."""
    is_zero = partial(_is_zero, read, entries, codec in _PADDED)
    # Small pictures cannot be told from the zeros in others.
    samples = sorted({_largest_near(entries, number) for number in _spread(len(entries))})
    begin = 0 if is_zero(samples[0]) else None
    for before, number in pairwise(samples):
        if is_zero(number) and begin is None:
            begin = _edge(is_zero, before, number)
        elif begin is not None and not is_zero(number):
            yield begin, _edge(is_zero, before, number)
            begin = None
    if begin is not None:
        yield begin, len(entries)


def _is_zero(
    read: Callable[[int, int], bytes], entries: Sequence[IndexEntry], is_padded: bool, number: int
) -> bool:
    entry = entries[number]
    if entry.size < _SAMPLE_BYTES:
        return False
    looked_at = 0 if is_padded else (entry.size - _SAMPLE_BYTES) // 2
    return not any(read(entry.pos + looked_at, _SAMPLE_BYTES))


def _edge(is_zero: Callable[[int], bool], before: int, after: int) -> int:
    """Return the first number whose picture is like that of `after`."""
    expected = is_zero(after)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (before, middle) if is_zero(middle) == expected else (middle, after)
    return after


def _spread(count: int) -> Iterator[int]:
    last, samples = count - 1, min(count, _SAMPLES)
    yield from (number * last // max(1, samples - 1) for number in range(samples))


def _largest_near(entries: Sequence[IndexEntry], number: int) -> int:
    near = range(max(0, number - 3), min(len(entries), number + 4))
    return max(near, key=lambda each: entries[each].size)
