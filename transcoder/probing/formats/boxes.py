"""Iterate over the boxes of an MP4 in the file, each within the bounds of its parent."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

_WINDOW_BYTES, _HEADER, _LONG_HEADER = 256 * 1024, 8, 16
_TO_THE_END, _LONG = 0, 1
# Of 12 hours in fragments of a second, each with `styp`, `sidx`, `moof` and `mdat`.
_MOST_ON_TOP, _ON_TOP_BYTES = 200_000, 4096
_MOST_BOXES = 10_000
_BEYOND = 1 << 62


@dataclass(slots=True)
class ReadWindow:
    """A buffer: reads a file in blocks, however few bytes are requested."""

    read: Callable[[int, int], bytes]
    block_bytes: int = _WINDOW_BYTES
    _begin: int = 0
    _bytes: bytes = b""

    def take(self, begin: int, count: int) -> bytes:
        at = begin - self._begin
        if at < 0 or at + count > len(self._bytes):
            self._begin, self._bytes, at = begin, self.read(begin, max(count, self.block_bytes)), 0
        return self._bytes[at : at + count]


@dataclass(frozen=True, slots=True)
class Box:
    kind: bytes
    # Of its content, as positions in the file.
    begin: int
    end: int


def on_top(read: Callable[[int, int], bytes], begin: int = 0) -> Iterator[Box]:
    """Yield consecutive boxes of the file, also one that ends beyond it."""
    return boxes(ReadWindow(read, _ON_TOP_BYTES), begin, _BEYOND, most=_MOST_ON_TOP)


def is_cut(box: Box, size: int) -> bool:
    """Whether a box ends beyond a file of this size; one without a length ends with it."""
    return size < box.end < _BEYOND


def boxes(window: ReadWindow, begin: int, end: int, *, most: int = _MOST_BOXES) -> Iterator[Box]:
    for _ in range(most):
        head = window.take(begin, _LONG_HEADER) if begin < end else b""
        length, header = int.from_bytes(head[:4]), _HEADER
        if length == _LONG:
            length, header = int.from_bytes(head[_HEADER:]), _LONG_HEADER
        if length == _TO_THE_END:
            length = end - begin
        if len(head) < header or length < header:
            return
        yield Box(head[4:_HEADER], begin + header, min(end, begin + length))
        begin += length


def inside(window: ReadWindow, box: Box, *path: bytes) -> Iterator[Box]:
    """Yield the boxes with this path below a box."""
    if not path:
        yield box
        return
    for each in boxes(window, box.begin, box.end):
        if each.kind == path[0]:
            yield from inside(window, each, *path[1:])
