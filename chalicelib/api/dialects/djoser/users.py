"""Accounts as clients of djoser call them: users, with empty answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from chalice.app import Blueprint

from chalicelib.accounts.model import Account
from chalicelib.api.body import NoBody, email, new_secret, secret, text
from chalicelib.api.core.passwords import ResetRequest
from chalicelib.api.core.registration import NewUser
from chalicelib.api.dialect import DJOSER
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.request import Call
from chalicelib.wiring import accounts, viewing

api = Api(DJOSER, Blueprint(__name__))

_LONGEST_TOKEN = 1000


@dataclass(frozen=True, slots=True)
class RepeatedSignUp:
    email: str = email()
    password: str = new_secret()
    re_password: str = secret(repeats="password")


@dataclass(frozen=True, slots=True)
class MailedLink:
    uid: str = text(longest=_LONGEST_TOKEN)
    token: str = text(longest=_LONGEST_TOKEN)


@dataclass(frozen=True, slots=True)
class PasswordByLink:
    uid: str = text(longest=_LONGEST_TOKEN)
    token: str = text(longest=_LONGEST_TOKEN)
    new_password: str = new_secret()
    re_new_password: str | None = secret(repeats="new_password", required=False)


@dataclass(frozen=True, slots=True)
class NewPasswordOfUser:
    new_password: str = new_secret()
    current_password: str = secret()
    re_new_password: str | None = secret(repeats="new_password", required=False)


@dataclass(frozen=True, slots=True)
class NewAddressOfUser:
    new_email: str = email()
    current_password: str = secret()


@dataclass(frozen=True, slots=True)
class NewAddressByLink:
    new_email: str = email()
    uid: str = text(longest=_LONGEST_TOKEN)
    token: str = text(longest=_LONGEST_TOKEN)


@dataclass(frozen=True, slots=True)
class UserChange:
    """A user has no field that can be changed here; what is sent must be JSON."""


@dataclass(frozen=True, slots=True)
class UserDeletion:
    current_password: str = secret()


class PlainUser(TypedDict):
    id: int
    email: str


@api.post("/auth/users", RepeatedSignUp, access=Access.PUBLIC, success=201)
def sign_up(call: Call[RepeatedSignUp]) -> NewUser:
    """Sign up; the address must be confirmed with the link of a mail."""
    account = accounts.registration().register(
        email=call.body.email, password=call.body.password, visitor=call.visitor
    )
    return {"email": account.email, "id": account.id}


@api.get("/auth/users", access=Access.SIGNED_IN)
def list_users(call: Call[NoBody]) -> Sequence[PlainUser]:
    """List the caller's own account."""
    return [_shape(accounts.account_details().of(call.identity))]


@api.post("/auth/users/activation", MailedLink, access=Access.PUBLIC, success=204)
def activate(call: Call[MailedLink]) -> None:
    """Confirm an address with the link of a mail; works once."""
    accounts.registration().activate(uid=call.body.uid, token=call.body.token)


@api.post("/auth/users/resend_activation", ResetRequest, access=Access.PUBLIC, success=204)
def resend_activation(call: Call[ResetRequest]) -> None:
    """Request the mail of a sign-up again; the answer is the same for an unknown address."""
    accounts.registration().resend_activation(email=call.body.email, visitor=call.visitor)


@api.get("/auth/users/me", access=Access.SIGNED_IN)
def show(call: Call[NoBody]) -> PlainUser:
    """Details of the caller's own account."""
    return _shape(accounts.account_details().of(call.identity))


@api.put("/auth/users/me", UserChange, access=Access.SIGNED_IN)
def replace(call: Call[UserChange]) -> PlainUser:
    """Change nothing: the address is changed by `set_email`."""
    return _shape(accounts.account_details().of(call.identity))


@api.patch("/auth/users/me", UserChange, access=Access.SIGNED_IN)
def change(call: Call[UserChange]) -> PlainUser:
    """Change nothing: the address is changed by `set_email`."""
    return _shape(accounts.account_details().of(call.identity))


@api.delete("/auth/users/me", UserDeletion, access=Access.SIGNED_IN, success=204)
def delete(call: Call[UserDeletion]) -> None:
    """Delete the account permanently, and end all its sessions."""
    viewing.account_removal().delete(
        call.identity, password=call.body.current_password, field="current_password"
    )


@api.post("/auth/users/set_password", NewPasswordOfUser, access=Access.SIGNED_IN, success=204)
def set_password(call: Call[NewPasswordOfUser]) -> None:
    """Change the password; all sessions end, also the own one unless it is an API token."""
    accounts.passwords().change(
        call.identity,
        current=call.body.current_password,
        password=call.body.new_password,
        field="new_password",
        visitor=call.visitor,
    )


@api.post("/auth/users/reset_password", ResetRequest, access=Access.PUBLIC, success=204)
def reset_password(call: Call[ResetRequest]) -> None:
    """Request a mail with a reset link; the answer is the same for an unknown address."""
    accounts.passwords().request_reset(email=call.body.email, visitor=call.visitor)


@api.post("/auth/users/reset_password_confirm", PasswordByLink, access=Access.PUBLIC, success=204)
def confirm_reset(call: Call[PasswordByLink]) -> None:
    """Set a new password with the link of a mail; works once and ends every session."""
    accounts.passwords().reset(
        uid=call.body.uid,
        token=call.body.token,
        password=call.body.new_password,
        field="new_password",
        visitor=call.visitor,
    )


@api.post("/auth/users/set_email", NewAddressOfUser, access=Access.SIGNED_IN, success=204)
def set_email(call: Call[NewAddressOfUser]) -> None:
    """Request a mail to the new address; the account keeps the old one until it is confirmed."""
    accounts.email_change().request(
        call.identity,
        new_email=call.body.new_email,
        password=call.body.current_password,
        field="new_email",
        proof_field="current_password",
        visitor=call.visitor,
    )


@api.post("/auth/users/reset_email", ResetRequest, access=Access.PUBLIC, success=204)
def reset_email(call: Call[ResetRequest]) -> None:
    """Request a mail with a link to choose another address; the same for an unknown one."""
    accounts.email_change().request_link(email=call.body.email, visitor=call.visitor)


@api.post("/auth/users/reset_email_confirm", NewAddressByLink, access=Access.PUBLIC, success=204)
def confirm_email_reset(call: Call[NewAddressByLink]) -> None:
    """Request a mail to the new address with the link of a mail, which works once."""
    accounts.email_change().request_by_link(
        uid=call.body.uid,
        token=call.body.token,
        new_email=call.body.new_email,
        field="new_email",
        visitor=call.visitor,
    )


def _shape(account: Account) -> PlainUser:
    return {"id": account.id, "email": account.email}
