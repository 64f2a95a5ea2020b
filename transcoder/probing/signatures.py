"""What a file is, by its first bytes; its name and what its sender calls it prove nothing."""

HEAD_BYTES = 4096

_TS_PACKET, _M2TS_PACKET = 188, 192
_TS_SYNC = 0x47
_MOV_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")
# Still pictures in the same boxes.
_STILL_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1")
_PREFIXES = (
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"FLV\x01", "flv"),
    (b"OggS", "ogg"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02", "mxf"),
)
_SOUND = (b"ID3", b"fLaC", b"\xff\xfb", b"\xff\xf3", b"\xff\xf1", b"\xff\xf9", b"MThd", b"#!AMR")


def demuxer_of(head: bytes) -> str:
    """Return the one demuxer that may open it, or nothing."""
    if head[4:8] in _MOV_BOXES:
        return "" if head[8:12] in _STILL_BRANDS else "mov"
    if head[:4] == b"RIFF" and head[8:11] == b"AVI":
        return "avi"
    for prefix, demuxer in _PREFIXES:
        if head.startswith(prefix):
            return demuxer
    return "mpegts" if _is_transport_stream(head) else ""


def is_sound_alone(head: bytes) -> bool:
    return head.startswith(_SOUND) or (head[:4] == b"RIFF" and head[8:12] == b"WAVE")


def _is_transport_stream(head: bytes) -> bool:
    return any(
        len(head) > 3 * length + offset
        and all(head[offset + number * length] == _TS_SYNC for number in range(4))
        for length, starts in ((_TS_PACKET, range(_TS_PACKET)), (_M2TS_PACKET, (4,)))
        for offset in starts
    )
