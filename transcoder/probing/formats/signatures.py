"""The format of a file by its first bytes, regardless of its name and declared type."""

import re

from chalicelib.encoding.failures import Finding
from transcoder.probing.formats.h264 import START_CODE

# Recordings may begin with the end of another packet.
HEAD_BYTES = 65_536

# Packet sizes: as broadcast, on Blu-ray, and with error correction.
_TS_PACKET, _M2TS_PACKET, _CORRECTED_PACKET = 188, 192, 204
_TS_SYNC = b"G"
_SYNCS, _SYNCS_BEHIND_JUNK = 4, 16
# The PID of stuffing packets, which are all the same.
_STUFFING_PACKET, _TELLING_PAIRS = b"\x1f\xff", 16
_MOV_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"uuid")
# Brands of still pictures.
_STILL_BRANDS = (b"avif", b"heic", b"heix", b"mif1")
_PNG, _PNG_ENDS = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
# AMV: a format of small players of the 2000s.
_RIFF = (b"AVI", b"AMV")
# Streams of web cameras: JPEGs, each after its MIME headers.
_MULTIPART, _MULTIPART_KIND, _MULTIPART_BYTES = b"--", b"image/jpeg", 512
_PREFIXES = (
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"FLV\x01", "flv"),
    (b"OggS", "ogg"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02", "mxf"),
    (b"\x1f\x07\x00\x3f", "dv"),
    (b"\x1f\x07\x00\xbf", "dv"),
    (b"DKIF\x00\x00", "ivf"),
    (b"YUV4MPEG2 ", "yuv4mpegpipe"),
    (b"nut/multimedia container\x00", "nut"),
    (b"\x12\x00\x0a", "obu"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\x84\x10\xff\xff\xff\xff", "roq"),
    (b"\0\0\0\0\x01\xbc", "gxf"),
    # Concatenated JPEGs; a single one is a photograph.
    (b"\xff\xd8\xff", "mjpeg"),
)
# Packs of a program stream that must follow one another; header length, with stuffing after it.
_PACK, _PACKS, _MPEG1_PACK, _MPEG2_PACK, _STUFFING = b"\0\0\1\xba", 4, 12, 14, 7
# Units before the parameters: delimiters and SEI messages, of H.264 and HEVC.
_IN_FRONT, _MOST_IN_FRONT = (b"\x09", b"\x06", b"\x46\x01", b"\x4e\x01"), 16
# Start codes of elementary streams; those of MPEG containers begin alike.
_BARE = (
    (b"\x67", "h264"),
    (b"\x47", "h264"),
    (b"\x27", "h264"),
    (b"\x40\x01", "hevc"),
    (b"\xb3", "mpegvideo"),
    (b"\xb0", "m4v"),
)
# Formats without any times: pictures are counted and evenly spaced.
COUNTED = frozenset({"obu", "mjpeg", "mpjpeg", "dnxhd", "h263", *(demuxer for _, demuxer in _BARE)})
# Formats that are mostly still pictures, and the most pictures of a still one. Cameras append
# to a JPEG what belongs to it, such as the view of the other eye.
STANDING = {"gif": 1, "apng": 1, "mjpeg": 8}
_NOT_IN_TEXT = re.compile(r"[\0-\x08\x0e-\x1a\ufffd]")
# A tag says how long it is behind this header, in bytes of seven bits.
_TAG, _TAG_LENGTH_AT, _TAG_HEADER = b"ID3", 6, 10
_SOUND = (_TAG, b"fLaC", b"\xff\xfb", b"\xff\xf3", b"\xff\xf1", b"\xff\xf9", b"MThd", b"#!AMR")

_OTHERS = (
    (b"#EXTM3U", Finding.PLAYLIST),
    (b"ffconcat", Finding.PLAYLIST),
    (_PNG, Finding.STILL),
    (b"BM", Finding.STILL),
    (b"II*\x00", Finding.STILL),
    (b"MM\x00*", Finding.STILL),
    (b"8BPS", Finding.STILL),
    (b"PK\x03\x04", Finding.ARCHIVE),
    (b"Rar!", Finding.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Finding.ARCHIVE),
    (b"\x1f\x8b", Finding.ARCHIVE),
    (b"%PDF", Finding.DOCUMENT),
)
_UNREAD = (
    (b".RMF", Finding.REAL_MEDIA),
    (b"\xb7\xd8\x00\x20\x37\x49\xda\x11\xa6\x4e\x00\x07\xe9\x5e\xad\x8d", Finding.WINDOWS_TV),
    (b"FWS", Finding.FLASH),
    (b"CWS", Finding.FLASH),
    (b"BIK", Finding.BINK),
    (b"SMK", Finding.SMACKER),
)
# Number and times of the first cue of SubRip, or the mark of WebVTT; of UTF-16 without zeros.
_SUBTITLES = re.compile(
    rb"(?:WEBVTT[ \t\r\n]|(?:\d{1,9}\s{1,4})?\d{1,2}:\d\d:\d\d[,.]\d{1,3} --> )"
)
_SUBTITLES_BYTES, _BYTE_ORDER_MARKS = 256, (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_ZEROS = bytes(512)
_ANIMATION, _ANIMATION_BYTES = b"ANIM", 64
# Header size and version: of DNxHD, and of DNxHR.
_DNXHD_BEGINS, _DNXHD, _DNXHR_BEGINS, _DNXHR = 0x0280, (1, 2), range(0x0280, 0x2171), 3
# Start code of H.263, with its picture number masked, and two constant bits; then the size.
_H263_MASK, _H263_CODE = 0xFFFFFC03, 0x00008002
_H263_BYTES, _H263_SIZES = 5, (1, 2, 3, 4, 5, 7)


def demuxer_of(head: bytes) -> str:
    """Return the only demuxer that may open the file; "" if there is none."""
    if head[4:8] in _MOV_BOXES:
        return "" if head[8:12] in _STILL_BRANDS else "mov"
    if head[:4] == b"RIFF" and head[8:11] in _RIFF:
        return "avi"
    if head.startswith(_PNG):
        if b"acTL" in head[: head.find(b"IDAT")]:
            return "apng"
        # Segments of a transport stream are hidden behind pictures to pass for them.
        _, _, behind = head.partition(_PNG_ENDS)
        return "mpegts" if _is_in_step(behind, 0, _TS_PACKET, _SYNCS_BEHIND_JUNK) else ""
    if (
        demuxer := _by_prefix(head)
        or _bare(head)
        or ("mpegts" if _is_transport_stream(head) else "")
    ):
        return demuxer
    return "mpeg" if _is_cut_program_stream(head) else ""


def _by_prefix(head: bytes) -> str:
    if head.startswith(_MULTIPART) and _MULTIPART_KIND in head[:_MULTIPART_BYTES].lower():
        return "mpjpeg"
    return next((demuxer for prefix, demuxer in _PREFIXES if head.startswith(prefix)), "")


def begins_with_zeros(head: bytes) -> bool:
    return head.startswith(_ZEROS)


def has_packets_twice(head: bytes) -> bool:
    """Whether each packet of a transport stream comes twice; players lose nearly all of it."""
    packets = [head[at : at + _TS_PACKET] for at in range(0, len(head), _TS_PACKET)]
    for first in (0, 1):
        pairs = list(zip(packets[first::2], packets[first + 1 :: 2], strict=False))[:-1]
        # One packet over and over is no transport stream.
        telling = {one for one, _ in pairs if one[1:3] != _STUFFING_PACKET}
        if len(telling) >= _TELLING_PAIRS and all(one == other for one, other in pairs):
            return True
    return False


def is_sound_alone(head: bytes) -> bool:
    return head.startswith(_SOUND) or (head[:4] == b"RIFF" and head[8:12] == b"WAVE")


def tag_bytes(head: bytes) -> int:
    """Return how many bytes the tag of a sound file takes in front of it; 0 without one."""
    if not head.startswith(_TAG):
        return 0
    length = 0
    for each in head[_TAG_LENGTH_AT:_TAG_HEADER]:
        length = length << 7 | each & 0x7F
    return _TAG_HEADER + length


def is_something_else(head: bytes) -> bool:
    return bool(_other(head)) or _is_text(head)


def described(head: bytes) -> str:
    """Return a sentence about an unsupported format; "" if it is unknown."""
    if _is_webp(head) and _ANIMATION in head[:_ANIMATION_BYTES]:
        return Finding.WEBP
    unread = next((description for start, description in _UNREAD if head.startswith(start)), "")
    return _other(head) or unread or (Finding.DOCUMENT if _is_text(head) else "")


def _is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _is_dnxhd(head: bytes) -> bool:
    begins, version = int.from_bytes(head[:4]), int.from_bytes(head[4:5])
    is_hd = begins == _DNXHD_BEGINS and version in _DNXHD
    return is_hd or (begins in _DNXHR_BEGINS and version == _DNXHR)


def _is_h263(head: bytes) -> bool:
    # One start code alone may be a coincidence.
    later = (head[at : at + _H263_BYTES] for at in range(_H263_BYTES, len(head)) if not head[at])
    return _begins_h263(head[:_H263_BYTES]) and any(map(_begins_h263, later))


def _begins_h263(head: bytes) -> bool:
    is_begun = int.from_bytes(head[:4]) & _H263_MASK == _H263_CODE
    return len(head) == _H263_BYTES and is_begun and head[4] >> 2 in _H263_SIZES


def _bare(head: bytes) -> str:
    if _is_dnxhd(head):
        return "dnxhd"
    if _is_h263(head):
        return "h263"
    unit = head[1:] if head.startswith(b"\0" + START_CODE) else head
    if not unit.startswith(START_CODE):
        return ""
    unit = unit[len(START_CODE) :]
    for _ in range(_MOST_IN_FRONT):
        if unit.startswith(_IN_FRONT):
            _, _, unit = unit.partition(START_CODE)
    return next((demuxer for start, demuxer in _BARE if unit.startswith(start)), "")


def _other(head: bytes) -> str:
    if head[4:8] in _MOV_BOXES and head[8:12] in _STILL_BRANDS:
        return Finding.STILL
    if _is_webp(head):
        return "" if _ANIMATION in head[:_ANIMATION_BYTES] else Finding.STILL
    if _is_subtitles(head):
        return Finding.SUBTITLES
    return next((description for start, description in _OTHERS if head.startswith(start)), "")


def _is_subtitles(head: bytes) -> bool:
    text = head[:_SUBTITLES_BYTES]
    for mark in _BYTE_ORDER_MARKS:
        text = text.removeprefix(mark)
    return bool(_SUBTITLES.match(text.replace(b"\0", b"").lstrip()))


def _is_text(head: bytes) -> bool:
    # The last character may be cut.
    text = head.decode("utf-8", "replace").rstrip("\ufffd")
    return bool(text) and not _NOT_IN_TEXT.search(text)


def _is_transport_stream(head: bytes) -> bool:
    starts = {_TS_PACKET: range(_TS_PACKET), _M2TS_PACKET: (4,), _CORRECTED_PACKET: (0,)}
    return any(
        _is_in_step(head, offset, length, _SYNCS)
        for length, offsets in starts.items()
        for offset in offsets
    ) or any(
        _is_in_step(head, offset, length, _SYNCS_BEHIND_JUNK)
        for length in starts
        for offset in range(len(head) - _SYNCS_BEHIND_JUNK * length)
        if head[offset] == _TS_SYNC[0]
    )


def _is_in_step(head: bytes, offset: int, length: int, count: int) -> bool:
    return head[offset : offset + count * length : length] == _TS_SYNC * count


def _is_cut_program_stream(head: bytes) -> bool:
    """Whether packs follow the rest of one, as in recordings split by a recorder."""
    packs, at = 0, head.find(_PACK)
    while at >= 0 and packs < _PACKS:
        packs += _is_pack(head[at : at + _MPEG2_PACK + _STUFFING + len(START_CODE)])
        at = head.find(_PACK, at + len(_PACK))
    return packs == _PACKS


def _is_pack(head: bytes) -> bool:
    if len(head) < _MPEG2_PACK:
        return False
    if head[4] & 0xC4 == 0x44:  # noqa: PLR2004
        return head[_MPEG2_PACK + (head[13] & _STUFFING) :].startswith(START_CODE)
    return head[4] & 0xF1 == 0x21 and head[_MPEG1_PACK:].startswith(START_CODE)  # noqa: PLR2004
