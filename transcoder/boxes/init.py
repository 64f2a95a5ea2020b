"""Facts of the single track of an init segment."""

import struct
from dataclasses import dataclass

from transcoder.boxes.box import boxes, find

_MDIA_TO_ENTRIES = ("minf", "stbl", "stsd")
_VISUAL, _SOUND = 78, 28  # bytes of a sample entry before its own boxes
_DECODER_SPECIFIC = 5


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
    entry = find(mdia, *_MDIA_TO_ENTRIES)[8:]
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
