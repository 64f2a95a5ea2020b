"""The dialect `official` (decision 0001): its URL prefix, and status and shape of its errors."""

from collections.abc import Mapping
from typing import Any

from chalicelib.accounts.model import WrongCredentials
from chalicelib.api.content import BodyTooLarge, UnknownContentType
from chalicelib.api.routing import MethodNotAllowed
from chalicelib.errors import (
    Conflict,
    DomainError,
    Forbidden,
    InvalidInput,
    NotFound,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)

Json = dict[str, Any]

NAME = "official"
URL_PREFIX = "/api"

STATUS: Mapping[type[DomainError], int] = {
    InvalidInput: 400,
    Unauthenticated: 401,
    # These clients treat a 401 on sign-in as the end of a session; a 400 shows its text.
    WrongCredentials: 400,
    Forbidden: 403,
    NotFound: 404,
    MethodNotAllowed: 405,
    Conflict: 409,
    BodyTooLarge: 413,
    UnknownContentType: 415,
    TooManyRequests: 429,
    Unavailable: 503,
}


def status_of(error: DomainError) -> int:
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def body_of(error: DomainError) -> Json:
    """Return an error in the format of Django REST framework, without further fields."""
    if isinstance(error, InvalidInput) and error.fields:
        return {name: list(messages) for name, messages in error.fields.items()}
    return {"detail": error.text}
