"""Edit lists of an MP4 that pause behind something, where FFmpeg shows the beginning again."""

import heapq
import struct
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from chalicelib.encoding.model import Finding, Reason
from transcoder.errors import Refused
from transcoder.probing.packed import READ_BYTES

_HEADER, _TRACK, _TRACK_HEADER, _LIST = _KINDS = b"mvhd", b"trak", b"tkhd", b"elst"
# Behind the name of its box: its version, and then the ticks of a second, or the number of a track,
# and how many entries there are.
_NUMBERS, _COUNT, _ENTRIES = {0: 16, 1: 24}, 8, 12
_FORMS = {0: struct.Struct(">Ii4x"), 1: struct.Struct(">Qq4x")}
# Tracks are filled up to the same length with less.
_TOLERATED_SECONDS = 0.5
_UNKNOWN, _NO_PAUSES = 0, (0, 0)
_FINDINGS = Finding.GAP, Finding.ENDS_IN_GAP


@dataclass(slots=True)
class Edits:
    """Looks at the header of a film piece by piece."""

    ticks_per_second: int = 0
    # The longest pause of each track, in ticks: in the middle and at the end.
    pauses: dict[int, tuple[int, int]] = field(default_factory=dict)
    _track: int = _UNKNOWN
    _pauses: tuple[int, int] = _NO_PAUSES

    def see(self, part: bytes) -> None:
        behind = 0
        for at, kind in heapq.merge(*(_places(part, each) for each in _KINDS)):
            # What comes later is in the next part, too.
            if at >= READ_BYTES:
                break
            if at < behind:
                continue
            if kind == _LIST:
                # Lists that overlap would be read over and over.
                listed = _listed(part, at)
                behind = listed.end
                self._pauses = _longest(self._pauses, _pauses(part, listed))
            elif kind == _TRACK:
                self._end_track()
            elif kind == _TRACK_HEADER:
                self._track = _number(part, at)
            elif not self.ticks_per_second:
                self.ticks_per_second = _number(part, at)

    def require_shown(self, tracks: Collection[int]) -> None:
        """Refuse pauses in these tracks, by their numbers; others may have any."""
        self._end_track()
        most = _TOLERATED_SECONDS * self.ticks_per_second
        shown = [self.pauses.get(each, _NO_PAUSES) for each in (*tracks, _UNKNOWN)]
        for finding, longest in zip(_FINDINGS, map(max, zip(*shown, strict=True)), strict=True):
            if longest > most:
                raise Refused(Reason.UNSUPPORTED_FORMAT, finding)

    def _end_track(self) -> None:
        if self._pauses != _NO_PAUSES:
            known = self.pauses.get(self._track, _NO_PAUSES)
            self.pauses[self._track] = _longest(known, self._pauses)
        self._track, self._pauses = _UNKNOWN, _NO_PAUSES


@dataclass(frozen=True, slots=True)
class _Listed:
    """Where the entries of an edit list begin and end, as far as the part goes."""

    form: struct.Struct
    begin: int
    end: int


def _listed(part: bytes, at: int) -> _Listed:
    begin = at + _ENTRIES
    form = _FORMS.get(_version(part, at))
    if form is None:
        return _Listed(_FORMS[0], begin, at + len(_LIST))
    count = int.from_bytes(part[at + _COUNT : begin])
    fitting = max(0, len(part) - begin) // form.size
    return _Listed(form, begin, begin + min(count, fitting) * form.size)


def _pauses(part: bytes, listed: _Listed) -> tuple[int, int]:
    """Return how long nothing is shown between what is shown, and behind it."""
    between, behind, is_begun = 0, 0, False
    for place in range(listed.begin, listed.end, listed.form.size):
        lasts, media = listed.form.unpack_from(part, place)
        if media >= 0:
            between, behind, is_begun = max(between, behind), 0, True
        elif is_begun:
            behind = max(behind, lasts)
    return between, behind


def _longest(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return max(one[0], other[0]), max(one[1], other[1])


def _places(part: bytes, kind: bytes) -> Iterator[tuple[int, bytes]]:
    at = part.find(kind)
    while at >= 0:
        yield at, kind
        at = part.find(kind, at + len(kind))


def _number(part: bytes, at: int) -> int:
    begin = _NUMBERS.get(_version(part, at))
    return _UNKNOWN if begin is None else int.from_bytes(part[at + begin : at + begin + 4])


def _version(part: bytes, at: int) -> int:
    return part[at + 4] if at + 4 < len(part) else -1
