"""Boxes of MP4, and the facts in an init segment."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from transcoder.errors import Unreadable

HEADER = 8
_WIDE = 16
_TO_THE_END, _IS_WIDE = 0, 1
_VISUAL, _SOUND = 78, 28  # bytes of a sample entry before its own boxes
_DECODER_SPECIFIC = 5


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


@dataclass(frozen=True, slots=True)
class Init:
    timescale: int
    codecs: str
    has_edit_list: bool
    width: int = 0
    height: int = 0


def read_init(data: bytes) -> Init:
    trak = find(memoryview(data), "moov", "trak")
    mdia = find(trak, "mdia")
    mdhd = find(mdia, "mdhd")
    (timescale,) = struct.unpack_from(">20xI" if mdhd[0] else ">12xI", mdhd)
    entry = find(mdia, "minf", "stbl", "stsd")[8:]
    has_edit_list = any(kind == "edts" for kind, _ in boxes(trak))
    kind, body = next(boxes(entry))
    if kind != "avc1":
        return Init(timescale, _codecs_of_sound(body), has_edit_list)
    width, height = struct.unpack_from(">24xHH", body)
    avcc = find(body[_VISUAL:], "avcC")
    return Init(timescale, f"avc1.{avcc[1:4].hex()}", has_edit_list, width, height)


def _codecs_of_sound(entry: memoryview) -> str:
    esds = find(entry[_SOUND:], "esds")[4:]
    # Nested: ES descriptor (3 bytes), decoder configuration (13 bytes), decoder specific.
    _, at = _descriptor(esds, 0)
    kind, at = _descriptor(esds, at + 3)
    object_type = esds[at]
    kind, at = _descriptor(esds, at + 13)
    audio_object_type = esds[at] >> 3 if kind == _DECODER_SPECIFIC else 0
    return f"mp4a.{object_type:x}.{audio_object_type}"


def _descriptor(data: memoryview, at: int) -> tuple[int, int]:
    """Return the tag and the offset of its content, after a length of variable size."""
    tag, at = data[at], at + 1
    while data[at] & 0x80:
        at += 1
    return tag, at + 1
