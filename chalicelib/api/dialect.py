"""A dialect: the URL prefix, error shape and status codes of one family of clients."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
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

STATUS: Mapping[type[DomainError], int] = {
    InvalidInput: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    MethodNotAllowed: 405,
    Conflict: 409,
    BodyTooLarge: 413,
    UnknownContentType: 415,
    TooManyRequests: 429,
    Unavailable: 503,
}


def drf_shape(error: DomainError) -> Json:
    """Return an error in the format of Django REST framework, without further fields."""
    if isinstance(error, InvalidInput) and error.fields:
        return {name: list(messages) for name, messages in error.fields.items()}
    return {"detail": error.text}


@dataclass(frozen=True, slots=True)
class Dialect:
    name: str
    url_prefix: str
    render_error: Callable[[DomainError], Json] = drf_shape
    # Status codes that differ from `STATUS` for these clients.
    own_status: Mapping[type[DomainError], int] = field(default_factory=dict)
    # By these schemes of `Authorization` a caller is known where dialects share a path.
    schemes: frozenset[str] = frozenset()

    def status_of(self, error: DomainError) -> int:
        table = {**STATUS, **self.own_status}
        return next(table[kind] for kind in type(error).__mro__ if kind in table)


# These clients treat a 401 on sign-in as the end of a session; a 400 shows its text.
OFFICIAL = Dialect(name="official", url_prefix="/api", own_status={WrongCredentials: 400})

# The same operations under other paths.
PREFIXED = replace(OFFICIAL, name="prefixed")
