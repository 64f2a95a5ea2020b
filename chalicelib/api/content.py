"""Parsing of request bodies: a JSON object, a URL-encoded form, or a multipart form."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from chalicelib.api.multipart import FILES_ARE_UPLOADED, MULTIPART, pairs_of
from chalicelib.errors import InvalidInput
from chalicelib.language import Text

LARGEST_BODY = 64 * 1024

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 200
_NO_FORM = "This is not a valid form."


class BodyTooLarge(InvalidInput):
    code = "body_too_large"


class UnknownContentType(InvalidInput):
    code = "unknown_content_type"


class NotJson(InvalidInput):
    code = "not_json"
    sentence = "This is not valid JSON."

    def __init__(self, reason: str) -> None:
        super().__init__()
        # Where the parser stopped, without the text there.
        self.reason = reason


class NotAnObject(InvalidInput):
    code = "not_an_object"
    sentence = "Send a JSON object."

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Content:
    """The fields of a body by name; those of a form are text, or lists of text if repeated."""

    fields: dict[str, Any] = field(default_factory=dict, repr=False)
    is_form: bool = False


def read(raw: bytes | str, content_type: str) -> Content:
    """Parse the body of a request; raise `InvalidInput` if it is malformed."""
    if not raw:
        return Content()
    kind = content_type.partition(";")[0].strip().lower()
    if len(raw) > LARGEST_BODY:
        is_file = kind == MULTIPART
        most = Text("Send at most {most} kB.", most=LARGEST_BODY // 1024)
        raise BodyTooLarge(FILES_ARE_UPLOADED if is_file else most)
    if kind == JSON:
        return Content(_from_json(raw))
    if kind == FORM:
        return Content(_from_form(raw), is_form=True)
    if kind == MULTIPART:
        return Content(_from_multipart(raw, content_type), is_form=True)
    raise UnknownContentType(
        "Send JSON with the content type application/json, or a form that is URL-encoded."
    )


def _from_json(raw: bytes | str) -> dict[str, Any]:
    try:
        parsed = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error) if isinstance(error, json.JSONDecodeError) else "") from None
    if not isinstance(parsed, dict):
        raise NotAnObject(type(parsed).__name__)
    return parsed


def _from_form(raw: bytes | str) -> dict[str, Any]:
    try:
        text = raw if isinstance(raw, str) else raw.decode()
        pairs = parse_qsl(
            text,
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise InvalidInput(_NO_FORM) from None
    return _gathered(pairs)


def _from_multipart(raw: bytes | str, content_type: str) -> dict[str, Any]:
    binary = raw.encode() if isinstance(raw, str) else raw
    try:
        pairs = pairs_of(binary, content_type, most=_MOST_FIELDS)
    except ValueError:
        raise InvalidInput(_NO_FORM) from None
    return _gathered(pairs)


def _gathered(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in pairs:
        before = fields.get(name)
        fields[name] = value if before is None else [*_listed(before), value]
    return fields


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]
