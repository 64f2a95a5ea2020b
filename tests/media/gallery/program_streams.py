"""Program streams of recorders that write no times, and pictures that repeat fields."""

from itertools import cycle

_PES, _FIXED, _FLAGS_AT, _LENGTH_AT, _TIME_FLAGS = b"\0\0\1\xe0", 0x80, 7, 8, 0xC0
_EXTENSION, _OF_SEQUENCE, _OF_PICTURE = b"\0\0\1\xb5", 1, 8
_PROGRESSIVE_SEQUENCE, _TOP_FIRST, _REPEATS, _PROGRESSIVE = 0x08, 0x80, 0x02, 0x80
# Of two pictures one lasts three fields, so that the other field comes first in the next.
_PULL_DOWN = ((True, True), (False, False), (False, True), (True, False))


def without_picture_times(data: bytes) -> bytes:
    """Fill the times of all pictures of an MPEG-2 program stream with stuffing."""
    changed, at = bytearray(data), data.find(_PES)
    while at >= 0:
        if data[at + 6] & 0xC0 == _FIXED and data[at + _FLAGS_AT] & _TIME_FLAGS:
            begin, length = at + _LENGTH_AT + 1, data[at + _LENGTH_AT]
            changed[at + _FLAGS_AT] = 0
            changed[begin : begin + length] = b"\xff" * length
        at = data.find(_PES, at + 1)
    return bytes(changed)


def with_repeated_fields(data: bytes) -> bytes:
    """Have every other picture of a bare MPEG-2 last three fields, as film of a station does."""
    changed, fields, at = bytearray(data), cycle(_PULL_DOWN), data.find(_EXTENSION)
    while at >= 0:
        begin = at + len(_EXTENSION)
        kind = data[begin] >> 4
        if kind == _OF_SEQUENCE:
            changed[begin + 1] &= ~_PROGRESSIVE_SEQUENCE
        elif kind == _OF_PICTURE:
            is_top_first, repeats = next(fields)
            flags = data[begin + 3] & ~(_TOP_FIRST | _REPEATS)
            changed[begin + 3] = flags | _TOP_FIRST * is_top_first | _REPEATS * repeats
            changed[begin + 4] |= _PROGRESSIVE
        at = data.find(_EXTENSION, begin)
    return bytes(changed)
