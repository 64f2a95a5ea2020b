"""Endpoints for registration: sign up, and confirm the address."""

from dataclasses import dataclass
from typing import TypedDict

from chalice.app import Blueprint

from chalicelib.api import cookies
from chalicelib.api.body import NoBody, email, new_secret, secret
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.reply import Detail, Reply
from chalicelib.api.request import Call
from chalicelib.wiring import accounts

api = Api(OFFICIAL, Blueprint(__name__))


@dataclass(frozen=True, slots=True)
class SignUp:
    email: str = email()
    password: str = new_secret()
    confirmed_password: str = secret("password_confirm", "re_password", repeats="password")


@dataclass(frozen=True, slots=True)
class ActivationRequest:
    email: str = email()


class NewUser(TypedDict):
    id: int
    email: str


class SignedUp(TypedDict):
    user: NewUser
    token: str


class Activated(TypedDict):
    """The same sentence in two fields, because clients read either."""

    message: str
    detail: str


@api.post("/register", SignUp, access=Access.PUBLIC, success=201)
def register(call: Call[SignUp]) -> SignedUp:
    """Sign up; the address must be confirmed with the link of a mail.

    The answer is the same for an address that has an account. `token` is a placeholder for clients
    that expect the field; only the mail contains the token.
    """
    account = accounts.registration().register(
        email=call.body.email, password=call.body.password, visitor=call.visitor
    )
    return {"user": {"id": account.id, "email": account.email}, "token": "sent-by-mail"}


@api.post("/resend_activation", ActivationRequest, access=Access.PUBLIC)
def resend_activation(call: Call[ActivationRequest]) -> Detail:
    """Request the activation mail again; the answer is the same for every address."""
    accounts.registration().resend_activation(email=call.body.email, visitor=call.visitor)
    return {"detail": "If an account waits for its activation, an e-mail has been sent."}


@api.get("/activate/{uid}/{token}", access=Access.PUBLIC)
def activate(call: Call[NoBody], uid: str, token: str) -> Reply[Activated]:  # noqa: ARG001
    """Confirm an address with the link of a mail; works once."""
    account = accounts.registration().activate(uid=uid, token=token)
    sentence = "Account successfully activated."
    device = cookies.device(accounts.sessions().device_token(account))
    return Reply({"message": sentence, "detail": sentence}, [device])
