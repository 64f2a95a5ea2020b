"""Ordered chapters of Matroska, which define which parts players show, and in which order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from transcoder.probing.ranges import content

_SEGMENT, _SEEK_HEAD, _CHAPTERS, _CLUSTER = 0x18538067, 0x114D9B74, 0x1043A770, 0x1F43B675
_SEEK, _SEEK_ID, _SEEK_POSITION = 0x4DBB, 0x53AB, 0x53AC
_EDITION, _IS_DEFAULT, _IS_ORDERED = 0x45B9, 0x45DB, 0x45DD
_CHAPTER, _BEGIN, _END, _OTHER_FILE = 0xB6, 0x91, 0x92, 0x6E67
_NANOSECONDS = 1_000_000_000
# An identifier has up to four bytes, a size up to eight.
_HEADER_BYTES, _LONGEST_ID, _LONGEST_SIZE = 12, 4, 8
_MOST_ELEMENTS, _MOST_BYTES, _MOST_CHAPTERS = 100, 1_000_000, 10_000
_TOLERATED_SECONDS = Fraction(1, 2)

_REORDERED = (
    "Its chapters leave out parts or put them in another order; all is shown as it is stored."
)
_ELSEWHERE = "Its chapters show parts of other files, which are not shown."


@dataclass(frozen=True, slots=True)
class _Element:
    kind: int
    # Bounds of its content, in the file or in the data from which it was read.
    begin: int
    end: int


@dataclass(slots=True)
class _Edition:
    is_default: bool = False
    is_ordered: bool = False
    is_of_other_files: bool = False
    parts: list[tuple[Fraction, Fraction]] = field(default_factory=list)

    def is_all_of(self, seconds: Fraction) -> bool:
        """Whether its parts show all of these seconds in order."""
        at = Fraction(0)
        for begin, end in self.parts:
            if abs(begin - at) > _TOLERATED_SECONDS:
                return False
            at = end
        return at + _TOLERATED_SECONDS >= seconds


def ordered_otherwise(address: str, size: int, demuxer: str, end: Fraction) -> list[str]:
    """A note if chapters change what players show of a video that ends at `end`."""
    if demuxer != "matroska":
        return []
    editions = list(_editions(_chapters(address, size)))
    first = editions[0] if editions else None
    default = next((each for each in editions if each.is_default), first)
    if default is None or not default.is_ordered or not default.parts:
        return []
    if default.is_of_other_files:
        return [_ELSEWHERE]
    return [] if default.is_all_of(end) else [_REORDERED]


def _chapters(address: str, size: int) -> bytes:
    """Return the chapters: before the first cluster, or at the position in the seek head."""
    sought = 0
    segment = next((each for each in _on_top(address, 0, size) if each.kind == _SEGMENT), None)
    for each in _on_top(address, segment.begin, size) if segment else ():
        if each.kind == _CHAPTERS:
            return _inside(address, each)
        if each.kind == _SEEK_HEAD and segment:
            sought = _place_in(_inside(address, each), segment.begin) or sought
        if each.kind == _CLUSTER:
            break
    there = next(_on_top(address, sought, size), None) if sought else None
    return _inside(address, there) if there and there.kind == _CHAPTERS else b""


def _on_top(address: str, at: int, size: int) -> Iterator[_Element]:
    """Yield consecutive elements of the file, without their children."""
    for _ in range(_MOST_ELEMENTS):
        head = content(address, begin=at, count=_HEADER_BYTES) if at < size else b""
        element = _element(head, 0)
        if element is None:
            return
        yield _Element(element.kind, at + element.begin, at + element.end)
        at += element.end


def _inside(address: str, element: _Element) -> bytes:
    count = min(element.end - element.begin, _MOST_BYTES)
    return content(address, begin=element.begin, count=count)


def _place_in(seek_head: bytes, segment: int) -> int:
    """Return the position of the chapters; 0 if there is no entry."""
    for entry in _elements(seek_head, _SEEK):
        fields = {each.kind: _number(entry, each) for each in _children(entry)}
        if fields.get(_SEEK_ID) == _CHAPTERS and _SEEK_POSITION in fields:
            return segment + fields[_SEEK_POSITION]
    return 0


def _editions(chapters: bytes) -> Iterator[_Edition]:
    for entry in _elements(chapters, _EDITION):
        edition = _Edition()
        for each in _children(entry):
            if each.kind == _CHAPTER:
                _add_chapter(edition, entry[each.begin : each.end])
            elif each.kind == _IS_DEFAULT:
                edition.is_default = _number(entry, each) == 1
            elif each.kind == _IS_ORDERED:
                edition.is_ordered = _number(entry, each) == 1
        yield edition


def _add_chapter(edition: _Edition, chapter: bytes) -> None:
    times = {each.kind: _number(chapter, each) for each in _children(chapter)}
    edition.is_of_other_files = edition.is_of_other_files or _OTHER_FILE in times
    if _BEGIN in times and _END in times and len(edition.parts) < _MOST_CHAPTERS:
        begin, end = (Fraction(times[each], _NANOSECONDS) for each in (_BEGIN, _END))
        edition.parts.append((begin, end))


def _elements(data: bytes, kind: int) -> Iterator[bytes]:
    return (data[each.begin : each.end] for each in _children(data) if each.kind == kind)


def _children(data: bytes) -> Iterator[_Element]:
    at = 0
    while element := _element(data, at):
        yield element
        at = element.end


def _element(data: bytes, at: int) -> _Element | None:
    id_length = _length(data, at, _LONGEST_ID)
    size_length = _length(data, at + id_length, _LONGEST_SIZE) if id_length else 0
    begin = at + id_length + size_length
    if not size_length or begin > len(data):
        return None
    size = int.from_bytes(data[at + id_length : begin]) & ((1 << 7 * size_length) - 1)
    return _Element(int.from_bytes(data[at : at + id_length]), begin, begin + size)


def _length(data: bytes, at: int, most: int) -> int:
    """Length of a variable-size integer: its leading zero bits, plus one."""
    length = 9 - data[at].bit_length() if at < len(data) else 0
    return length if length <= most else 0


def _number(data: bytes, element: _Element) -> int:
    return int.from_bytes(data[element.begin : element.end])
