"""Interlaced H.264 as broadcasters write it: each picture as two fields, in two packets.

No encoder at hand makes it, so it is written here, every block as plain pixels.
"""

from pathlib import Path

from tests.builders import clips

WIDTH, HEIGHT = 96, 64
_BLOCK, _PLAIN_BLOCK = 16, 25
_SEQUENCE, _PICTURE, _DELIMITER, _KEY_SLICE, _SLICE = 7, 8, 9, 5, 1
_KEY_EVERY = 12
_ACROSS, _DOWN = WIDTH // _BLOCK, HEIGHT // 2 // _BLOCK


class _Bits:
    def __init__(self) -> None:
        self.text: list[str] = []
        self.length = 0

    def put(self, count: int, value: int) -> None:
        self.text.append(f"{value:0{count}b}" if count else "")
        self.length += count

    def flags(self, text: str) -> None:
        self.text.append(text)
        self.length += len(text)

    def numbers(self, *values: int) -> None:
        for value in values:
            digits = (value + 1).bit_length()
            self.put(2 * digits - 1, value + 1)

    def pixels(self, data: bytes) -> None:
        self.text.extend(f"{value:08b}" for value in data)
        self.length += 8 * len(data)

    def align(self) -> None:
        self.put(-self.length % 8, 0)

    def unit(self, kind: int, *, importance: int = 3) -> bytes:
        self.put(1, 1)
        self.align()
        written = bytearray()
        for value in int("".join(self.text), 2).to_bytes(self.length // 8):
            if written[-2:] == b"\0\0" and value <= 3:
                written.append(3)
            written.append(value)
        return b"\0\0\0\1" + bytes([importance << 5 | kind]) + bytes(written)


def _headers() -> bytes:
    sequence = _Bits()
    for value in (77, 0, 21):  # Main profile, level 2.1
        sequence.put(8, value)
    # Pictures are presented in the order they are decoded in.
    sequence.numbers(0, 0, 2, 1)
    sequence.flags("0")
    sequence.numbers(_ACROSS - 1, _DOWN - 1)
    # Fields; nothing cropped; 25 pictures a second.
    sequence.flags("00" + "1" + "0" + "1" + "0000" + "1")
    sequence.put(32, 1)
    sequence.put(32, 50)
    sequence.flags("1" + "0000")
    picture = _Bits()
    picture.numbers(0, 0)
    picture.flags("00")
    picture.numbers(0, 0, 0)
    picture.flags("000")
    picture.numbers(0, 0, 0)
    picture.flags("100")
    return sequence.unit(_SEQUENCE) + picture.unit(_PICTURE)


def _field(picture: bytes, number: int, *, bottom: int) -> bytes:
    position = number % _KEY_EVERY
    is_key = position == 0 and not bottom
    bits = _Bits()
    bits.numbers(0, 7, 0)
    bits.put(4, position)
    bits.flags(f"1{bottom}")
    if is_key:
        bits.numbers(number // _KEY_EVERY % 2)
    bits.flags("00" if is_key else "0")
    bits.numbers(0, 1)
    area = WIDTH * HEIGHT
    planes = ((0, WIDTH, _BLOCK), (area, WIDTH // 2, 8), (area * 5 // 4, WIDTH // 2, 8))
    for block in range(_ACROSS * _DOWN):
        row, column = divmod(block, _ACROSS)
        bits.numbers(_PLAIN_BLOCK)
        bits.align()
        for begin, width, size in planes:
            for line in range(row * size, (row + 1) * size):
                at = begin + (2 * line + bottom) * width + column * size
                bits.pixels(picture[at : at + size])
    return bits.unit(_KEY_SLICE if is_key else _SLICE, importance=2)


def write(path: Path, frames: int) -> None:
    """Write a clip with a packet for each field."""
    delimiter = b"\0\0\0\1" + bytes([_DELIMITER, 0x10])
    stream = bytearray()
    for number in range(frames):
        picture = clips.picture(number, width=WIDTH, height=HEIGHT, phase=number)
        stream += delimiter + (_headers() if number % _KEY_EVERY == 0 else b"")
        stream += _field(picture, number, bottom=0)
        stream += delimiter + _field(picture, number, bottom=1)
    raw = ("-fflags", "+genpts", "-r", "50", "-f", "h264", "-i", "pipe:0")
    clips.ffmpeg(*raw, "-c", "copy", path, feed=[bytes(stream)])
