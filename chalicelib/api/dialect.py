"""The dialects: how each family of clients reads errors, and by what it is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from chalicelib.accounts.model import BadLink, NotAnAdmin, SessionOver, WrongCredentials
from chalicelib.accounts.sessions import RefreshTokenOver
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

V = TypeVar("V")
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
    url_prefix: str = "/api"
    # Where these clients expect other status codes than `STATUS`, and other bodies.
    own_status: Mapping[type[DomainError], int] = field(default_factory=dict)
    own_bodies: Mapping[type[DomainError], Json] = field(default_factory=dict)
    # By these schemes of `Authorization` a caller is known where dialects share a path.
    schemes: frozenset[str] = frozenset()
    # The header `WWW-Authenticate` of a 401.
    challenge: str = "Bearer"
    # Its clients escape text themselves, so text of the catalogue is not answered as HTML.
    text_is_plain: bool = False

    def status_of(self, error: DomainError) -> int:
        return _nearest(error, {**STATUS, **self.own_status})

    def body_of(self, error: DomainError) -> Json:
        return _nearest(error, {DomainError: drf_shape(error), **self.own_bodies})


def _nearest(error: DomainError, table: Mapping[type[DomainError], V]) -> V:
    return next(table[kind] for kind in type(error).__mro__ if kind in table)


# These clients treat a 401 on sign-in as the end of a session; a 400 shows its text.
OFFICIAL = Dialect(name="official", own_status={WrongCredentials: 400})
# The same operations at other paths.
PREFIXED = replace(OFFICIAL, name="prefixed")
# django-rest-authemail.
AUTHEMAIL = Dialect(
    name="authemail",
    own_status={WrongCredentials: 401},
    own_bodies={
        BadLink: {"detail": "Unable to verify user."},
        WrongCredentials: {"detail": "Unable to login with provided credentials."},
        SessionOver: {"detail": "Invalid token."},
        Unauthenticated: {"detail": "Authentication credentials were not provided."},
    },
    text_is_plain=True,
    schemes=frozenset({"token"}),
    challenge="Token",
)
# djoser and djangorestframework-simplejwt.
DJOSER = Dialect(
    name="djoser",
    # To a 401 its client answers with the next refresh, without end.
    own_status={WrongCredentials: 401, RefreshTokenOver: 400},
    own_bodies={
        BadLink: {"token": ["Invalid token for given user."]},
        WrongCredentials: {"detail": "No active account found with the given credentials"},
        RefreshTokenOver: {"detail": "Token is invalid", "code": "token_not_valid"},
        SessionOver: {
            "detail": "Given token not valid for any token type",
            "code": "token_not_valid",
        },
        Unauthenticated: {"detail": "Authentication credentials were not provided."},
        NotAnAdmin: {"detail": "You do not have permission to perform this action."},
    },
    text_is_plain=True,
    schemes=frozenset({"bearer", "jwt"}),
    challenge='Bearer realm="api"',
)
