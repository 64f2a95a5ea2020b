"""Compressed QuickTime headers, which may expand to a thousand times their size."""

from collections.abc import Iterator

from chalicelib.encoding.failures import Finding, Reason
from transcoder.errors import Refused
from transcoder.probing.formats.ranges import content

# Headers of long videos have a few megabytes; compressed ones, which are old, have less.
_MOST_BYTES = 32 * 1024**2
_PACKED, _LENGTH_BYTES = b"dcomzlib", 12
_LARGE, _TO_THE_END, _HEADER_BYTES = 1, 0, 16
_WITHOUT_HEADERS = (b"mdat", b"free", b"skip")
# The rest is read in blocks; a header there is within the memory limit.
_HEADER, _LAST = b"moov", b"moof"
_MOST_BOXES, READ_BYTES, _OVERLAP_BYTES = 1000, 1024**2, 4096


def header_blocks(url: str, size: int) -> Iterator[bytes]:
    """Yield the file without media, in overlapping blocks."""
    for begin, end in _headers(url, size):
        for at in range(begin, end, READ_BYTES):
            yield content(url, begin=at, count=min(end - at, READ_BYTES + _OVERLAP_BYTES))


def require_moderate(block: bytes) -> None:
    """Refuse a compressed header that would exceed the memory limit."""
    if _unpacked(block) > _MOST_BYTES:
        raise Refused(Reason.UNSUPPORTED_FORMAT, Finding.BOMB)


def _headers(url: str, size: int) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each top-level box without media."""
    begin, has_header = 0, False
    for _ in range(_MOST_BOXES):
        head = content(url, begin=begin, count=_HEADER_BYTES)
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


def _unpacked(block: bytes) -> int:
    """Return the largest declared size of a compressed header in these bytes."""
    largest, at = 0, block.find(_PACKED)
    while at >= 0:
        begin = at + len(_PACKED)
        largest = max(largest, int.from_bytes(block[begin + 8 : begin + _LENGTH_BYTES]))
        at = block.find(_PACKED, begin)
    return largest
