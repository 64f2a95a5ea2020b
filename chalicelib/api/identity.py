"""Authentication and authorization of a request, and protection against CSRF."""

import hmac
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto

from chalice.app import Request

from chalicelib.accounts.model import SessionOver
from chalicelib.accounts.sessions import ReplayedToken
from chalicelib.accounts.tokens import Credentials, Identity
from chalicelib.accounts.visitor import Visitor
from chalicelib.api import cookies
from chalicelib.api.auditing import record_replay
from chalicelib.api.cookies import Cookie
from chalicelib.api.request import (
    BAD_TOKEN,
    OUR_SCHEMES,
    TOKEN_SCHEME,
    header,
    scheme_in,
    token_in,
)
from chalicelib.errors import Forbidden, Unauthenticated
from chalicelib.telemetry import count
from chalicelib.wiring import accounts

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_PAGES = frozenset({"", "same-origin", "none"})


class Access(Enum):
    """The authentication that an endpoint requires."""

    PUBLIC = auto()  # none; tokens are ignored
    RENEWAL = auto()  # the refresh cookie; the official client sends no CSRF token here
    OPTIONAL = auto()  # authenticated or anonymous
    SIGNED_IN = auto()
    BY_TOKEN = auto()  # a token in `Authorization`; cookies, which any page can send, do not count
    ADMIN = auto()


class ForeignPage(Forbidden):
    code = "foreign_page"


class DeadCookies(SessionOver):
    """The refresh cookie is invalid, so the answer expires all session cookies."""

    code = "dead_cookies"


@dataclass(frozen=True, slots=True)
class Authentication:
    identity: Identity | None
    renewed_cookies: Sequence[Cookie] = ()


def authenticate(
    request: Request, sent: dict[str, str], visitor: Visitor, *, access: Access
) -> Authentication:
    """Return the identity of the caller, as far as the endpoint requires it."""
    if access in (Access.PUBLIC, Access.RENEWAL):
        return Authentication(None)
    counted = {} if access is Access.BY_TOKEN else sent
    try:
        return _authenticate(request, counted, visitor)
    except Unauthenticated:
        if access is Access.OPTIONAL:
            return Authentication(None)
        raise


def authorize(authentication: Authentication, access: Access) -> None:
    """Raise `NotAnAdmin` if the endpoint is for administrators and the caller is none.

    Separate from `authenticate`, because a refusal must still set the renewed cookies.
    """
    if access is Access.ADMIN and authentication.identity:
        accounts.administration().require_admin(authentication.identity)


def refuse_foreign_pages(
    request: Request, sent: dict[str, str], *, access: Access, allowed: frozenset[str]
) -> None:
    """Raise `ForeignPage` if another site may have made the browser send the request.

    A page cannot forge Origin or Sec-Fetch-Site; a caller without both is no browser. The CSRF
    token in cookie and header is the second line of defence.
    """
    if request.method in _SAFE_METHODS or _scheme(request) in OUR_SCHEMES:
        return  # browsers never add these schemes by themselves, unlike Basic
    origin = header(request, "origin")
    from_us = origin in allowed if origin else header(request, "sec-fetch-site") in _OWN_PAGES
    if not from_us:
        raise ForeignPage("This page may not do that.")
    acts_on_cookies = access not in (Access.PUBLIC, Access.RENEWAL)
    if acts_on_cookies and sent.get(cookies.CSRF) and not _has_csrf_proof(request, sent):
        raise ForeignPage("The CSRF token is missing or wrong.")


def renewed(refresh_token: str, visitor: Visitor, *, csrf: str = "") -> Credentials:
    try:
        return accounts.sessions().renew(refresh_token, visitor, csrf=csrf)
    except ReplayedToken as replayed:
        count("RefreshTokenReplayed")
        record_replay(replayed.session_id, visitor)
        raise DeadCookies from None
    except SessionOver:
        # A concurrent answer may set new cookies, as after a change of the password.
        if accounts.sessions().has_just_ended(refresh_token):
            raise
        raise DeadCookies from None


def _authenticate(request: Request, sent: dict[str, str], visitor: Visitor) -> Authentication:
    if _scheme(request) in OUR_SCHEMES:
        return Authentication(_by_header(header(request, "authorization"), visitor))
    identity = _by_access_cookie(sent)
    if identity:
        return Authentication(identity)
    is_safe = request.method in _SAFE_METHODS
    # Unsafe methods renew the session only with the CSRF token.
    if sent.get(cookies.REFRESH) and (is_safe or _has_csrf_proof(request, sent)):
        csrf = "" if is_safe else sent[cookies.CSRF]
        credentials = renewed(sent[cookies.REFRESH], visitor, csrf=csrf)
        return Authentication(credentials.identity, cookies.signed_in(credentials))
    raise Unauthenticated("Please sign in.")


def _has_csrf_proof(request: Request, sent: dict[str, str]) -> bool:
    """Return whether header and cookie hold the same CSRF token, that of the session."""
    token = sent.get(cookies.CSRF, "")
    repeated = header(request, "x-csrftoken")
    is_repeated = bool(token) and hmac.compare_digest(token.encode(), repeated.encode())
    access = sent.get(cookies.ACCESS, "")
    return is_repeated and accounts.sessions().is_csrf_token_of(access, token)


def _scheme(request: Request) -> str:
    return scheme_in(header(request, "authorization"))


def _by_header(authorization: str, visitor: Visitor) -> Identity:
    token = token_in(authorization)
    if scheme_in(authorization) == TOKEN_SCHEME:
        with suppress(SessionOver):
            return accounts.sessions().identify_by_token(token, visitor)
    elif identity := accounts.sessions().identify(token):
        return identity
    raise SessionOver(BAD_TOKEN)


def _by_access_cookie(sent: dict[str, str]) -> Identity | None:
    token = sent.get(cookies.ACCESS)
    return accounts.sessions().identify(token) if token else None
