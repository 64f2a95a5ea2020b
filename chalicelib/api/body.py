"""Forms: dataclasses that define the fields of a body, their rules and their JSON schema."""

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.accounts.model import canonical_email
from chalicelib.accounts.password_policy import require_strong
from chalicelib.errors import InvalidInput

REQUIRED = "This field is required."
_NAME = re.compile(r"[a-z][a-z0-9_]{0,49}", re.ASCII)
_PASSWORD = {"type": "string", "format": "password", "writeOnly": True}


@dataclass(frozen=True, slots=True)
class NoBody:
    """The form of endpoints without a body; a body is ignored."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Names, type and limits of one field."""

    schema: dict[str, Any]
    # Other names of the field, which clients of replaced backends use.
    aliases: tuple[str, ...] = ()
    required: bool = True
    longest: int = 0
    trimmed: bool = True
    may_be_blank: bool = False
    # Null stands for an empty text, also of a number, which has none otherwise.
    may_be_null: bool = False
    repeats: str = ""
    options: type[StrEnum] | None = None
    # The form of an object under each of the options.
    form: type | None = None
    # A number may be sent as text.
    may_be_text: bool = False
    # What is said of a value that is no text.
    wrong_type: str = "Not a valid string."
    # Further problems of a value, given the values of the fields before it.
    complaints: Callable[[str, Mapping[str, Any]], Sequence[str]] | None = None


def text(
    *, longest: int, required: bool = True, may_be_blank: bool = False, may_be_null: bool = False
) -> Any:
    rule = Rule(
        {"type": ["string", "null"] if may_be_null else "string", "maxLength": longest},
        longest=longest,
        required=required,
        may_be_blank=may_be_blank,
        may_be_null=may_be_null,
    )
    return _field(rule)


def email(*aliases: str) -> Any:
    # Longer than any address: the rules for addresses report a length over their limit.
    schema = {"type": "string", "format": "email"}
    return _field(
        Rule(
            schema,
            aliases=aliases,
            longest=1000,
            wrong_type="Enter a valid e-mail address.",
            complaints=_bad_address,
        )
    )


def secret(*aliases: str, repeats: str = "", required: bool = True) -> Any:
    """A password, taken unchanged and never repeated in a message."""
    return _field(
        Rule(_PASSWORD, aliases=aliases, trimmed=False, repeats=repeats, required=required)
    )


def new_secret(*aliases: str) -> Any:
    """A new password, checked against the password policy."""
    return _field(Rule(_PASSWORD, aliases=aliases, trimmed=False, complaints=_weaknesses))


def flag(*, required: bool = False) -> Any:
    return _field(Rule({"type": "boolean"}, required=required))


def matching(fits: Callable[[str], object], *, pattern: str, otherwise: str) -> Any:
    """A text of this pattern; the message says which texts are accepted."""

    def complaints(value: str, _: Mapping[str, Any]) -> Sequence[str]:
        return [] if fits(value) else [otherwise]

    schema = {"type": "string", "pattern": f"^{pattern}$"}
    return _field(
        Rule(schema, required=False, longest=100, may_be_blank=True, complaints=complaints)
    )


def moment(*, may_be_blank: bool = False) -> Any:
    """A time in ISO 8601 with its offset, left as text; blank or null for none, if it may be."""
    schema = {"type": ["string", "null"] if may_be_blank else "string", "format": "date-time"}
    return _field(
        Rule(
            schema,
            required=False,
            longest=50,
            may_be_blank=may_be_blank,
            may_be_null=may_be_blank,
            complaints=_bad_moment,
        )
    )


def whole(
    *,
    largest: int,
    smallest: int = 1,
    required: bool = True,
    may_be_text: bool = False,
    may_be_null: bool = False,
) -> Any:
    schema = {**whole_schema(largest), "minimum": smallest}
    if may_be_null:
        schema["type"] = ["integer", "null"]
    return _field(Rule(schema, required=required, may_be_text=may_be_text, may_be_null=may_be_null))


def percentage(*, required: bool = True) -> Any:
    return decimal(largest=100, required=required)


def decimal(*, largest: int, required: bool = True, may_be_text: bool = False) -> Any:
    schema = {"type": "number", "minimum": 0, "maximum": largest}
    return _field(Rule(schema, required=required, may_be_text=may_be_text))


def wholes(*, largest: int, most: int, required: bool = True) -> Any:
    """A list of whole numbers."""
    schema = {"type": "array", "items": whole_schema(largest), "maxItems": most}
    return _field(Rule(schema, required=required))


def texts(*, most: int, longest: int) -> Any:
    """A list of texts, which may be empty."""
    items = {"type": "string", "maxLength": longest}
    return _field(Rule({"type": "array", "items": items, "maxItems": most}, required=False))


def whole_schema(largest: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": largest}


def choice(options: type[StrEnum], *, required: bool = False) -> Any:
    schema = {"type": "string", "enum": [*options]}
    return _field(Rule(schema, required=required, options=options))


def per(options: type[StrEnum], form: type) -> Any:
    """An object that maps some or all of the options to a form."""
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


def refusal_of(fields: Iterable[str], problem: str) -> InvalidInput:
    """Return the error of fields; only plain names are repeated, because pages show the answer."""
    named = [name for name in fields if _NAME.fullmatch(name)]
    return InvalidInput(problem, fields={name: [problem] for name in named})


def rules_of(form: type) -> dict[str, Rule]:
    return {each.name: each.metadata["rule"] for each in dataclasses.fields(form)}


def _bad_address(value: str, _: Mapping[str, Any]) -> Sequence[str]:
    try:
        canonical_email(value)
    except InvalidInput as problem:
        return problem.fields["email"]
    return []


def _bad_moment(value: str, _: Mapping[str, Any]) -> Sequence[str]:
    try:
        has_offset = not value or datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        has_offset = False
    return [] if has_offset else ["Send a time with its offset, such as 2026-01-02T03:04:05Z."]


def _weaknesses(value: str, values: Mapping[str, Any]) -> Sequence[str]:
    try:
        # Without an address if a link or a session identifies the account.
        require_strong(value, email=values.get("email", ""))
    except InvalidInput as problem:
        return problem.fields["password"]
    return []
