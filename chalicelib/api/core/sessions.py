"""Endpoints for sessions: sign in, renew, sign out, list, end, and issue API tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, TypedDict

from chalice.app import Blueprint

from chalicelib.accounts.session import (
    API_TOKEN_LIFE,
    LONGEST_LABEL,
    Session,
    SessionId,
    SessionKind,
)
from chalicelib.accounts.tokens import Identity
from chalicelib.api import cookies
from chalicelib.api.body import NoBody, email, secret, text, whole
from chalicelib.api.core.text_form import TEXT_FORM, said
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access, renewed
from chalicelib.api.reply import Detail, Reply
from chalicelib.api.request import Call
from chalicelib.errors import Unauthenticated
from chalicelib.wiring import accounts

api = Api(OFFICIAL, Blueprint(__name__))


@dataclass(frozen=True, slots=True)
class SignIn:
    email: str = email()
    password: str = secret()


@dataclass(frozen=True, slots=True)
class TokenRequest:
    label: str = text(longest=LONGEST_LABEL)
    password: str = secret("current_password")
    expires_in_days: int | None = whole(largest=API_TOKEN_LIFE.days, required=False)


class SignedInUser(TypedDict):
    """The address under two names, because clients read either."""

    id: int
    username: str
    email: str


class SignedIn(TypedDict):
    detail: str
    user: SignedInUser


class Refreshed(TypedDict):
    detail: str
    access: str


class SessionShape(TypedDict):
    """A session, or an API token; its label is HTML or plain, as `text` says."""

    id: str
    kind: Annotated[str, SessionKind]
    label: str
    address: str
    created_at: str
    last_used_at: str
    expires_at: str
    is_current: bool


class IssuedToken(TypedDict):
    token: str
    session: SessionShape


@api.post("/login", SignIn, access=Access.PUBLIC)
def login(call: Call[SignIn]) -> Reply[SignedIn]:
    """Sign in; the tokens are set as HttpOnly cookies, never in the body."""
    signed_in = accounts.sessions().sign_in(
        email=call.body.email,
        password=call.body.password,
        visitor=call.visitor,
        earlier_refresh_token=call.cookies.get(cookies.REFRESH, ""),
    )
    account = signed_in.account
    user: SignedInUser = {"id": account.id, "username": account.email, "email": account.email}
    return Reply(
        {"detail": "Login successful", "user": user},
        [*cookies.signed_in(signed_in.credentials), cookies.device(signed_in.device_token)],
        identity=signed_in.credentials.identity,
        ended=signed_in.ended,
    )


@api.post("/token/refresh", NoBody, access=Access.RENEWAL)
def refresh(call: Call[NoBody]) -> Reply[Refreshed]:
    """Renew the cookies with the refresh cookie; `access` is a placeholder for older clients."""
    token = call.cookies.get(cookies.REFRESH)
    if not token:
        raise Unauthenticated("Please sign in.")
    credentials = renewed(token, call.visitor)
    return Reply(
        {"detail": "Token refreshed", "access": "in-the-cookie"}, cookies.signed_in(credentials)
    )


@api.post("/logout", NoBody, access=Access.OPTIONAL)
def logout(call: Call[NoBody]) -> Reply[Detail]:
    """Sign out: end the session and expire the cookies; succeeds also if it is over already."""
    ended = accounts.sessions().sign_out(
        refresh_token=call.cookies.get(cookies.REFRESH, ""), identity=call.identity_if_any
    )
    return Reply(
        {"detail": "Logout successful! All tokens will be deleted. Refresh token is now invalid."},
        cookies.signed_out(),
        cookies.FORGET_ANSWERS,
        ended=ended,
    )


@api.get("/user/sessions", access=Access.SIGNED_IN, query=TEXT_FORM)
def list_sessions(call: Call[NoBody]) -> Sequence[SessionShape]:
    """List the sessions of this account, the newest first."""
    identity, is_plain = call.identity, call.text_is_plain
    return [_shape(each, identity, is_plain) for each in accounts.sessions().listed(identity)]


@api.delete("/user/sessions", NoBody, access=Access.SIGNED_IN)
def end_other_sessions(call: Call[NoBody]) -> Reply[Detail]:
    """End all other sessions of this account."""
    account = accounts.sessions().end_others(call.identity)
    device = cookies.device(accounts.sessions().device_token(account))
    return Reply({"detail": "All other sessions have ended."}, [device])


@api.delete("/user/sessions/{session_id}", NoBody, access=Access.SIGNED_IN)
def end_session(call: Call[NoBody], session_id: str) -> Detail:
    """End one session of this account."""
    accounts.sessions().end(call.identity, SessionId(session_id))
    return {"detail": "The session has ended."}


@api.post("/user/tokens", TokenRequest, access=Access.SIGNED_IN, success=201, query=TEXT_FORM)
def issue_token(call: Call[TokenRequest]) -> IssuedToken:
    """Issue an API token for `Authorization: Token …`; only this answer contains it."""
    days, is_plain = call.body.expires_in_days, call.text_is_plain
    session, token = accounts.sessions().issue_api_token(
        call.identity,
        label=call.body.label,
        password=call.body.password,
        visitor=call.visitor,
        life=timedelta(days=days) if days else None,
    )
    return {"token": str(token), "session": _shape(session, call.identity, is_plain)}


def _shape(session: Session, identity: Identity, is_plain: bool) -> SessionShape:
    return {
        "id": session.id,
        "kind": session.kind.value,
        "label": said(session.label, is_plain=is_plain),
        "address": session.address,
        "created_at": session.created_at.isoformat(),
        "last_used_at": session.renewed_at.isoformat(),
        "expires_at": session.ends_at.isoformat(),
        "is_current": session.id == identity.session_id,
    }
