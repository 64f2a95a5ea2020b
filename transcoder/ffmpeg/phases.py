"""The phases of a log of FFmpeg: opening, description of the source, work."""

import re
from abc import ABC, abstractmethod
from copy import deepcopy
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Generic, TypeVar

# Lines that a source cannot forge. Tags, names and languages follow, which may contain any text,
# even whole lines.
_DESCRIBES = re.compile(r"(?:\[info\] )?Input #0, ")
# FFmpeg prints this after all tags, before it starts to decode.
WORKS = re.compile(r"(?:\[info\] )?Stream mapping:$")
# "Operation not permitted" is the end of a GXF; "Not yet implemented", another video in an Ogg.
_LOST = (
    r"Error during demuxing: (?!Invalid data|End of file|Operation not permitted"
    r"|Not yet implemented)"
    r"|Error opening input: (?!Invalid data)|Stream ends prematurely"
)
_LOST_AT_WORK = re.compile(_LOST)
_LOST_BEFORE = re.compile(rf"\[[\w/:,.#-]+ @ 0x[0-9a-f]+\] (?:\[error\] )?(?:{_LOST})")


class LineReader(ABC):
    """Reads the log of a run line by line."""

    __slots__ = ()

    @abstractmethod
    def read_line(self, line: str) -> None: ...


ObserverT = TypeVar("ObserverT", bound=LineReader)


class _Phase(Enum):
    OPENING = auto()
    DESCRIBING = auto()
    WORK = auto()


@dataclass(slots=True)
class Log(Generic[ObserverT]):
    """Passes the lines of the work phase to a listener, and detects a lost source."""

    # What has heard nothing; lines go to copies of it.
    fresh: ObserverT
    observer: ObserverT = field(init=False)
    _phase: _Phase = _Phase.OPENING
    _is_lost_before: bool = False
    _is_lost_at_work: bool = False

    def __post_init__(self) -> None:
        self.observer = deepcopy(self.fresh)

    def read_line(self, line: str) -> None:
        if WORKS.match(line):
            # Discards lines that a tag forged, including an earlier copy of this one.
            self.observer, self._is_lost_at_work = deepcopy(self.fresh), False
            self._phase = _Phase.WORK
        elif self._phase is _Phase.WORK:
            self.observer.read_line(line)
            # It may be in the middle of a line of another thread.
            self._is_lost_at_work = self._is_lost_at_work or bool(_LOST_AT_WORK.search(line))
        elif _DESCRIBES.match(line):
            self._phase = _Phase.DESCRIBING
        elif self._phase is _Phase.OPENING and _LOST_BEFORE.match(line):
            self._is_lost_before = True

    @property
    def is_source_lost(self) -> bool:
        """Whether the source could not be read to its declared end."""
        return self._is_lost_before or self._is_lost_at_work
