"""Changes of bytes: what accidents and liars do to files."""

import random
import re
import struct
from collections.abc import Callable, Sequence

from tests.media import forgeries

_SOUND_PART = b"Content-Type: audio/x-mulaw\r\nContent-Length: 4\r\n\r\n\xff\xff\xff\xff\r\n"
_TS_PACKET = 188
# Of FFmpeg's muxer.
_PICTURE_AND_SOUND = (0x100, 0x101)
_AVI_INDEX, _AVI_ENTRY, _AVI_KEY, _AVI_SOUND = b"idx1", 16, 0x10, b"01wb"
_FLV_HEADER, _FLV_TAG, _FLV_PICTURE = 13, 11, 9
_MATRICES = {
    90: (0, 1, -1, 0),
    180: (-1, 0, 0, -1),
    270: (0, -1, 1, 0),
}  # fmt: skip
_ONE, _LAST = 1 << 16, 1 << 30


def cut(share: float) -> Callable[[bytes], bytes]:
    """Keep so much of the beginning."""
    return lambda data: data[: int(len(data) * share)]


def zeroed(begin: float, end: float) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        a, b = int(len(data) * begin), int(len(data) * end)
        return data[:a] + bytes(b - a) + data[b:]

    return change


def flipped(share: float, *, begin: float = 0.1, end: float = 1) -> Callable[[bytes], bytes]:
    """Flip a bit in so many of the bytes, always the same ones."""

    def change(data: bytes) -> bytes:
        changed, dice = bytearray(data), random.Random(7)  # noqa: S311
        low, high = int(len(data) * begin), int(len(data) * end)
        for _ in range(max(1, int((high - low) * share))):
            changed[dice.randrange(low, high)] ^= 1 << dice.randrange(8)
        return bytes(changed)

    return change


def without_packets(share: float) -> Callable[[bytes], bytes]:
    """Lose so many packets of a TS, but none of its first twenty."""

    def change(data: bytes) -> bytes:
        dice = random.Random(7)  # noqa: S311
        packets = [data[at : at + _TS_PACKET] for at in range(0, len(data), _TS_PACKET)]
        kept = [p for n, p in enumerate(packets) if n < 20 or dice.random() >= share]
        return b"".join(kept)

    return change


def with_packets_twice(data: bytes) -> bytes:
    """Write each packet of a TS twice."""
    packets = (data[at : at + _TS_PACKET] for at in range(0, len(data), _TS_PACKET))
    return b"".join(packet + packet for packet in packets)


def scrambled(begin: float) -> Callable[[bytes], bytes]:
    """Encrypt picture and sound of a TS from there on, but none of its tables."""

    def change(data: bytes) -> bytes:
        changed = bytearray(data)
        first = int(len(data) * begin) // _TS_PACKET * _TS_PACKET
        for at in range(first, len(data) - _TS_PACKET + 1, _TS_PACKET):
            if int.from_bytes(data[at + 1 : at + 3]) & 0x1FFF in _PICTURE_AND_SOUND:
                end = at + _TS_PACKET
                changed[at + 3] |= 0x80
                changed[at + 4 : end] = (each ^ 0x5A for each in data[at + 4 : end])
        return bytes(changed)

    return change


def pictures_stamped_zero(data: bytes) -> bytes:
    """Set the times of all pictures of an FLV to 0."""
    changed, at = bytearray(data), _FLV_HEADER
    while at + _FLV_TAG < len(data):
        if data[at] == _FLV_PICTURE:
            changed[at + 4 : at + 8] = bytes(4)
        at += _FLV_TAG + int.from_bytes(data[at + 1 : at + 4]) + 4
    return bytes(changed)


def flagged_as_keys(data: bytes) -> bytes:
    """Have the index of an AVI call each of its pictures a key one."""
    changed, begin = bytearray(data), data.rindex(_AVI_INDEX) + 8
    for entry in range(begin, len(data) - _AVI_ENTRY + 1, _AVI_ENTRY):
        changed[entry + 4] |= _AVI_KEY
    return bytes(changed)


def sound_unmarked(data: bytes) -> bytes:
    """Have the index of an AVI not say of its sound that reading can start there."""
    changed, begin = bytearray(data), data.rindex(_AVI_INDEX) + 8
    for entry in range(begin, len(data) - _AVI_ENTRY + 1, _AVI_ENTRY):
        if data[entry : entry + 4] == _AVI_SOUND:
            changed[entry + 4] &= ~_AVI_KEY
    return bytes(changed)


def first_picture_wiped(data: bytes) -> bytes:
    """Zero the first picture of an AVI, and its header."""
    at = data.index(b"00dc", data.index(b"movi"))
    end = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")
    return data[:at] + bytes(end - at) + data[end:]


def behind(length: int) -> Callable[[bytes], bytes]:
    """Put so many bytes of something else in front."""
    return lambda data: bytes(number * 37 % 251 for number in range(length)) + data


def before(length: int) -> Callable[[bytes], bytes]:
    return lambda data: data + bytes(number * 37 % 251 for number in range(length))


def without(kind: bytes) -> Callable[[bytes], bytes]:
    """Leave a box of an MP4 out."""

    def change(data: bytes) -> bytes:
        return b"".join(
            data[begin:end]
            for each, begin, end in forgeries.boxes(data, 0, len(data))
            if each != kind
        )

    return change


def fragments_in_order(*order: int) -> Callable[[bytes], bytes]:
    """Lay the fragments of an MP4, each with its media, in another order."""

    def change(data: bytes) -> bytes:
        begins = [at for kind, at, _ in forgeries.boxes(data, 0, len(data)) if kind == b"moof"]
        ends = [*begins[1:], len(data)]
        fragments = [data[begin:end] for begin, end in zip(begins, ends, strict=True)]
        return data[: begins[0]] + b"".join(fragments[number] for number in order)

    return change


def without_composition_times(data: bytes) -> bytes:
    """Leave out the presentation times of an MP4, so that only its decode times are left."""
    return data.replace(b"ctts", b"free").replace(b"edts", b"free")


def turned(degrees: int) -> Callable[[bytes], bytes]:
    """Say that the picture of an MP4 is to be turned clockwise."""
    a, b, c, d = (value * _ONE for value in _MATRICES[degrees])
    return laid_by((a, b, 0, c, d, 0, 0, 0, _LAST))


def laid_by(matrix: Sequence[int]) -> Callable[[bytes], bytes]:
    """Write a matrix into the headers of the tracks of an MP4."""
    packed = struct.pack(">9i", *matrix)
    return _in_box(b"tkhd", lambda inside: inside[:40] + packed + inside[76:])


def clean_within(
    width: int, height: int, *, right: int = 0, down: int = 0
) -> Callable[[bytes], bytes]:
    """Say in an MP4 that so much of its picture is clean, so far from its middle."""
    clap = struct.pack(">I4s8i", 40, b"clap", width, 1, height, 1, right, 1, down, 1)

    def described(inside: bytes) -> bytes:
        if inside[12:16] != b"avc1":
            return inside
        size = int.from_bytes(inside[8:12]) + len(clap)
        return inside[:8] + struct.pack(">I", size) + inside[12:] + clap

    # What comes behind the header of the file is elsewhere then.
    return lambda data: later(len(clap), _in_box(b"stsd", described)(data))


def cropped_by(left: int, top: int, right: int, bottom: int) -> Callable[[bytes], bytes]:
    """Say in a Matroska, where it describes colours, that so much is not to be seen."""
    sides = ((0xCC, left), (0xBB, top), (0xDD, right), (0xAA, bottom))

    def change(data: bytes) -> bytes:
        at = data.index(b"\x55\xb0", data.index(b"\x16\x54\xae\x6b"))
        size = 3 + (data[at + 2] & 0x7F)
        crop = b"".join(struct.pack(">BBBB", 0x54, side, 0x81, by) for side, by in sides)
        void = b"\xec" + bytes([0x80 | size - len(crop) - 2]) + bytes(size - len(crop) - 2)
        return data[:at] + crop + void + data[at + size :]

    return change


def without_cluster(number: int) -> Callable[[bytes], bytes]:
    """Cut a cluster out of a Matroska."""

    def change(data: bytes) -> bytes:
        begins = [each.start() for each in re.finditer(rb"\x1f\x43\xb6\x75", data)]
        return data[: begins[number]] + data[begins[number + 1] :]

    return change


def led_by(kind: bytes) -> Callable[[bytes], bytes]:
    """Put a box of something else before an MP4."""
    first = struct.pack(">I4s16x", 24, kind)
    return lambda data: first + later(len(first), data)


def later(by: int, data: bytes) -> bytes:
    """Say in an MP4 whose index comes first that its media lie so many bytes later."""

    def moved(inside: bytes) -> bytes:
        offsets = struct.iter_unpack(">I", inside[8:])
        return inside[:8] + b"".join(struct.pack(">I", offset + by) for (offset,) in offsets)

    return _in_box(b"stco", moved)(data)


def sized(width: int, height: int) -> Callable[[bytes], bytes]:
    """Say in the header of a track that its picture has another size."""
    size = struct.pack(">II", width * _ONE, height * _ONE)
    return _in_box(b"tkhd", lambda inside: inside[:76] + size)


def last_lasting(seconds: int) -> Callable[[bytes], bytes]:
    """Say in the index of an MP4 that its last picture and sample last so long."""

    def change(data: bytes) -> bytes:
        scale = 0

        def of(kind: bytes, inside: bytes) -> bytes:
            nonlocal scale
            if kind == b"mdhd":
                scale = int.from_bytes(inside[12:16])
            if kind != b"stts":
                return inside
            count = int.from_bytes(inside[4:8])
            entries = [struct.unpack_from(">II", inside, 8 + 8 * n) for n in range(count)]
            entries[-1] = (entries[-1][0] - 1, entries[-1][1])
            entries.append((1, min(seconds * scale, 2**31 - 1)))
            packed = b"".join(struct.pack(">II", *each) for each in entries)
            return inside[:4] + struct.pack(">I", len(entries)) + packed

        return forgeries.rebuilt(data, of)

    return change


def slowed(times: int) -> Callable[[bytes], bytes]:
    """Let each picture of an MP4 without sound last so many times as long."""

    def lasting(inside: bytes) -> bytes:
        ticks = int.from_bytes(inside[12:16])
        return inside[:12] + struct.pack(">I", ticks * times) + inside[16:]

    return _in_box(b"stts", lasting)


def tagged(data: bytes) -> bytes:
    """Put the tag of a sound file in front."""
    return b"ID3\4\0\0\0\0\0\x0a" + bytes(10) + data


def counting(kind: bytes, count: int, *, at: int = 4) -> Callable[[bytes], bytes]:
    """Say that a table of the index has so many entries."""
    number = struct.pack(">I", count)
    return _in_box(kind, lambda inside: inside[:at] + number + inside[at + 4 :])


def scaled(scale: int) -> Callable[[bytes], bytes]:
    """Give the tracks of an MP4 another time scale."""
    number = struct.pack(">I", scale)
    return _in_box(b"mdhd", lambda inside: inside[:12] + number + inside[16:])


def edited(begin: int) -> Callable[[bytes], bytes]:
    """Let the edit lists of an MP4 begin so far into each track."""

    def inside_of(inside: bytes) -> bytes:
        at = inside.index(b"elst") + 16
        return inside[:at] + struct.pack(">i", begin) + inside[at + 4 :]

    return _in_box(b"edts", inside_of)


def _in_box(kind: bytes, change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda data: forgeries.rebuilt(
        data, lambda each, inside: change(inside) if each == kind else inside
    )


def with_sound_part(data: bytes) -> bytes:
    """A multipart stream of pictures with a part of sound behind the first picture."""
    boundary = data[: data.index(b"\n") + 1]
    second = data.index(boundary, len(boundary))
    return data[:second] + boundary + _SOUND_PART + data[second:]
