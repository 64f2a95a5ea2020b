"""Validation of sent values against a form, with all problems by field."""

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from chalicelib.api.body import REQUIRED, Rule, refusal_of, rules_of
from chalicelib.errors import InvalidInput
from chalicelib.language import Text

LONGEST_SECRET_BYTES = 1024
NOT_REPEATED = "The passwords do not match."

_DECIMAL = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,16})?", re.ASCII)
_TRUE = frozenset({"true", "1", "on", "yes"})
_FALSE = frozenset({"false", "0", "off", "no"})
_NEVER_BLANK = frozenset({"integer", "number", "boolean"})
_MOST_DIGITS = 16
# Key of the problems inside nested forms, which are reported for the field itself.
_THE_FIELD_ITSELF = ""

F = TypeVar("F")


def fill(form: type[F], sent: Mapping[str, Any]) -> F:
    """Create the form from the sent values; raise `InvalidInput` with all problems."""
    values: dict[str, Any] = {}
    problems: dict[str, Sequence[str]] = {}
    for name, rule in rules_of(form).items():
        spelled = _spelled(name, rule, sent)
        try:
            values[name] = _value(rule, sent, spelled)
        except InvalidInput as problem:
            problems[spelled] = problem.fields.get(_THE_FIELD_ITSELF, [problem.text])
        else:
            problems[spelled] = _complaints(rule, values[name], values)
    problems = {name: messages for name, messages in problems.items() if messages}
    if problems:
        raise InvalidInput(fields=problems)
    return form(**values)


def require_known(form: type, sent: Mapping[str, Any]) -> None:
    """Raise `InvalidInput` if fields were sent and none of them is known.

    A form without fields ignores what is sent.
    """
    known = {each for name, rule in rules_of(form).items() for each in (name, *rule.aliases)}
    if not sent or not known or known & sent.keys():
        return
    raise refusal_of(sent, "There is no such field.")


def typed(form: type, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Convert the texts of a URL-encoded form to the types of its fields where possible.

    As in forms of Django, a blank number is none, and a blank field that needs none was not sent.
    """
    rules = {each: rule for name, rule in rules_of(form).items() for each in (name, *rule.aliases)}
    values: dict[str, Any] = {}
    for name, value in sent.items():
        rule = rules.get(name)
        kind = _kind(rule.schema) if rule else ""
        text = value[-1] if isinstance(value, list) else value
        if rule and kind in _NEVER_BLANK and not text.strip() and not rule.required:
            values |= {name: None} if rule.may_be_null else {}
        else:
            values[name] = _typed(kind, value)
    return values


def _kind(schema: Mapping[str, Any]) -> str:
    """Return the type of a field; "texts" and "array" are lists of texts and of numbers."""
    kind = schema["type"][0] if isinstance(schema["type"], list) else schema["type"]
    is_texts = kind == "array" and schema["items"]["type"] == "string"
    return "texts" if is_texts else str(kind)


def _typed(kind: str, value: str | list[str]) -> Any:
    if kind == "texts":
        # A form without any entry has an empty one.
        return [each for each in (value if isinstance(value, list) else [value]) if each]
    if kind == "array":
        return [_number(each) for each in (value if isinstance(value, list) else [value])]
    text = value[-1] if isinstance(value, list) else value
    if kind == "integer":
        return _number(text)
    if kind == "number":
        return float(text) if _DECIMAL.fullmatch(text) else text
    if kind == "boolean":
        lowered = text.lower()
        return True if lowered in _TRUE else False if lowered in _FALSE else text
    return text


def _number(text: str) -> int | str:
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else text


def _complaints(rule: Rule, value: Any, values: Mapping[str, Any]) -> Sequence[str]:
    if value is None:
        return []  # an optional field that was not sent
    if rule.repeats:
        is_same = value == values.get(rule.repeats, value)
        return [] if is_same else [NOT_REPEATED]
    return rule.complaints(value, values) if rule.complaints else []


def spelling(form: type, name: str, sent: Mapping[str, Any]) -> str:
    """Return the name that the client used for a field, so that messages use the same."""
    return _spelled(name, rules_of(form)[name], sent)


def _spelled(name: str, rule: Rule, sent: Mapping[str, Any]) -> str:
    return next((known for known in (name, *rule.aliases) if known in sent), name)


def _value(rule: Rule, sent: Mapping[str, Any], name: str) -> Any:
    if name not in sent:
        if rule.required:
            raise InvalidInput(REQUIRED)
        return None
    value = sent[name]
    if value is None and rule.may_be_null:
        return ""
    if value is None:
        raise InvalidInput("This field may not be null.")
    if rule.may_be_text and isinstance(value, str):
        value = _typed(rule.schema["type"], value)
    if reader := _READERS.get(_kind(rule.schema)):
        return reader(rule.schema, value)
    if rule.form and rule.options:
        return _forms(rule.options, rule.form, value)
    return _string(rule, value)


def _boolean(_schema: dict[str, Any], value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput("Must be a valid boolean.")
    return value


def _whole(schema: dict[str, Any], value: Any) -> int:
    # In Python, a bool is an int.
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidInput("A valid integer is required.")
    _require_within(schema, value)
    return value


def _decimal(schema: dict[str, Any], value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise InvalidInput("A valid number is required.")
    _require_within(schema, value)
    return float(value)


def _require_within(schema: dict[str, Any], value: float) -> None:
    # Also of what is no number at all, which Python reads in JSON.
    if not schema["minimum"] <= value <= schema["maximum"]:
        limits = {"least": schema["minimum"], "most": schema["maximum"]}
        raise InvalidInput(Text("Must be from {least} to {most}.", **limits))


def _wholes(schema: dict[str, Any], value: Any) -> list[int]:
    if not isinstance(value, list) or not 0 < len(value) <= schema["maxItems"]:
        raise InvalidInput(Text("Send a list of 1 to {most} numbers.", most=schema["maxItems"]))
    return [_whole(schema["items"], each) for each in value]


def _texts(schema: dict[str, Any], value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > schema["maxItems"]:
        raise InvalidInput(Text("Send a list of at most {most} texts.", most=schema["maxItems"]))
    rule = Rule(schema["items"], longest=schema["items"]["maxLength"])
    return tuple(_string(rule, each) for each in value)


_READERS: dict[str, Callable[[dict[str, Any], Any], Any]] = {
    "boolean": _boolean,
    "integer": _whole,
    "number": _decimal,
    "array": _wholes,
    "texts": _texts,
}


def _string(rule: Rule, value: Any) -> str:
    if not isinstance(value, str) or not _is_encodable(value):
        raise InvalidInput(rule.wrong_type)
    if "\0" in value:
        raise InvalidInput("Null characters are not allowed.")
    value = value.strip() if rule.trimmed else value
    if not value and not rule.may_be_blank:
        raise InvalidInput("This field may not be blank.")
    if rule.longest and len(value) > rule.longest:
        raise InvalidInput(
            Text("Ensure this field has no more than {most} characters.", most=rule.longest)
        )
    if not rule.trimmed and len(value.encode()) > LONGEST_SECRET_BYTES:
        raise InvalidInput(
            Text("Ensure this field has no more than {most} bytes.", most=LONGEST_SECRET_BYTES)
        )
    return _option(rule.options, value) if rule.options else value


def _forms(options: type[StrEnum], form: type, value: Any) -> dict[StrEnum, Any]:
    if not isinstance(value, dict) or not all(isinstance(each, dict) for each in value.values()):
        raise InvalidInput("Send an object of objects.")
    filled: dict[StrEnum, Any] = {}
    problems: list[str] = []
    for name, sent in value.items():
        option = _option(options, name)
        try:
            filled[option] = fill(form, sent)
        except InvalidInput as problem:
            problems += [
                Text("{option}, {field}: {said}", option=option, field=field_name, said=message)
                for field_name, messages in problem.fields.items()
                for message in messages
            ]
    if problems:
        raise InvalidInput(fields={_THE_FIELD_ITSELF: problems})
    return filled


def _option(options: type[StrEnum], value: str) -> StrEnum:
    try:
        return options(value)
    except ValueError:
        raise InvalidInput(Text("Must be one of: {options}.", options=", ".join(options))) from None


def _is_encodable(value: str) -> bool:
    """Return whether a text has no lone surrogate, which no store or hash accepts."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
