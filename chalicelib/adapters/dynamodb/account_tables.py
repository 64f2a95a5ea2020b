"""Items of the accounts table, and nothing else: no rules, no queries."""

from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    ListAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.connection import Connection
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.accounts.model import AccountStatus
from chalicelib.accounts.session import SessionKind
from chalicelib.adapters.dynamodb.attributes import ChoiceAttribute, MomentAttribute, Row, bound
from chalicelib.language import Language


class AccountsRow(Row):
    """The attributes of every item of the accounts table."""

    class Meta:
        table_name = "unbound"


class Directory(GlobalSecondaryIndex["AccountItem"]):  # type: ignore[no-untyped-call]
    """Every account, by age."""

    class Meta:
        index_name = "directory"
        projection = AllProjection()

    directory = UnicodeAttribute(hash_key=True)
    id = NumberAttribute(range_key=True)


class SignUpMap(MapAttribute[str, Any]):
    password_hash = UnicodeAttribute()
    expires_at = MomentAttribute(attr_name="expires_ms")


class AccountItem(AccountsRow):
    """Stored twice, in one transaction: under its id and under its address."""

    by_age = Directory()
    directory = UnicodeAttribute(null=True)
    id = NumberAttribute()
    email = UnicodeAttribute()
    password_hash = UnicodeAttribute()
    status = ChoiceAttribute(AccountStatus)
    is_admin = BooleanAttribute()
    first_name = UnicodeAttribute()
    last_name = UnicodeAttribute()
    language = ChoiceAttribute(Language, otherwise=Language.ENGLISH)
    created_at = MomentAttribute(attr_name="created_ms")
    session_epoch = NumberAttribute()
    later_sign_ups = ListAttribute(of=SignUpMap, null=True)
    new_email = UnicodeAttribute(null=True)
    revision = NumberAttribute()


class SessionItem(AccountsRow):
    account_id = NumberAttribute()
    # Not stored as `id`: that is a number, because it is a key of the index.
    id = UnicodeAttribute(attr_name="session_id")
    kind = ChoiceAttribute(SessionKind)
    secret_hash = UnicodeAttribute()
    seed = UnicodeAttribute()
    epoch = NumberAttribute()
    generation = NumberAttribute()
    created_at = MomentAttribute(attr_name="created_ms")
    renewed_at = MomentAttribute(attr_name="renewed_ms")
    label = UnicodeAttribute()
    address = UnicodeAttribute()


class EndedSessionItem(AccountsRow):
    session_id = UnicodeAttribute()
    ended_at = MomentAttribute(attr_name="ended_ms")


class AttemptsItem(AccountsRow):
    """Counters of one window; those of single subjects are attributes named by a hash."""


def bind(*, accounts: str) -> Connection:
    return bound(AccountsRow, AccountItem, accounts)
