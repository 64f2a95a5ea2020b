"""Tokens as clients of djangorestframework-simplejwt call them: in bodies, not in cookies."""

from dataclasses import dataclass
from typing import TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import text
from chalicelib.api.core.sessions import SignIn
from chalicelib.api.dialect import DJOSER
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.reply import Reply
from chalicelib.api.request import Call
from chalicelib.wiring import accounts

api = Api(DJOSER, Blueprint(__name__))

_LONGEST_TOKEN = 2000


@dataclass(frozen=True, slots=True)
class RefreshToken:
    refresh: str = text(longest=_LONGEST_TOKEN)


@dataclass(frozen=True, slots=True)
class AnyToken:
    token: str = text(longest=_LONGEST_TOKEN)


class TokenPair(TypedDict):
    refresh: str
    access: str


class AccessToken(TypedDict):
    access: str


class Nothing(TypedDict):
    """An empty object."""


@api.post("/auth/jwt/create", SignIn, access=Access.PUBLIC)
def create(call: Call[SignIn]) -> Reply[TokenPair]:
    """Sign in; the access token goes into `Authorization: Bearer …`."""
    signed_in = accounts.sessions().sign_in_bearer(
        email=call.body.email, password=call.body.password, visitor=call.visitor
    )
    credentials = signed_in.credentials
    pair: TokenPair = {"refresh": str(credentials.refresh), "access": credentials.access}
    return Reply(pair, identity=credentials.identity)


@api.post("/auth/jwt/refresh", RefreshToken, access=Access.PUBLIC)
def refresh(call: Call[RefreshToken]) -> AccessToken:
    """Return a new access token; the refresh token stays the same."""
    return {"access": accounts.sessions().access_for(call.body.refresh, call.visitor)}


@api.post("/auth/jwt/verify", AnyToken, access=Access.PUBLIC)
def verify(call: Call[AnyToken]) -> Nothing:
    """Answer 200 for an access or refresh token that is valid, 401 otherwise."""
    accounts.sessions().require_valid(call.body.token)
    return {}
