"""The header of a QuickTime film may be compressed, and unpack to a thousand times its size."""

from collections.abc import Iterator

from chalicelib.encoding.model import Finding, Reason
from transcoder.errors import Refused
from transcoder.probing.ranges import content

# A long film's is a few megabytes; in the days of compressed ones it was less.
_MOST_BYTES = 32 * 1024**2
_PACKED, _LENGTH_BYTES = b"dcomzlib", 12
_LARGE, _TO_THE_END, _HEADER_BYTES = 1, 0, 16
_WITHOUT_HEADERS = (b"mdat", b"free", b"skip")
# What comes behind both is read piece by piece; a header there is within the limit of memory.
_HEADER, _LAST = b"moov", b"moof"
_MOST_BOXES, READ_BYTES, _OVERLAP_BYTES = 1000, 1024**2, 4096


def header_parts(address: str, size: int) -> Iterator[bytes]:
    """Yield all but the media; what lies between two parts is in both."""
    for begin, end in _headers(address, size):
        for at in range(begin, end, READ_BYTES):
            yield content(address, begin=at, count=min(end - at, READ_BYTES + _OVERLAP_BYTES))


def require_moderate(part: bytes) -> None:
    """Refuse a film whose header would fill the memory before anything is known about it."""
    if _unpacked(part) > _MOST_BYTES:
        raise Refused(Reason.UNSUPPORTED_FORMAT, Finding.BOMB)


def _headers(address: str, size: int) -> Iterator[tuple[int, int]]:
    """Yield where each box of the file begins and ends, except for those with media."""
    begin, has_header = 0, False
    for _ in range(_MOST_BOXES):
        head = content(address, begin=begin, count=_HEADER_BYTES)
        length, kind = int.from_bytes(head[:4]), head[4:8]
        if length == _LARGE:
            length = int.from_bytes(head[8:])
        if not kind or (kind == _LAST and has_header):
            return
        has_header = has_header or kind == _HEADER
        end = size if length == _TO_THE_END else min(size, begin + length)
        if kind not in _WITHOUT_HEADERS:
            yield begin, end
        if end <= begin:
            return
        begin = end
    if not has_header:
        raise Refused(Reason.CORRUPT)


def _unpacked(part: bytes) -> int:
    """Return the largest size that a compressed header in it is said to have."""
    largest, at = 0, part.find(_PACKED)
    while at >= 0:
        begin = at + len(_PACKED)
        largest = max(largest, int.from_bytes(part[begin + 8 : begin + _LENGTH_BYTES]))
        at = part.find(_PACKED, begin)
    return largest
