"""Endpoints for the caller's own account: read, change and delete it, change its address."""

from dataclasses import dataclass
from typing import Annotated, TypedDict

from chalice.app import Blueprint

from chalicelib.accounts.account_details import LONGEST_NAME, DetailsChange
from chalicelib.accounts.model import Account
from chalicelib.api import cookies
from chalicelib.api.body import NoBody, choice, email, secret, text
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.reply import Detail, Reply
from chalicelib.api.request import Call
from chalicelib.language import Language
from chalicelib.wiring import accounts, viewing

api = Api(OFFICIAL, Blueprint(__name__))


@dataclass(frozen=True, slots=True)
class DetailsForm:
    first_name: str | None = text(longest=LONGEST_NAME, required=False, may_be_blank=True)
    last_name: str | None = text(longest=LONGEST_NAME, required=False, may_be_blank=True)
    language: Language | None = choice(Language)


@dataclass(frozen=True, slots=True)
class AccountDeletion:
    password: str = secret("current_password")


@dataclass(frozen=True, slots=True)
class NewEmail:
    new_email: str = email("email")
    password: str = secret("current_password")


class OwnAccount(TypedDict):
    """The caller's own account; its names are as they were written, for a form."""

    id: int
    email: str
    username: str
    first_name: str
    last_name: str
    language: Annotated[str, Language]
    is_admin: bool
    date_joined: str


@api.get("/user", access=Access.SIGNED_IN)
def show(call: Call[NoBody]) -> OwnAccount:
    """Details of the caller's own account."""
    return _shape(accounts.account_details().of(call.identity))


@api.patch("/user", DetailsForm, access=Access.SIGNED_IN)
def change(call: Call[DetailsForm]) -> OwnAccount:
    """Change the fields that are sent; all others stay."""
    changes = DetailsChange(
        first_name=call.body.first_name,
        last_name=call.body.last_name,
        language=call.body.language,
    )
    return _shape(accounts.account_details().change(call.identity, changes))


@api.post("/user/email", NewEmail, access=Access.SIGNED_IN)
def request_email_change(call: Call[NewEmail]) -> Detail:
    """Request a mail that confirms a new address; the answer is the same for a taken one."""
    accounts.email_change().request(
        call.identity,
        new_email=call.body.new_email,
        password=call.body.password,
        field=call.spelled("new_email"),
        visitor=call.visitor,
    )
    return {"detail": "An e-mail has been sent to confirm the new address."}


@api.post("/email_confirm/{uid}/{token}", NoBody, access=Access.PUBLIC)
def confirm_email(call: Call[NoBody], uid: str, token: str) -> Detail:  # noqa: ARG001
    """Change the address of an account with the link of a mail; works once."""
    accounts.email_change().confirm(uid=uid, token=token)
    return {"detail": "Your address has been changed."}


@api.delete("/user", AccountDeletion, access=Access.SIGNED_IN)
def delete(call: Call[AccountDeletion]) -> Reply[Detail]:
    """Delete the account with its profiles permanently, and end all its sessions."""
    viewing.account_removal().delete(call.identity, password=call.body.password)
    return Reply(
        {"detail": "Your account has been deleted."}, cookies.signed_out(), cookies.FORGET_ANSWERS
    )


def _shape(account: Account) -> OwnAccount:
    return {
        "id": account.id,
        "email": account.email,
        "username": account.email,
        "first_name": account.first_name,
        "last_name": account.last_name,
        "language": account.language.value,
        "is_admin": account.is_admin,
        "date_joined": account.created_at.isoformat(),
    }
