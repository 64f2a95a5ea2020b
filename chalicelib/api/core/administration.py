"""Endpoints for administrators: list, activate, deactivate, promote and demote accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypedDict

from chalice.app import Blueprint

from chalicelib.accounts.model import Account, AccountId, AccountNotFound, AccountStatus
from chalicelib.api.body import NoBody, flag
from chalicelib.api.core.text_form import TEXT_FORM, said
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.operation import Query
from chalicelib.api.request import Call, whole_number
from chalicelib.clock import LARGEST_ID
from chalicelib.wiring import accounts

api = Api(OFFICIAL, Blueprint(__name__))

_LARGEST_PAGE = 200
_USUAL_PAGE = 50


@dataclass(frozen=True, slots=True)
class AccountChanges:
    is_active: bool | None = flag()
    is_admin: bool | None = flag()


class ListedAccount(TypedDict):
    """An account; its names are HTML or plain, as `text` says."""

    id: int
    email: str
    first_name: str
    last_name: str
    status: Annotated[str, AccountStatus]
    is_active: bool
    is_admin: bool
    date_joined: str


class AccountPage(TypedDict):
    results: Sequence[ListedAccount]
    next_before: int | None


@api.get(
    "/admin/accounts",
    access=Access.ADMIN,
    query={
        "email": Query("Only the account with this address."),
        "limit": Query(
            f"Number of accounts, at most {_LARGEST_PAGE}; {_USUAL_PAGE} by default.",
            largest=_LARGEST_PAGE,
        ),
        "before": Query("The `next_before` of the previous page.", largest=LARGEST_ID),
        **TEXT_FORM,
    },
)
def list_accounts(call: Call[NoBody]) -> AccountPage:
    """List accounts, the newest first."""
    email, is_plain = call.query_text("email"), call.text_is_plain
    if email:
        matching = accounts.administration().by_email(email)
        return {"results": [_listed(each, is_plain) for each in matching], "next_before": None}
    limit = call.query_number("limit", largest=_LARGEST_PAGE) or _USUAL_PAGE
    before = call.query_number("before", largest=LARGEST_ID)
    page = accounts.administration().newest(
        limit=limit, before=AccountId(before) if before else None
    )
    is_full = len(page) == limit
    return {
        "results": [_listed(each, is_plain) for each in page],
        "next_before": page[-1].id if is_full else None,
    }


@api.patch("/admin/accounts/{account_id}", AccountChanges, access=Access.ADMIN, query=TEXT_FORM)
def change_account(call: Call[AccountChanges], account_id: str) -> ListedAccount:
    """Activate or deactivate an account, promote or demote it."""
    number, is_plain = whole_number(account_id, largest=LARGEST_ID), call.text_is_plain
    if number is None:
        raise AccountNotFound("There is no such account.")
    account = accounts.administration().change(
        call.identity,
        AccountId(number),
        is_active=call.body.is_active,
        is_admin=call.body.is_admin,
    )
    return _listed(account, is_plain)


def _listed(account: Account, is_plain: bool) -> ListedAccount:
    return {
        "id": account.id,
        "email": account.email,
        "first_name": said(account.first_name, is_plain=is_plain),
        "last_name": said(account.last_name, is_plain=is_plain),
        "status": account.status.value,
        "is_active": account.is_active,
        "is_admin": account.is_admin,
        "date_joined": account.created_at.isoformat(),
    }
