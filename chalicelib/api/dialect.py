"""The dialects: how the clients of each read errors, and by what callers are known."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from chalicelib.accounts.model import BadLink, SessionOver, WrongCredentials
from chalicelib.accounts.sessions import RefreshTokenOver, TokenNotValid
from chalicelib.api import drf
from chalicelib.api.content import BodyTooLarge, UnknownContentType
from chalicelib.api.request import (
    BEARER_SCHEMES,
    TOKEN_SCHEME,
    NoTokenSent,
    SeveralTokensSent,
)
from chalicelib.api.routing import MethodNotAllowed
from chalicelib.catalogue.versions import Outdated
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

STATUS: Mapping[type[DomainError], int] = {
    InvalidInput: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    MethodNotAllowed: 405,
    Conflict: 409,
    Outdated: 412,
    BodyTooLarge: 413,
    UnknownContentType: 415,
    TooManyRequests: 429,
    Unavailable: 503,
}


@dataclass(frozen=True, slots=True)
class Dialect:
    name: str
    url_prefix: str = "/api"
    # Where these clients expect other status codes than `STATUS`, and other bodies.
    own_status: Mapping[type[DomainError], int] = field(default_factory=dict)
    own_bodies: Mapping[type[DomainError], drf.Body] = field(default_factory=dict)
    # By these schemes of `Authorization` a caller is known where dialects share a path.
    schemes: frozenset[str] = frozenset()
    # It answers on a shared path as well if the caller sent no such scheme.
    answers_unknown_callers: bool = True
    # A wrong method of a path for accounts is 401 for callers without one.
    asks_who_first: bool = False
    # The header `WWW-Authenticate` of a 401.
    challenge: str = "Bearer"
    # It is left out of the answers to these errors.
    unchallenged: tuple[type[DomainError], ...] = ()
    # Its clients escape text themselves: who sends its scheme gets text of the catalogue plain.
    text_is_plain: bool = False

    def status_of(self, error: DomainError) -> int:
        return _nearest(error, {**STATUS, **self.own_status})

    def body_of(self, error: DomainError) -> drf.Json:
        return _nearest(error, {DomainError: drf.shape, **self.own_bodies})(error)


def _nearest(error: DomainError, table: Mapping[type[DomainError], V]) -> V:
    return next(table[kind] for kind in type(error).__mro__ if kind in table)


# These clients treat a 401 on sign-in as the end of a session; a 400 shows its text.
OFFICIAL = Dialect(
    name="official",
    own_status={WrongCredentials: 400},
    own_bodies={
        Outdated: lambda error: {
            "detail": error.text,
            "version": error.version,
            "differences": error.differences,
        }
    },
)
# The same operations at other paths.
PREFIXED = replace(OFFICIAL, name="prefixed")
# django-rest-authemail.
AUTHEMAIL = Dialect(
    name="authemail",
    own_status={WrongCredentials: 401},
    own_bodies={
        **drf.BODIES,
        BadLink: drf.said("Unable to verify user."),
        WrongCredentials: drf.said("Unable to login with provided credentials."),
        SessionOver: drf.said("Invalid token."),
        NoTokenSent: drf.said("Invalid token header. No credentials provided."),
        SeveralTokensSent: drf.said(
            "Invalid token header. Token string should not contain spaces."
        ),
    },
    schemes=frozenset({TOKEN_SCHEME}),
    answers_unknown_callers=False,
    asks_who_first=True,
    challenge="Token",
    unchallenged=(WrongCredentials,),
    text_is_plain=True,
)
_NOT_VALID = "token_not_valid"
_TWO_VALUES = drf.coded(
    "Authorization header must contain two space-delimited values", "bad_authorization_header"
)
# djoser and djangorestframework-simplejwt.
DJOSER = Dialect(
    name="djoser",
    # To a 401 its client answers with the next refresh, without end.
    own_status={WrongCredentials: 401, RefreshTokenOver: 400},
    own_bodies={
        **drf.BODIES,
        InvalidInput: drf.repeated_or("The two password fields didn't match."),
        BadLink: lambda _: {"token": ["Invalid token for given user."]},
        WrongCredentials: drf.said("No active account found with the given credentials"),
        RefreshTokenOver: drf.coded("Token is invalid", _NOT_VALID),
        TokenNotValid: drf.coded("Token is invalid", _NOT_VALID),
        SessionOver: drf.coded(
            "Given token not valid for any token type",
            _NOT_VALID,
            messages=[
                {
                    "token_class": "AccessToken",
                    "token_type": "access",
                    "message": "Token is invalid",
                }
            ],
        ),
        NoTokenSent: _TWO_VALUES,
        SeveralTokensSent: _TWO_VALUES,
    },
    schemes=BEARER_SCHEMES,
    asks_who_first=True,
    challenge='Bearer realm="api"',
    text_is_plain=True,
)
