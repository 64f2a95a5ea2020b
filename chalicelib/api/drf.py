"""Errors as Django REST framework words them, which clients of its backends read."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.accounts.model import NotAnAdmin
from chalicelib.api.content import NotAnObject, NotJson
from chalicelib.api.filling import NOT_REPEATED
from chalicelib.api.routing import MethodNotAllowed
from chalicelib.catalogue.model import CategoryNotFound, VideoNotFound
from chalicelib.errors import DomainError, InvalidInput, Unauthenticated
from chalicelib.language import Text

Json = dict[str, Any]
Body = Callable[[Any], Json]

# Sentences of ours, in its words.
_TEXTS = {
    "Enter a valid e-mail address.": "Enter a valid email address.",
    "This is not your password.": "Invalid password.",
}


def shape(error: DomainError) -> Json:
    """Return an error in its format, without further fields."""
    if isinstance(error, InvalidInput) and error.fields:
        return {name: list(messages) for name, messages in error.fields.items()}
    return {"detail": error.text}


def said(text: str) -> Body:
    return lambda _: {"detail": text}


def coded(text: str, code: str, **more: Any) -> Body:
    return lambda _: {"detail": text, "code": code, **more}


def _fields(error: InvalidInput) -> Json:
    body = shape(error)
    return {
        name: [_TEXTS.get(each, each) for each in texts] if isinstance(texts, list) else texts
        for name, texts in body.items()
    }


def repeated_or(sentence: str) -> Body:
    """Words for fields, with the sentence for a wrong repetition if nothing else is wrong."""

    def body(error: InvalidInput) -> Json:
        named = _fields(error)
        others = {name: texts for name, texts in named.items() if texts != [NOT_REPEATED]}
        return others or {"non_field_errors": [sentence]}

    return body


BODIES: Mapping[type[DomainError], Body] = {
    InvalidInput: _fields,
    NotJson: lambda error: {"detail": f"JSON parse error - {error.reason}"},
    NotAnObject: lambda error: {
        "non_field_errors": [
            Text("Invalid data. Expected a dictionary, but got {kind}.", kind=error.kind)
        ]
    },
    MethodNotAllowed: lambda error: {
        "detail": Text('Method "{method}" not allowed.', method=error.method)
    },
    Unauthenticated: said("Authentication credentials were not provided."),
    NotAnAdmin: said("You do not have permission to perform this action."),
    VideoNotFound: said("No Video matches the given query."),
    CategoryNotFound: said("No Category matches the given query."),
}
