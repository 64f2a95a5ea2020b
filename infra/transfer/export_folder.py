"""The folder of an export: a file of JSON lines for each kind, and the media beside them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from chalicelib.stored import from_plain, to_plain
from infra.terminal import Refusal
from infra.transfer.json_objects import LARGEST_OBJECT, JsonFile, Unreadable

T = TypeVar("T")

ACCOUNTS, CATEGORIES, VIDEOS, MEDIA = "accounts", "categories", "videos", "media"
# Exports of earlier versions have none of these.
VIEWING, WATCHED = "viewing", "watched"
_LATER = (VIEWING, WATCHED)
# A line of these becomes one item.
_OF_ONE_ITEM = (ACCOUNTS, CATEGORIES, VIDEOS)
# All that an account watched is one line.
_LARGEST_VIEWING = 16 * 1024**2  # characters
# Of the 400 KB of DynamoDB; the others are for names of attributes and what is added later.
_LARGEST_ITEM = 300_000
_KINDS = (ACCOUNTS, CATEGORIES, VIDEOS, *_LATER, MEDIA)
_FORMAT, _NEWEST = "videoflix_export", 1
_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class ExportFolder:
    path: Path

    @property
    def media(self) -> Path:
        """Return the folder of the objects of the media list, each under its key."""
        return self.path / "objects"

    def create(self) -> None:
        """Create the folder; raise `Refusal` if it holds an export already."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(self._file(kind).exists() for kind in _KINDS):
            raise Refusal(f"{self.path} holds an export already; name another folder.")

    def write(self, kind: str, lines: Iterable[Any]) -> int:
        """Write the lines below a first one that names the format; return how many there were."""
        count = 0
        # Renamed at its end, so that no import reads half of it.
        fresh = self._file(kind).with_suffix(".new")
        fresh.touch(mode=_OWNER_ONLY)
        with fresh.open("w", encoding="utf-8") as file:
            file.write(_line({_FORMAT: _NEWEST, "holds": kind}))
            for line in lines:
                file.write(_line(to_plain(line)))
                count += 1
        fresh.replace(self._file(kind))
        return count

    def read(self, kind: str, form: type[T]) -> Iterator[tuple[int, T]]:
        """Yield the lines with their numbers; raise `Unreadable`."""
        path = self._file(kind)
        if kind in _LATER and not path.is_file():
            return
        if not path.is_file():
            raise Refusal(f"{self.path} holds no export: there is no {path.name}.")
        largest = _LARGEST_VIEWING if kind == VIEWING else LARGEST_OBJECT
        values = JsonFile(path, largest=largest).values()
        number, head = next(values)
        if not isinstance(head, dict) or head.get("holds") != kind:
            raise Unreadable(path, number, f"this is no export of {kind}")
        if head.get(_FORMAT) != _NEWEST:
            raise Unreadable(path, number, "a later version has written this export")
        for number, plain in values:
            try:
                line = from_plain(form, plain)
                _require_storable(line, kind)
            except (TypeError, ValueError) as error:
                raise Unreadable(path, number, str(error)) from error
            yield number, line

    def refuse(self, kind: str, line: int, error: Exception) -> Unreadable:
        return Unreadable(self._file(kind), line, str(error))

    def _file(self, kind: str) -> Path:
        return self.path / f"{kind}.jsonl"


def _require_storable(line: Any, kind: str) -> None:
    """Raise `ValueError` for what no item holds: too much, or half of a pair of surrogates."""
    size = len(_line(to_plain(line)).encode())
    if kind in _OF_ONE_ITEM and size > _LARGEST_ITEM:
        raise ValueError(f"more than {_LARGEST_ITEM} bytes in one line")


def _line(plain: Any) -> str:
    return json.dumps(plain, ensure_ascii=False) + "\n"
