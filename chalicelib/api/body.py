"""What a JSON body may hold: forms that parse, complain field by field, and document themselves."""

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from chalicelib.errors import InvalidInput

LARGEST_BODY = 64 * 1024
LONGEST_SECRET_BYTES = 1024

F = TypeVar("F")


class BodyTooLarge(InvalidInput):
    code = "body_too_large"


class NotJson(InvalidInput):
    code = "not_json"


@dataclass(frozen=True, slots=True)
class NoBody:
    """For endpoints that read none; what is sent anyway is ignored."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How one field is spelled and what it may be."""

    schema: dict[str, Any]
    # Other spellings that clients of the backends we replace are known to use.
    also: tuple[str, ...] = ()
    required: bool = True
    longest: int = 0
    trimmed: bool = True
    may_be_blank: bool = False
    repeats: str = ""
    options: type[StrEnum] | None = None
    # Of an object: what lies under each of the options.
    form: type | None = None


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
    return _field(Rule({"type": "string", "format": "email"}, longest=1000))


def secret(*also: str, repeats: str = "") -> Any:
    """A password: taken as it was typed, and never repeated in a message."""
    schema = {"type": "string", "format": "password", "writeOnly": True}
    return _field(Rule(schema, also=also, trimmed=False, repeats=repeats))


def flag(*, required: bool = False) -> Any:
    return _field(Rule({"type": "boolean"}, required=required))


def whole(*, largest: int, required: bool = True) -> Any:
    return _field(Rule(_whole_schema(largest), required=required))


def wholes(*, largest: int, most: int) -> Any:
    """A list of whole numbers."""
    return _field(Rule({"type": "array", "items": _whole_schema(largest), "maxItems": most}))


def _whole_schema(largest: int) -> dict[str, Any]:
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


def parse(raw: bytes | str, content_type: str) -> dict[str, Any]:
    """Turn a request body into an object, or say in one sentence why it is none."""
    if not raw:
        return {}
    if len(raw) > LARGEST_BODY:
        raise BodyTooLarge(f"Send at most {LARGEST_BODY // 1024} kB.")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise NotJson("Send JSON with the content type application/json.")
    try:
        parsed = json.loads(raw)
    except (ValueError, RecursionError):
        raise InvalidInput("This is not valid JSON.") from None
    if not isinstance(parsed, dict):
        raise InvalidInput("Send a JSON object.")
    return parsed


def fill(form: type[F], sent: dict[str, Any]) -> F:
    """Make the form from what was sent; raise `InvalidInput` with all that is wrong."""
    values: dict[str, Any] = {}
    problems: dict[str, list[str]] = {}
    for name, rule in rules_of(form).items():
        spelled = next((known for known in (name, *rule.also) if known in sent), name)
        try:
            values[name] = _value(rule, sent, spelled)
        except InvalidInput as problem:
            problems[spelled] = [str(problem)]
        else:
            if rule.repeats and values[name] != values.get(rule.repeats, values[name]):
                problems[spelled] = ["The passwords do not match."]
    if problems:
        raise InvalidInput(fields=problems)
    return form(**values)


def spelling(form: type, name: str, sent: dict[str, Any]) -> str:
    """The name under which the client knows a field, so that complaints reach the right box."""
    also = rules_of(form)[name].also
    return next((known for known in (name, *also) if known in sent), name)


def _value(rule: Rule, sent: dict[str, Any], name: str) -> Any:
    if name not in sent:
        if rule.required:
            raise InvalidInput("This field is required.")
        return None
    value = sent[name]
    if value is None:
        raise InvalidInput("This field may not be null.")
    if rule.schema["type"] in _READERS:
        return _READERS[rule.schema["type"]](rule.schema, value)
    if rule.form and rule.options:
        return _forms(rule.options, rule.form, value)
    return _string(rule, value)


def _boolean(_schema: dict[str, Any], value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput("Must be a valid boolean.")
    return value


def _whole(schema: dict[str, Any], value: Any) -> int:
    # In Python, unlike in JSON, true is a number.
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidInput("A valid integer is required.")
    if not schema["minimum"] <= value <= schema["maximum"]:
        raise InvalidInput(f"Must be from {schema['minimum']} to {schema['maximum']}.")
    return value


def _wholes(schema: dict[str, Any], value: Any) -> list[int]:
    if not isinstance(value, list) or not 0 < len(value) <= schema["maxItems"]:
        raise InvalidInput(f"Send a list of 1 to {schema['maxItems']} numbers.")
    return [_whole(schema["items"], each) for each in value]


_READERS: dict[str, Callable[[dict[str, Any], Any], Any]] = {
    "boolean": _boolean,
    "integer": _whole,
    "array": _wholes,
}


def _string(rule: Rule, value: Any) -> str:
    if not isinstance(value, str) or not _is_encodable(value):
        raise InvalidInput("Not a valid string.")
    if "\0" in value:
        raise InvalidInput("Null characters are not allowed.")
    value = value.strip() if rule.trimmed else value
    if not value and not rule.may_be_blank:
        raise InvalidInput("This field may not be blank.")
    if rule.longest and len(value) > rule.longest:
        raise InvalidInput(f"Ensure this field has no more than {rule.longest} characters.")
    if not rule.trimmed and len(value.encode()) > LONGEST_SECRET_BYTES:
        raise InvalidInput(f"Ensure this field has no more than {LONGEST_SECRET_BYTES} bytes.")
    return _option(rule.options, value) if rule.options else value


def _forms(options: type[StrEnum], form: type, value: Any) -> dict[StrEnum, Any]:
    if not isinstance(value, dict) or not all(isinstance(each, dict) for each in value.values()):
        raise InvalidInput("Send an object of objects.")
    filled: dict[StrEnum, Any] = {}
    for name, sent in value.items():
        option = _option(options, name)
        try:
            filled[option] = fill(form, sent)
        except InvalidInput as problem:
            field_name, messages = next(iter(problem.fields.items()))
            raise InvalidInput(f"{option}, {field_name}: {messages[0]}") from None
    return filled


def _option(options: type[StrEnum], value: str) -> StrEnum:
    try:
        return options(value)
    except ValueError:
        raise InvalidInput(f"Must be one of: {', '.join(options)}.") from None


def _is_encodable(value: str) -> bool:
    """JSON can spell half a character (a lone surrogate), which no store or hash takes."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
