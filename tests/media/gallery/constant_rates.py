"""AVI whose header declares a constant bit rate for sound that has another one."""

import struct
from collections.abc import Callable

_SOUND, _FORMAT, _HEAD_BYTES = b"auds", b"strf", 8
# In the header of a stream, after its kind: scale and rate of its clock, and the size of a sample.
_CLOCK_AT, _SAMPLE_AT = 20, 44
# In the format of a sound: bytes a second, and those of which a packet has a multiple.
_RATE_AT, _MULTIPLE_AT = 8, 12


def declared_constant(bytes_a_second: int) -> Callable[[bytes], bytes]:
    """Have the header count bytes, so many a second, as old capture programs do."""

    def change(data: bytes) -> bytes:
        changed, header = bytearray(data), data.index(_SOUND)
        described = data.index(_FORMAT, header) + _HEAD_BYTES
        struct.pack_into("<2I", changed, header + _CLOCK_AT, 1, bytes_a_second)
        struct.pack_into("<I", changed, header + _SAMPLE_AT, 1)
        struct.pack_into("<I", changed, described + _RATE_AT, bytes_a_second)
        struct.pack_into("<H", changed, described + _MULTIPLE_AT, 1)
        return bytes(changed)

    return change
