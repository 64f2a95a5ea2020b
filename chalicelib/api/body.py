"""What a body may hold: forms, whose fields have rules and document themselves."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from chalicelib.accounts.model import canonical_email
from chalicelib.accounts.password_policy import require_strong
from chalicelib.errors import InvalidInput

_PASSWORD = {"type": "string", "format": "password", "writeOnly": True}


@dataclass(frozen=True, slots=True)
class NoBody:
    """For endpoints that read none; what is sent anyway is ignored."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How one field is spelled and what it may be."""

    schema: dict[str, Any]
    # Other spellings that clients of the backends we replace are known to use.
    aliases: tuple[str, ...] = ()
    required: bool = True
    longest: int = 0
    trimmed: bool = True
    may_be_blank: bool = False
    repeats: str = ""
    options: type[StrEnum] | None = None
    # Of an object: what lies under each of the options.
    form: type | None = None
    # What else is wrong with a value, seen beside those of the fields above it.
    complaints: Callable[[str, Mapping[str, Any]], Sequence[str]] | None = None


def text(*, longest: int, required: bool = True, may_be_blank: bool = False) -> Any:
    rule = Rule(
        {"type": "string", "maxLength": longest},
        longest=longest,
        required=required,
        may_be_blank=may_be_blank,
    )
    return _field(rule)


def email() -> Any:
    # Longer than an address may be: what is too long for one is said by the rules for addresses.
    schema = {"type": "string", "format": "email"}
    return _field(Rule(schema, longest=1000, complaints=_bad_address))


def secret(*aliases: str, repeats: str = "") -> Any:
    """A password: taken as it was typed, and never repeated in a message."""
    return _field(Rule(_PASSWORD, aliases=aliases, trimmed=False, repeats=repeats))


def new_secret(*aliases: str) -> Any:
    """A password to be: with all that makes it a weak one, as far as the form can tell."""
    return _field(Rule(_PASSWORD, aliases=aliases, trimmed=False, complaints=_weaknesses))


def flag(*, required: bool = False) -> Any:
    return _field(Rule({"type": "boolean"}, required=required))


def whole(*, largest: int, required: bool = True) -> Any:
    return _field(Rule(whole_schema(largest), required=required))


def percentage(*, required: bool = True) -> Any:
    schema = {"type": "number", "minimum": 0, "maximum": 100}
    return _field(Rule(schema, required=required))


def wholes(*, largest: int, most: int) -> Any:
    """A list of whole numbers."""
    return _field(Rule({"type": "array", "items": whole_schema(largest), "maxItems": most}))


def whole_schema(largest: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": largest}


def choice(options: type[StrEnum], *, required: bool = False) -> Any:
    schema = {"type": "string", "enum": [*options]}
    return _field(Rule(schema, required=required, options=options))


def per(options: type[StrEnum], form: type) -> Any:
    """An object with a form of its own under some or all of the options."""
    rules = rules_of(form)
    one = {
        "type": "object",
        "properties": {name: rule.schema for name, rule in rules.items()},
        "required": [name for name, rule in rules.items() if rule.required],
    }
    schema = {"type": "object", "properties": {each.value: one for each in options}}
    return _field(Rule(schema, required=False, options=options, form=form))


def _field(rule: Rule) -> Any:
    if rule.required:
        return field(metadata={"rule": rule})
    return field(metadata={"rule": rule}, default=None)


def rules_of(form: type) -> dict[str, Rule]:
    return {each.name: each.metadata["rule"] for each in dataclasses.fields(form)}


def _bad_address(value: str, _: Mapping[str, Any]) -> Sequence[str]:
    try:
        canonical_email(value)
    except InvalidInput as problem:
        return problem.fields["email"]
    return []


def _weaknesses(value: str, values: Mapping[str, Any]) -> Sequence[str]:
    try:
        # Without an address where the link of a mail or a session says whose password it is.
        require_strong(value, email=values.get("email", ""))
    except InvalidInput as problem:
        return problem.fields["password"]
    return []
