"""Elements of EBML, the syntax of Matroska, in a file or in bytes that were read from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from transcoder.probing.formats.ranges import content

# An identifier has up to four bytes, a size up to eight.
_HEADER_BYTES, _LONGEST_ID, _LONGEST_SIZE = 12, 4, 8
_MOST_ELEMENTS, _MOST_BYTES = 100, 1_000_000
SEGMENT, CLUSTER = 0x18538067, 0x1F43B675
# The end of an element without a size.
UNKNOWN = 1 << 62


@dataclass(frozen=True, slots=True)
class Element:
    kind: int
    # Bounds of its content, in the file or in the data from which it was read.
    begin: int
    end: int


def on_top(url: str, at: int, size: int) -> Iterator[Element]:
    """Yield consecutive elements of the file, without their children."""
    for _ in range(_MOST_ELEMENTS):
        head = content(url, begin=at, count=_HEADER_BYTES) if at < size else b""
        element = _element(head, 0)
        if element is None:
            return
        yield Element(element.kind, at + element.begin, at + element.end)
        at += element.end


def segment_begin(url: str, size: int) -> int:
    """Return where the content of the Matroska segment begins; 0 if there is none."""
    return next((each.begin for each in on_top(url, 0, size) if each.kind == SEGMENT), 0)


def before_clusters(url: str, segment: int, size: int) -> Iterator[Element]:
    """Yield the elements of a segment that begins here, up to the first cluster."""
    heads = on_top(url, segment, size) if segment else ()
    return takewhile(lambda each: each.kind != CLUSTER, heads)


def inside(url: str, element: Element) -> bytes:
    count = min(element.end - element.begin, _MOST_BYTES)
    return content(url, begin=element.begin, count=count)


def elements(data: bytes, kind: int) -> Iterator[bytes]:
    return (data[each.begin : each.end] for each in children(data) if each.kind == kind)


def children(data: bytes) -> Iterator[Element]:
    at = 0
    while element := _element(data, at):
        yield element
        at = element.end


def _element(data: bytes, at: int) -> Element | None:
    id_length = _length(data, at, _LONGEST_ID)
    size_length = _length(data, at + id_length, _LONGEST_SIZE) if id_length else 0
    begin = at + id_length + size_length
    if not size_length or begin > len(data):
        return None
    longest = (1 << 7 * size_length) - 1
    size = int.from_bytes(data[at + id_length : begin]) & longest
    end = begin + size if size < longest else UNKNOWN
    return Element(int.from_bytes(data[at : at + id_length]), begin, end)


def _length(data: bytes, at: int, most: int) -> int:
    """Length of a variable-size integer: its leading zero bits, plus one."""
    length = 9 - data[at].bit_length() if at < len(data) else 0
    return length if length <= most else 0


def number(data: bytes, element: Element) -> int:
    return int.from_bytes(data[element.begin : element.end])
