"""Pictures of H.263 that refer to others; the parser of libavformat calls each one a key one."""

CODEC = "h263"
_HEAD_BYTES = 8
# Bits of a header up to the kind of a picture; those of its version 2 that are always there, and
# those that may be; the format that announces it.
_PLAIN, _LONGER, _OPTIONAL, _VERSION_2 = 38, 3, 18, 7
_START, _START_BITS = 32, 22


def refers(packet: bytes) -> bool:
    """Whether a picture refers to others; False if this does not begin with one."""

    def bits(begin: int, count: int) -> int:
        return value >> (8 * _HEAD_BYTES - begin - count) & ((1 << count) - 1)

    value = int.from_bytes(packet[:_HEAD_BYTES].ljust(_HEAD_BYTES, b"\0"))
    if bits(0, _START_BITS) != _START:
        return False
    if bits(_PLAIN - 3, 3) != _VERSION_2:
        return bool(bits(_PLAIN, 1))
    is_whole = bits(_PLAIN, _LONGER) == 1
    return bool(bits(_PLAIN + _LONGER + (_OPTIONAL if is_whole else 0), 3))
