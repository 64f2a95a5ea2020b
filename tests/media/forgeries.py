"""Files that lie: headers that promise what is not there, and references to foreign files."""

import random
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

PICTURE_CODEC = b"V_MPEG4/ISO/AVC"
_PARENTS = (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl")
_AVI_PICTURE, _AVI_SOUND = b"00dc", b"01wb"
_PICTURE_BEGINS, _B_PICTURE = b"\0\0\1\xb6", 2
_USER_DATA, _OF_DIVX = rb"(\x00\x00\x01\xb2)[^\x00]*", rb"\g<1>DivX503b1393p"
_DEFAULT_DURATION, _MATROSKA_DURATION = b"\x23\xe3\x83\x84", b"\x44\x89\x88"


def playlist(url: str) -> bytes:
    return f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{url}\n#EXT-X-ENDLIST\n".encode()


def concat_script(url: str) -> bytes:
    return f"ffconcat version 1.0\nfile '{url}'\n".encode()


def session_description(port: int) -> bytes:
    return f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=video {port} RTP/AVP 96\n".encode()


def boxes(data: bytes, begin: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield type, start and end of each box."""
    while begin + 8 <= end:
        size = int.from_bytes(data[begin : begin + 4])
        yield data[begin + 4 : begin + 8], begin, begin + size
        begin += size


def rebuilt(data: bytes, change: Callable[[bytes, bytes], bytes]) -> bytes:
    """Let `change` replace the contents of any box, and set all sizes right."""
    made = bytearray()
    for kind, begin, end in boxes(data, 0, len(data)):
        inside = data[begin + 8 : end]
        inside = rebuilt(inside, change) if kind in _PARENTS else change(kind, inside)
        made += struct.pack(">I4s", len(inside) + 8, kind) + inside
    return bytes(made)


def lasting(mp4: bytes, seconds: int) -> bytes:
    """Promise so many seconds in the headers of the file and of its tracks."""

    def change(kind: bytes, inside: bytes) -> bytes:
        if kind not in (b"mvhd", b"mdhd"):
            return inside
        scale = int.from_bytes(inside[12:16])
        promised = min(seconds * scale, 2**32 - 2)
        return inside[:16] + promised.to_bytes(4) + inside[20:]

    return rebuilt(mp4, change)


def claiming_a_minute(matroska: bytes) -> bytes:
    """Claim it in the header alone, without the tags of tracks."""
    at = matroska.index(_MATROSKA_DURATION) + len(_MATROSKA_DURATION)
    claimed = matroska[:at] + struct.pack(">d", 60_000) + matroska[at + 8 :]
    return claimed.replace(b"DURATION", b"LANGUAGE")


def naming_another_file(mov: bytes) -> bytes:
    """Have each track name another file, although its media are in this one."""
    name = b"file:///Card/CLIP.MOV\0"
    entry = struct.pack(">I4sI", len(name) + 12, b"url ", 0) + name
    reference = struct.pack(">II", 0, 1) + entry
    return rebuilt(mov, lambda kind, inside: reference if kind == b"dref" else inside)


def referring(mov: bytes, target: Path) -> bytes:
    """Say that the media lie in another file, as QuickTime reference movies do."""
    path = str(target).encode()
    path += b"\0" * (len(path) % 2)
    fixed = b"\0" * 10 + b"\x01/" + b"\0" * 26 + b"\0" * 12 + b"\x01x" + b"\0" * 62 + b"\0" * 16
    alias = fixed + struct.pack(">hh", 1, 1) + b"\0" * 16
    alias += struct.pack(">hH", 2, len(path)) + path + struct.pack(">hH", -1, 0)
    entry = struct.pack(">I4sI", len(alias) + 12, b"alis", 0) + alias
    reference = struct.pack(">II", 0, 1) + entry

    def change(kind: bytes, inside: bytes) -> bytes:
        if kind == b"mdat":
            return b"\0" * len(inside)
        return reference if kind == b"dref" else inside

    return rebuilt(mov, change)


def with_packed_header(mp4: bytes, *, unpacked: int) -> bytes:
    """Compress the header as old QuickTime did, with so many bytes of nothing behind it."""
    made = bytearray()
    for kind, begin, end in boxes(mp4, 0, len(mp4)):
        if kind != b"moov":
            made += mp4[begin:end]
            continue
        packer = zlib.compressobj(9)
        padding = unpacked - (end - begin)
        packed = packer.compress(mp4[begin:end])
        packed += packer.compress(struct.pack(">I4s", padding, b"free") + bytes(padding - 8))
        packed += packer.flush()
        packed = struct.pack(">I4sI", len(packed) + 12, b"cmvd", unpacked) + packed
        method = struct.pack(">I4s4s", 12, b"dcom", b"zlib")
        inside = struct.pack(">I4s", len(method + packed) + 8, b"cmov") + method + packed
        made += struct.pack(">I4s", len(inside) + 8, b"moov") + inside
    return bytes(made)


def with_samples(mp4: bytes, count: int) -> bytes:
    """Claim so many pictures and pieces of sound, all in one place and all of one byte."""
    said = {
        b"stts": struct.pack(">IIII", 0, 1, count, 1),
        b"stsz": struct.pack(">III", 0, 1, count),
        b"stsc": struct.pack(">IIIII", 0, 1, 1, count, 1),
        b"stco": struct.pack(">III", 0, 1, 48),
    }

    return rebuilt(mp4, said.get)


def without_edit_lists(mp4: bytes) -> bytes:
    """Leave everything in its place."""
    return rebuilt(
        mp4, lambda kind, inside: inside.replace(b"elst", b"free") if kind == b"edts" else inside
    )


def without_media(mov: bytes) -> bytes:
    return rebuilt(mov, lambda kind, inside: b"\0" * len(inside) if kind == b"mdat" else inside)


def header_only(fragmented_mp4: bytes) -> bytes:
    return next(
        fragmented_mp4[:begin]
        for kind, begin, _ in boxes(fragmented_mp4, 0, len(fragmented_mp4))
        if kind == b"moof"
    )


def with_frames_lasting(matroska: bytes, nanoseconds: int) -> bytes:
    at = matroska.index(_DEFAULT_DURATION) + len(_DEFAULT_DURATION)
    return matroska[:at] + nanoseconds.to_bytes(4) + matroska[at + 4 :]


def with_avi_rate(avi: bytes, frames_per_second: int) -> bytes:
    at = avi.index(b"vids") + 20
    return avi[:at] + struct.pack("<II", 1, frames_per_second) + avi[at + 8 :]


def with_pictures_not_coded(avi: bytes, *, one_in: int) -> bytes:
    """Let the last picture of so many repeat the one before, as slow recorders do."""
    start = b"\0\0\1\xb6"
    chunks = avi.split(b"00dc")
    pictures = [number for number, chunk in enumerate(chunks) if start in chunk]
    for number in pictures[one_in - 1 :: one_in]:
        chunk = chunks[number]
        at = chunk.index(start)
        # Kind, whole seconds, marker, five bits of time, marker; then "not coded".
        bits = f"{int.from_bytes(chunk[at + 4 : at + 8]):032b}"
        end = bits.index("0", 2) + 8
        kept = (bits[:end] + "00").ljust(16, "1")
        short = start + int(kept, 2).to_bytes(2)
        junk = len(chunk) - 4 - len(short) - 8
        chunks[number] = struct.pack("<I", len(short)) + short + b"JUNK" + struct.pack("<I", junk)
        chunks[number] += bytes(junk)
    return b"00dc".join(chunks)


def with_packed_pictures(avi: bytes) -> bytes:
    """Put each B-picture of MPEG-4 into the packet before it, as DivX 5 did."""
    begin, at, packets = avi.index(b"movi") + 4, avi.index(b"movi") + 4, list[list[bytes]]()
    while avi[at : at + 4] in (_AVI_PICTURE, _AVI_SOUND):
        kind, size = avi[at : at + 4], int.from_bytes(avi[at + 4 : at + 8], "little")
        data = re.sub(_USER_DATA, _OF_DIVX, avi[at + 8 : at + 8 + size], count=1)
        at += 8 + size + size % 2
        is_second = kind == _AVI_PICTURE and data and _kind_of_picture(data) == _B_PICTURE
        if is_second:
            next(each for each in reversed(packets) if each[0] == kind)[1] += data
        # Of pictures that leave the decoder late, the muxer leaves the first time empty.
        if data:
            packets.append([kind, _PICTURE_BEGINS + b"\x50\x7f" if is_second else data])
    index, media = b"", b""
    for kind, data in packets:
        is_key = kind == _AVI_SOUND or _kind_of_picture(data) == 0
        index += struct.pack("<4sIII", kind, 16 * is_key, len(media) + 4, len(data))
        media += struct.pack("<4sI", kind, len(data)) + data + bytes(len(data) % 2)
    head = avi[: begin - 8] + struct.pack("<I4s", len(media) + 4, b"movi")
    body = head[8:] + media + struct.pack("<4sI", b"idx1", len(index)) + index
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def _kind_of_picture(data: bytes) -> int:
    return data[data.index(_PICTURE_BEGINS) + 4] >> 6


def with_flipped_time(ts: bytes, stream: int, *, number: int, bit: int, decoding: bool) -> bytes:
    """Flip a bit in the presentation or decode time of the so manieth packet of a stream."""
    packets = range(0, len(ts), 188)
    begins = [begin for at in packets if (begin := _pes_header(ts, at)) and ts[begin + 3] == stream]
    at = begins[number] + (14 if decoding else 9)
    # Fifteen bits, a marker, fifteen bits, a marker; three more before them.
    coded = int.from_bytes(ts[at : at + 5])
    position = bit + 1 if bit < 15 else bit + 2 if bit < 30 else bit + 3
    return ts[:at] + (coded ^ 1 << position).to_bytes(5) + ts[at + 5 :]


def _pes_header(ts: bytes, at: int) -> int:
    """Return where the header of a PES packet is in a packet of the TS, 0 if there is none."""
    begin = at + 4 + (1 + ts[at + 4] if ts[at + 3] & 0x20 else 0)
    return begin if ts[at + 1] & 0x40 and ts[begin : begin + 3] == b"\0\0\1" else 0


def scrambled(
    ts: bytes, *streams: int, begin: int, end: int | None = None, is_noise: bool = True
) -> bytes:
    """Scramble the packets of these streams from a byte on; without noise, flag them alone."""
    forged, chance = bytearray(ts), random.Random(1)  # noqa: S311
    for at in range(begin // 188 * 188, len(ts) if end is None else end, 188):
        number = int.from_bytes(ts[at + 1 : at + 3]) & 0x1FFF
        if number in streams and ts[at + 3] & 0x10:
            payload = at + 4 + (1 + ts[at + 4] if ts[at + 3] & 0x20 else 0)
            forged[at + 3] |= 0x80
            if is_noise:
                forged[payload : at + 188] = chance.randbytes(at + 188 - payload)
    return bytes(forged)


def scrambled_in_pes(ts: bytes, *streams: int, begin: int, end: int) -> bytes:
    """Scramble PES packets behind their headers, which say so, instead of the packets of the TS."""
    forged, chance = bytearray(ts), random.Random(1)  # noqa: S311
    begun = set[int]()
    for at in range(begin // 188 * 188, end, 188):
        number = int.from_bytes(ts[at + 1 : at + 3]) & 0x1FFF
        payload = at + 4 + (1 + ts[at + 4] if ts[at + 3] & 0x20 else 0)
        if number not in streams or not ts[at + 3] & 0x10:
            continue
        if header := _pes_header(ts, at):
            forged[header + 6] |= 0x20
            payload = header + 9 + ts[header + 8]
            begun.add(number)
        if number in begun:
            forged[payload : at + 188] = chance.randbytes(at + 188 - payload)
    return bytes(forged)


def with_bytes_counted(avi: bytes, *, per_second: int) -> bytes:
    """Let the header say that its sound is counted in bytes, whatever its packets hold."""
    forged = bytearray(avi)
    header = forged.index(b"auds")
    form = forged.index(b"strf", header)
    struct.pack_into("<II", forged, header + 20, 1, per_second)
    struct.pack_into("<I", forged, header + 44, 1)
    struct.pack_into("<H", forged, form + 20, 1)
    return bytes(forged)


def with_channels_in_another_order(clip: bytes) -> bytes:
    """Let QuickTime's eight channels be in an order that is not the usual one of FFmpeg."""
    at = clip.index(b"chan") + 8
    # kAudioChannelLayoutTag_MPEG_7_1_C: what Debian's FFmpeg writes of 7.1.
    return clip[:at] + bytes.fromhex("0080000800000000") + clip[at + 8 :]


def without_last_duration(clip: bytes) -> bytes:
    """Take from a Matroska how long its last block lasts."""
    at = clip.rindex(b"\x9b\x82")
    return clip[:at] + b"\xec" + clip[at + 1 :]


def with_late_sound(clip: bytes, *, number: int) -> bytes:
    """Let the so manieth block of the second track of a Matroska be 16 s later than it is."""
    blocks = [*re.finditer(rb"\xa3(?:[\x80-\xff]|[\x40-\x7f].)\x82", clip, re.DOTALL)]
    at = blocks[number].end()
    return clip[:at] + bytes([clip[at] ^ 0x40]) + clip[at + 1 :]
