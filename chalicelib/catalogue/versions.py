"""Versions of what administrators write, and whether it has changed since they read it."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from chalicelib.catalogue.model import Card, Category, Video
from chalicelib.errors import Conflict
from chalicelib.stored import to_plain

Values = Mapping[str, Any]

_WHOLE_BYTES = 12
# Of each value, to tell which ones differ.
_CHARACTERS = 2
_BETWEEN = "."


class Outdated(Conflict):
    """What is stored is none of the versions that the caller knows."""

    code = "outdated"
    sentence = "This was changed meanwhile. Please compare, and try again."

    def __init__(self, version: str, differences: Mapping[str, Values]) -> None:
        super().__init__()
        self.version = version
        # What is stored by field, and what the caller sent.
        self.differences = differences


@dataclass(frozen=True, slots=True)
class KnownVersions:
    """The versions that a caller knows, one of which is to be stored, and what he sends."""

    versions: Sequence[str]
    sent: Values = field(default_factory=dict)

    def require(self, stored: Values) -> None:
        """Raise `Outdated` with all that differs."""
        version = version_of(stored)
        if version in self.versions:
            return
        changed = _changed(next(iter(self.versions), ""), version, sorted(stored))
        raise Outdated(version, {name: self._difference(name, stored) for name in changed})

    def _difference(self, name: str, stored: Values) -> Values:
        sent = {"sent": self.sent[name]} if name in self.sent else {}
        return {"stored": stored[name], **sent}


def values_of_video(video: Video) -> Values:
    """Return what administrators write of a video, as they send it."""
    card = replace(video.card, translations={})
    translations = {
        language.value: to_plain(each) for language, each in video.card.translations.items()
    }
    values = {each.name: to_plain(getattr(card, each.name)) for each in fields(Card)}
    return {**values, "translations": translations, "is_published": video.is_published}


def values_of_category(category: Category) -> Values:
    translations = {
        language.value: {"name": each} for language, each in category.translations.items()
    }
    return {"name": category.name, "translations": translations}


def version_of_video(video: Video) -> str:
    return version_of(values_of_video(video))


def version_of_category(category: Category) -> str:
    return version_of(values_of_category(category))


def version_of(values: Values) -> str:
    """Return a text that is another one for other values."""
    digests = [_digest(values[name])[:_CHARACTERS] for name in sorted(values)]
    return f"{_digest(values)}{_BETWEEN}{''.join(digests)}"


def _changed(known: str, version: str, names: Sequence[str]) -> Sequence[str]:
    """Return the names of values that differ; all, if the known version cannot tell."""
    ours, theirs = (each.partition(_BETWEEN)[2] for each in (version, known))
    if len(ours) != len(theirs):
        return names
    starts = (number * _CHARACTERS for number in range(len(names)))
    differ = [
        ours[start : start + _CHARACTERS] != theirs[start : start + _CHARACTERS] for start in starts
    ]
    return [name for name, is_other in zip(names, differ, strict=True) if is_other] or names


def _digest(values: Any) -> str:
    text = json.dumps(values, sort_keys=True)
    digest = hashlib.blake2b(text.encode(), digest_size=_WHOLE_BYTES).digest()
    return urlsafe_b64encode(digest).decode()
