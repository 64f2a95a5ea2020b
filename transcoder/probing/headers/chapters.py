"""Ordered chapters of Matroska, which define which parts players show, and in which order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from transcoder.probing.formats import ebml

_SEEK_HEAD, _CHAPTERS = 0x114D9B74, 0x1043A770
_SEEK, _SEEK_ID, _SEEK_POSITION = 0x4DBB, 0x53AB, 0x53AC
_EDITION, _IS_DEFAULT, _IS_ORDERED = 0x45B9, 0x45DB, 0x45DD
_CHAPTER, _BEGIN, _END, _OTHER_FILE = 0xB6, 0x91, 0x92, 0x6E67
_NANOSECONDS = 1_000_000_000
_MOST_CHAPTERS = 10_000
_TOLERATED_SECONDS = Fraction(1, 2)

_REORDERED = (
    "Its chapters leave out parts or put them in another order; all is shown as it is stored."
)
_ELSEWHERE = "Its chapters show parts of other files, which are not shown."


@dataclass(slots=True)
class _Edition:
    is_default: bool
    is_ordered: bool
    is_of_other_files: bool = False
    ranges: list[tuple[Fraction, Fraction]] = field(default_factory=list)

    def is_all_of(self, seconds: Fraction) -> bool:
        """Whether its parts show all of these seconds in order."""
        at = Fraction(0)
        for begin, end in self.ranges:
            if abs(begin - at) > _TOLERATED_SECONDS:
                return False
            at = end
        return at + _TOLERATED_SECONDS >= seconds


def ordered_otherwise(url: str, size: int, end: Fraction) -> list[str]:
    """A note if chapters change what players show of a video that ends at `end`."""
    editions = _editions(_chapters(url, size))
    # The first one, if none is marked.
    default = max(editions, key=lambda each: each.is_default, default=None)
    if default is None or not default.is_ordered or not default.ranges:
        return []
    if default.is_of_other_files:
        return [_ELSEWHERE]
    return [] if default.is_all_of(end) else [_REORDERED]


def _chapters(url: str, size: int) -> bytes:
    """Return the chapters: before the first cluster, or at the position in the seek head."""
    sought, begin = 0, ebml.segment_begin(url, size)
    for each in ebml.before_clusters(url, begin, size):
        if each.kind == _CHAPTERS:
            return ebml.inside(url, each)
        if each.kind == _SEEK_HEAD:
            sought = _position_in(ebml.inside(url, each), begin) or sought
    there = next(ebml.on_top(url, sought, size), None) if sought else None
    return ebml.inside(url, there) if there and there.kind == _CHAPTERS else b""


def _position_in(seek_head: bytes, segment: int) -> int:
    """Return the position of the chapters; 0 if there is no entry."""
    for entry in ebml.elements(seek_head, _SEEK):
        fields = {each.kind: ebml.number(entry, each) for each in ebml.children(entry)}
        if fields.get(_SEEK_ID) == _CHAPTERS and _SEEK_POSITION in fields:
            return segment + fields[_SEEK_POSITION]
    return 0


def _editions(chapters: bytes) -> Iterator[_Edition]:
    for entry in ebml.elements(chapters, _EDITION):
        flags = (each for each in ebml.children(entry) if each.kind in (_IS_DEFAULT, _IS_ORDERED))
        fields = {each.kind: ebml.number(entry, each) for each in flags}
        edition = _Edition(fields.get(_IS_DEFAULT) == 1, fields.get(_IS_ORDERED) == 1)
        for chapter in ebml.elements(entry, _CHAPTER):
            _add_chapter(edition, chapter)
        yield edition


def _add_chapter(edition: _Edition, chapter: bytes) -> None:
    times = {each.kind: ebml.number(chapter, each) for each in ebml.children(chapter)}
    edition.is_of_other_files = edition.is_of_other_files or _OTHER_FILE in times
    if _BEGIN in times and _END in times and len(edition.ranges) < _MOST_CHAPTERS:
        begin, end = (Fraction(times[each], _NANOSECONDS) for each in (_BEGIN, _END))
        edition.ranges.append((begin, end))
