"""Edit lists of an MP4 that pause in the middle, where FFmpeg shows the beginning again."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.transcoding.model import Finding, Reason
from transcoder.refusal import Refused

_HEADER, _LIST = b"mvhd", b"elst"
# Behind the name of its box: its version, and what counts how many ticks are a second or entries.
_SCALES, _COUNT, _ENTRIES = {0: 16, 1: 24}, 8, 12
_FORMS = {0: struct.Struct(">Ii4x"), 1: struct.Struct(">Qq4x")}
# Tracks are filled up to the same length with less.
_TOLERATED_SECONDS = 0.5


@dataclass(slots=True)
class Edits:
    """Looks at the header of a film piece by piece."""

    ticks_per_second: int = 0

    def see(self, part: bytes) -> None:
        at = part.find(_HEADER)
        if at >= 0 and not self.ticks_per_second:
            begin = at + _SCALES.get(_version(part, at), 0)
            self.ticks_per_second = int.from_bytes(part[begin : begin + 4])
        at = part.find(_LIST)
        while at >= 0:
            listed = _listed(part, at)
            if any(gap > _TOLERATED_SECONDS * self.ticks_per_second for gap in _gaps(part, listed)):
                raise Refused(Reason.UNSUPPORTED_FORMAT, Finding.GAP)
            # Lists that overlap would be read over and over.
            at = part.find(_LIST, listed.end)


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


def _gaps(part: bytes, listed: _Listed) -> Iterator[int]:
    """Yield how long nothing is shown behind something."""
    is_begun = False
    for place in range(listed.begin, listed.end, listed.form.size):
        lasts, media = listed.form.unpack_from(part, place)
        if media < 0 and is_begun:
            yield lasts
        is_begun = is_begun or media >= 0


def _version(part: bytes, at: int) -> int:
    return part[at + 4] if at + 4 < len(part) else -1
