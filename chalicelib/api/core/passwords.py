"""Endpoints for passwords: request a reset, reset, change."""

from dataclasses import dataclass

from chalice.app import Blueprint

from chalicelib.accounts.model import Account
from chalicelib.api import cookies
from chalicelib.api.body import email, new_secret, secret
from chalicelib.api.cookies import Cookie
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.reply import Detail, Reply
from chalicelib.api.request import Call
from chalicelib.wiring import accounts

api = Api(OFFICIAL, Blueprint(__name__))


@dataclass(frozen=True, slots=True)
class ResetRequest:
    email: str = email()


@dataclass(frozen=True, slots=True)
class NewPassword:
    new_password: str = new_secret("password")
    confirm_password: str = secret(
        "password_confirm", "confirmed_password", "re_new_password", repeats="new_password"
    )


@dataclass(frozen=True, slots=True)
class PasswordChange:
    current_password: str = secret("old_password")
    new_password: str = new_secret("password")
    confirm_password: str = secret(
        "password_confirm", "confirmed_password", "re_new_password", repeats="new_password"
    )


@api.post("/password_reset", ResetRequest, access=Access.PUBLIC)
def request_reset(call: Call[ResetRequest]) -> Detail:
    """Request a mail with a reset link; the answer is the same for an unknown address."""
    accounts.passwords().request_reset(email=call.body.email, visitor=call.visitor)
    return {"detail": "An email has been sent to reset your password."}


@api.post("/password_confirm/{uid}/{token}", NewPassword, access=Access.PUBLIC)
def reset(call: Call[NewPassword], uid: str, token: str) -> Reply[Detail]:
    """Set a new password with the link of a mail; works once and ends every session."""
    account = accounts.passwords().reset(
        uid=uid,
        token=token,
        password=call.body.new_password,
        field=call.spelled("new_password"),
        visitor=call.visitor,
    )
    detail: Detail = {"detail": "Your Password has been successfully reset."}
    return Reply(detail, [_device_of(account)])


@api.post("/user/password", PasswordChange, access=Access.SIGNED_IN)
def change(call: Call[PasswordChange]) -> Reply[Detail]:
    """Change the password; all sessions end, and the answer sets the cookies of a new one."""
    account, credentials = accounts.passwords().change(
        call.identity,
        current=call.body.current_password,
        password=call.body.new_password,
        field=call.spelled("new_password"),
        visitor=call.visitor,
    )
    session = cookies.signed_in(credentials) if credentials else []
    return Reply({"detail": "Your password has been changed."}, [*session, _device_of(account)])


def _device_of(account: Account) -> Cookie:
    return cookies.device(accounts.sessions().device_token(account))
