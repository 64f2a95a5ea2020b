"""What a bulk change does to each of its videos, and its stored form."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.catalogue.curation import canonical
from chalicelib.catalogue.model import DATES, BadTitle, Card, Translation, slug_of
from chalicelib.language import Language
from chalicelib.stored import to_plain

# Fields that are lists of names, and those of a change that add to them.
_LABELS = {"cast": "add_cast", "tags": "add_tags"}
_CARD_FIELDS = frozenset(each.name for each in fields(Card))
# A card needs a title, which few changes have.
_SOME_CARD = Card("-")


class Action(StrEnum):
    TRASH = "trash"
    RESTORE = "restore"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Change:
    """Fields to write on a card, names to add and to remove; or an action instead of them."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    add_cast: tuple[str, ...] = ()
    add_tags: tuple[str, ...] = ()
    remove_cast: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    is_published: bool | None = None
    action: Action | None = None

    @property
    def is_empty(self) -> bool:
        return self == Change()

    @property
    def changes_videos(self) -> bool:
        """Whether it is anything else than an action."""
        return replace(self, action=None) != Change()

    def written_on(self, card: Card) -> Card:
        written = replace(card, **self.fields)
        return replace(
            written,
            cast=_with(written.cast, self.add_cast, self.remove_cast),
            tags=_with(written.tags, self.add_tags, self.remove_tags),
        )

    def require_valid(self) -> None:
        """Raise `BadTitle` with all problems that every video would have."""
        try:
            canonical(self.written_on(_SOME_CARD))
        except BadTitle as problem:
            raise BadTitle(
                fields={self._sent_as(name): texts for name, texts in problem.fields.items()}
            ) from problem

    def as_sent(self) -> dict[str, Any]:
        """Return what was sent, in one object."""
        plain = self._plain()
        return {**plain.pop("fields", {}), **plain}

    def stored_text(self) -> str:
        return json.dumps(self._plain(), ensure_ascii=False, separators=(",", ":"))

    def _plain(self) -> dict[str, Any]:
        plain = {**to_plain(replace(self, fields={})), "fields": _plain_fields(self.fields)}
        return {name: value for name, value in plain.items() if value not in (None, [], {})}

    @classmethod
    def of_text(cls, text: str) -> "Change":
        """Read a stored change, or the part of it that this version knows."""
        plain = json.loads(text)
        own, action = plain.get("fields", {}), plain.get("action")
        is_known_action = action is None or action in list(Action)
        is_whole = is_known_action and own.keys() <= _CARD_FIELDS and plain.keys() <= _STORED
        kind = cls if is_whole else NewerChange
        return kind(
            fields={name: _read(name, own[name]) for name in own.keys() & _CARD_FIELDS},
            **{name: tuple(plain[name]) for name in plain.keys() & _NAMES},
            is_published=plain.get("is_published"),
            action=Action(action) if action and is_known_action else None,
        )

    def _sent_as(self, name: str) -> str:
        """Return the field of the change that made this field of a card."""
        is_added = name in _LABELS and name not in self.fields
        return _LABELS[name] if is_added else name


@dataclass(frozen=True, slots=True)
class NewerChange(Change):
    """What this version reads of a change that a later one stored."""


_NAMES = frozenset({"add_cast", "add_tags", "remove_cast", "remove_tags"})
_STORED = _NAMES | {"fields", "is_published", "action"}


def _with(names: Sequence[str], added: Sequence[str], removed: Sequence[str]) -> tuple[str, ...]:
    """Return names without the removed ones, and the added ones at the end, as slugs compare."""
    gone = set(map(slug_of, removed))
    kept = tuple(each for each in names if slug_of(each) not in gone)
    known = set(map(slug_of, kept))
    return kept + tuple(each for each in added if slug_of(each) not in known)


def _plain_fields(values: Mapping[str, Any]) -> Mapping[str, Any]:
    plain: dict[str, Any] = {}
    for name, value in values.items():
        if name in DATES:
            plain[name] = value.isoformat() if value else ""
        elif name == "translations":
            plain[name] = {language.value: to_plain(each) for language, each in value.items()}
        else:
            plain[name] = to_plain(value)
    return plain


def _read(name: str, value: Any) -> Any:
    if name in DATES:
        return datetime.fromisoformat(value) if value else None
    if name == "translations":
        return {Language(code): Translation(**each) for code, each in value.items()}
    return tuple(value) if isinstance(value, list) else value
