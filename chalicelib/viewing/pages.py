"""Lists that begin with the newest entry, cut into pages by cursors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from chalicelib.catalogue.model import VideoId
from chalicelib.viewing.model import Cursor


class _Entry(Protocol):
    @property
    def video_id(self) -> VideoId: ...

    @property
    def at(self) -> datetime: ...


E = TypeVar("E", bound=_Entry)


@dataclass(frozen=True, slots=True)
class Page(Generic[E]):
    entries: Sequence[E]
    # The cursor of the next page, if there is one.
    next_before: Cursor | None

    @classmethod
    def of(cls, entries: Iterable[E], *, limit: int, before: Cursor | None) -> "Page[E]":
        """Return the newest entries before the cursor; entries may come and go between pages."""
        newest = sorted(entries, key=_age, reverse=True)
        if before:
            newest = [each for each in newest if _age(each) < (before.at, before.video_id)]
        cut = newest[:limit]
        is_last = len(newest) <= limit
        return cls(cut, None if is_last else Cursor(cut[-1].at, cut[-1].video_id))


def _age(entry: _Entry) -> tuple[Any, ...]:
    return entry.at, entry.video_id
