"""Boxes of ISO base media files (ISO/IEC 14496-12)."""

import struct
from collections.abc import Iterator

from transcoder.errors import Unreadable

HEADER = 8
_WIDE = 16
_TO_THE_END, _IS_WIDE = 0, 1


def boxes(data: memoryview) -> Iterator[tuple[str, memoryview]]:
    """Yield kind and body of each box; raise `Unreadable` if the last one is cut off."""
    while data:
        kind, begin, size = header(data)
        if size > len(data):
            raise Unreadable(f"{kind} is cut off")
        yield kind, data[begin:size]
        data = data[size:]


def header(data: memoryview) -> tuple[str, int, int]:
    """Return the kind, the offset of the body, and the size including the header."""
    if len(data) < HEADER:
        raise Unreadable("a box is cut off")
    size, kind = struct.unpack_from(">I4s", data)
    begin = HEADER
    if size == _IS_WIDE and len(data) >= _WIDE:
        (size,) = struct.unpack_from(">Q", data, HEADER)
        begin = _WIDE
    size = len(data) if size == _TO_THE_END else size
    if size < begin:
        raise Unreadable("a box is smaller than its header")
    return kind.decode("latin-1"), begin, size


def find(data: memoryview, *path: str) -> memoryview:
    """Return the body of the first box at this path of kinds; raise `Unreadable`."""
    for name in path:
        data = next((body for kind, body in boxes(data) if kind == name), memoryview(b""))
        if not data:
            raise Unreadable(f"{name} is missing")
    return data
