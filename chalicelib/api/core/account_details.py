"""Endpoints for account details: read, change and delete the caller's own account."""

from dataclasses import dataclass
from typing import Annotated, TypedDict

from chalice.app import Blueprint

from chalicelib.accounts.account_details import LONGEST_NAME, DetailsChange
from chalicelib.accounts.model import Account
from chalicelib.api import cookies
from chalicelib.api.body import NoBody, choice, secret, text
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


class OwnAccount(TypedDict):
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
