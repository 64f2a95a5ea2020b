"""Accounts as clients of django-rest-authemail call them: one code instead of uid and token."""

from dataclasses import dataclass
from typing import TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody, email, new_secret, secret, text
from chalicelib.api.core.passwords import ResetRequest
from chalicelib.api.core.sessions import SignIn
from chalicelib.api.dialect import AUTHEMAIL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.operation import Query
from chalicelib.api.reply import Reply
from chalicelib.api.request import Call
from chalicelib.wiring import accounts

api = Api(AUTHEMAIL, Blueprint(__name__))

_LONGEST_NAME = 30
_CODE = {"code": Query("The code of the link in the mail.")}


@dataclass(frozen=True, slots=True)
class NamedSignUp:
    email: str = email()
    password: str = new_secret()
    first_name: str | None = text(longest=_LONGEST_NAME, required=False, may_be_blank=True)
    last_name: str | None = text(longest=_LONGEST_NAME, required=False, may_be_blank=True)


@dataclass(frozen=True, slots=True)
class PasswordByCode:
    code: str = text(longest=1000)
    password: str = new_secret()


@dataclass(frozen=True, slots=True)
class KnownPasswordChange:
    password: str = new_secret()
    current_password: str = secret("old_password")


@dataclass(frozen=True, slots=True)
class AddressChange:
    email: str = email()
    current_password: str = secret("password")


class AddressOnly(TypedDict):
    email: str


class SignedUpByName(TypedDict):
    email: str
    first_name: str
    last_name: str


class NamedUser(TypedDict):
    id: int
    email: str
    first_name: str
    last_name: str


class TokenOnly(TypedDict):
    token: str


class Success(TypedDict):
    success: str


@api.post("/accounts/signup", NamedSignUp, access=Access.PUBLIC, success=201)
def sign_up(call: Call[NamedSignUp]) -> SignedUpByName:
    """Sign up; the address must be confirmed with the link of a mail."""
    account = accounts.registration().register(
        email=call.body.email,
        password=call.body.password,
        first_name=call.body.first_name,
        last_name=call.body.last_name,
        visitor=call.visitor,
    )
    return {
        "email": account.email,
        "first_name": account.first_name,
        "last_name": account.last_name,
    }


@api.get("/accounts/signup/verify", access=Access.PUBLIC, query=_CODE)
def verify_sign_up(call: Call[NoBody]) -> Success:
    """Confirm an address with the code of a mail; works once."""
    uid, token = _link(call.query_text("code"))
    accounts.registration().activate(uid=uid, token=token)
    return {"success": "Email address verified."}


@api.post("/accounts/login", SignIn, access=Access.PUBLIC)
def login(call: Call[SignIn]) -> Reply[TokenOnly]:
    """Sign in; the token goes into `Authorization: Token …`."""
    signed_in = accounts.sessions().sign_in_for_token(
        email=call.body.email, password=call.body.password, visitor=call.visitor
    )
    return Reply({"token": str(signed_in.token)}, identity=signed_in.identity)


@api.get("/accounts/logout", access=Access.BY_TOKEN)
def logout(call: Call[NoBody]) -> Reply[Success]:
    """End the session of the token; a session of cookies stays, whichever page asks."""
    ended = accounts.sessions().sign_out(refresh_token="", identity=call.identity)
    return Reply({"success": "User logged out."}, ended=ended)


@api.post("/accounts/password/reset", ResetRequest, access=Access.PUBLIC, success=201)
def request_reset(call: Call[ResetRequest]) -> AddressOnly:
    """Request a mail with a reset code; the answer is the same for an unknown address."""
    accounts.passwords().request_reset(email=call.body.email, visitor=call.visitor)
    return {"email": call.body.email}


@api.get("/accounts/password/reset/verify", access=Access.PUBLIC, query=_CODE)
def verify_reset(call: Call[NoBody]) -> Success:
    """Check the code of a reset mail; it stays valid."""
    uid, token = _link(call.query_text("code"))
    accounts.passwords().require_link(uid=uid, token=token)
    return {"success": "Email address verified."}


@api.post("/accounts/password/reset/verified", PasswordByCode, access=Access.PUBLIC)
def reset(call: Call[PasswordByCode]) -> Success:
    """Set a new password with the code of a mail; works once and ends every session."""
    uid, token = _link(call.body.code)
    accounts.passwords().reset(
        uid=uid,
        token=token,
        password=call.body.password,
        field="password",
        visitor=call.visitor,
    )
    return {"success": "Password reset."}


@api.post("/accounts/password/change", KnownPasswordChange, access=Access.SIGNED_IN)
def change_password(call: Call[KnownPasswordChange]) -> Success:
    """Change the password; all sessions end, also the own one unless it is an API token."""
    accounts.passwords().change(
        call.identity,
        current=call.body.current_password,
        password=call.body.password,
        field="password",
        visitor=call.visitor,
    )
    return {"success": "Password changed."}


@api.post("/accounts/email/change", AddressChange, access=Access.SIGNED_IN, success=201)
def request_address(call: Call[AddressChange]) -> AddressOnly:
    """Request a mail to the new address; the account keeps the old one until it is confirmed."""
    accounts.email_change().request(
        call.identity,
        new_email=call.body.email,
        password=call.body.current_password,
        field="email",
        proof_field=call.spelled("current_password"),
        visitor=call.visitor,
    )
    return {"email": call.body.email}


@api.get("/accounts/email/change/verify", access=Access.PUBLIC, query=_CODE)
def verify_address(call: Call[NoBody]) -> Success:
    """Change the address with the code of the mail that it received."""
    uid, token = _link(call.query_text("code"))
    accounts.email_change().confirm(uid=uid, token=token)
    return {"success": "Email address changed."}


@api.get("/accounts/users/me", access=Access.SIGNED_IN)
def show(call: Call[NoBody]) -> NamedUser:
    """Details of the caller's own account."""
    account = accounts.account_details().of(call.identity)
    return {
        "id": account.id,
        "email": account.email,
        "first_name": account.first_name,
        "last_name": account.last_name,
    }


def _link(code: str) -> tuple[str, str]:
    """Return the uid and the token of a code, which the link of the mail joins."""
    uid, _, token = code.partition("~")
    return uid, token
