"""Which models and fields of a dump hold accounts, videos and what belongs to them."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from infra.terminal import Refusal

_KNOWN = Path(__file__).with_name("known.toml")
_KEYS = frozenset({"models", "fields", "ignored"})


class Kind(StrEnum):
    USERS = "users"
    CATEGORIES = "categories"
    PEOPLE = "people"
    TAGS = "tags"
    VIDEOS = "videos"
    TRANSLATIONS = "translations"
    PROGRESS = "progress"


@dataclass(frozen=True, slots=True)
class Section:
    """The models of one kind, and for each of its values the fields that may hold it."""

    models: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    # Fields that are left out on purpose.
    ignored: frozenset[str]
    # Patterns of the fields of media that are made again.
    remade: tuple[str, ...] = ()
    # Known fields that have no place here.
    left_out: frozenset[str] = frozenset()

    def holds(self, model: str) -> bool:
        return _is_among(model, self.models)

    def maps(self, field: str) -> bool:
        return field in self.ignored or any(field in names for names in self.fields.values())

    def makes_again(self, field: str) -> bool:
        return _is_among(field, self.remade)

    def changed_by(self, name: str, section: Mapping[str, Any]) -> "Section":
        """Return it with the models and fields of a mapping file in front; raise `Refusal`."""
        if unknown := sorted(section.keys() - _KEYS):
            raise Refusal(f"The mapping has {name}.{unknown[0]}; there are {_listed(_KEYS)}.")
        fields = _table(section.get("fields", {}), f"{name}.fields")
        if unknown := sorted(fields.keys() - self.fields.keys()):
            known = _listed(self.fields)
            raise Refusal(f"The mapping has {name}.fields.{unknown[0]}; there are {known}.")
        changed = {key: _names(value, f"{name}.fields.{key}") for key, value in fields.items()}
        models = _names(section.get("models", []), f"{name}.models")
        ignored = _names(section.get("ignored", []), f"{name}.ignored")
        return Section(
            (*models, *self.models),
            {**self.fields, **changed},
            self.ignored | {*ignored},
            self.remade,
            self.left_out,
        )


@dataclass(frozen=True, slots=True)
class DumpMapping:
    sections: Mapping[Kind, Section]
    ignored: tuple[str, ...]

    @classmethod
    def known(cls) -> "DumpMapping":
        """Return the mapping of the dumps of the known backends."""
        plain = tomllib.loads(_KNOWN.read_text(encoding="utf-8"))
        sections = {
            kind: Section(
                tuple(plain[kind]["models"]),
                {name: tuple(fields) for name, fields in plain[kind]["fields"].items()},
                frozenset(plain[kind]["ignored"]),
                tuple(plain[kind].get("remade", ())),
                frozenset(plain[kind].get("left_out", ())),
            )
            for kind in Kind
        }
        return cls(sections, tuple(plain["ignored"]))

    def changed_by(self, path: Path) -> "DumpMapping":
        """Return it with the entries of a TOML or JSON file in front; raise `Refusal`."""
        plain = _table(_read(path), str(path))
        if unknown := sorted(plain.keys() - {*Kind, "ignored"}):
            kinds = _listed([*Kind, "ignored"])
            raise Refusal(f"The mapping has {unknown[0]}; there are {kinds}.")
        sections = {
            kind: section.changed_by(kind, _table(plain.get(kind, {}), kind))
            for kind, section in self.sections.items()
        }
        return DumpMapping(sections, (*_names(plain.get("ignored", []), "ignored"), *self.ignored))

    def kind_of(self, model: str) -> Kind | None:
        return next((kind for kind, each in self.sections.items() if each.holds(model)), None)

    def ignores(self, model: str) -> bool:
        return _is_among(model, self.ignored)


def _is_among(model: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(model, pattern) for pattern in patterns)


def _read(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
        return json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise Refusal(f"The mapping {path} cannot be read: {error}") from error


def _table(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Refusal(f"In the mapping, {name} must be a table.")
    return value


def _names(value: Any, name: str) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise Refusal(f"In the mapping, {name} must be a name or a list of names.")
    return tuple(listed)


def _listed(names: Any) -> str:
    return ", ".join(sorted(names))
