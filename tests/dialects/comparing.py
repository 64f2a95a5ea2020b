"""Compares an answer of ours with the recorded one, and with the deviations that are allowed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any

from tests.dialects.playing import Answer

SEND_JSON = "Send JSON with the content type application/json, or a form that is URL-encoded."
# All that the password policy says of "1".
WEAK = ["Use at least 8 characters.", "Do not use digits only.", "Use more than one character."]


class Reason(Enum):
    """What outranks fidelity to the originals."""

    ENUMERATION = "no dialect reveals whether an account exists"
    CLIENTS = "the clients need it, or a decision taken for them"
    SECURITY = "the answer of the original is a weakness"
    RULES = "our rules for accounts and the catalogue hold in every dialect"
    UNREAD = "no client sends it, or reads the difference"


@dataclass(frozen=True, slots=True)
class Deviation:
    """How our answers to some requests differ on purpose, property by property, and why."""

    dialect: str
    # Patterns as of a shell; every compared request that fits one of them must differ so.
    names: Sequence[str]
    # Our values of `status`, `content_type`, `body`, `www_authenticate`, `location`.
    ours: Mapping[str, Any]
    reason: Reason
    why: str

    def is_about(self, dialect: str, name: str) -> bool:
        is_named = any(fnmatchcase(name, pattern) for pattern in self.names)
        return dialect == self.dialect and is_named


def differences(theirs: Answer, ours: Answer) -> Mapping[str, tuple[Any, Any]]:
    """Return the properties that differ, each with their value and ours.

    An object of ours may have more fields, which clients ignore; an error may not, because some
    clients show each text of it.
    """
    every = {each.name: (getattr(theirs, each.name), getattr(ours, each.name)) for each in _ALL}
    differing = {name: pair for name, pair in every.items() if pair[0] != pair[1]}
    is_error = theirs.status >= 400 or ours.status >= 400
    if "body" in differing and not is_error and _holds(ours.body, theirs.body):
        del differing["body"]
    return differing


_ALL = fields(Answer)


def _holds(ours: Any, theirs: Any) -> bool:
    if isinstance(theirs, dict) and isinstance(ours, dict):
        return all(key in ours and _holds(ours[key], value) for key, value in theirs.items())
    if isinstance(theirs, list) and isinstance(ours, list):
        pairs = zip(ours, theirs, strict=False)
        return len(ours) == len(theirs) and all(_holds(*pair) for pair in pairs)
    return type(ours) is type(theirs) and bool(ours == theirs)


def faults(differing: Mapping[str, tuple[Any, Any]], allowed: Sequence[Deviation]) -> Sequence[str]:
    """Return what differs without a deviation, and deviations that are none."""
    expected = {name: ours for deviation in allowed for name, ours in deviation.ours.items()}
    unexpected = [
        f"{name}: the original has {theirs!r}, ours {ours!r}"
        for name, (theirs, ours) in differing.items()
        if name not in expected or expected[name] != ours
    ]
    needless = [f"{name}: is no deviation" for name in expected if name not in differing]
    return [*unexpected, *needless]
