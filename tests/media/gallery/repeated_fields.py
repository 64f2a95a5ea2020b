"""MPEG-2 whose pictures say which fields a television set repeats: soft telecine."""

_START, _PICTURE, _SEQUENCE, _EXTENSION, _GROUP = b"\0\0\1", 0x00, 0xB3, 0xB5, 0xB8
_OF_SEQUENCE, _OF_CODING = 1, 8
_RATE_30000_1001 = 4
# Of four pictures in display order: whether the top field is first, and whether it is repeated.
_TOP_FIRST, _REPEATED = (1, 0, 0, 1), (1, 0, 1, 0)


def telecined(data: bytes) -> bytes:
    """Show four progressive pictures in the time of five, by repeated fields."""
    changed, at = bytearray(data), data.find(_START)
    before = pictures = number = 0
    while at >= 0:
        kind = data[at + 3]
        if kind == _GROUP:
            before, pictures = before + pictures, 0
        elif kind == _SEQUENCE:
            changed[at + 7] = changed[at + 7] & 0xF0 | _RATE_30000_1001
        elif kind == _PICTURE:
            number = before + (data[at + 4] << 2 | data[at + 5] >> 6)
            pictures += 1
        elif kind == _EXTENSION and data[at + 4] >> 4 == _OF_SEQUENCE:
            # Only in sequences that may be interlaced, fields are repeated.
            changed[at + 5] &= ~0x08
        elif kind == _EXTENSION and data[at + 4] >> 4 == _OF_CODING:
            flags = _TOP_FIRST[number % 4] << 7 | _REPEATED[number % 4] << 1
            changed[at + 7] = changed[at + 7] & 0x7D | flags
            changed[at + 8] |= 0x80
        at = data.find(_START, at + 3)
    return bytes(changed)
