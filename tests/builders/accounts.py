"""Accounts and sessions that many tests are about."""

from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from chalicelib.accounts.model import Account, AccountId, AccountStatus, account_id_at
from chalicelib.accounts.session import OpaqueToken, Session, SessionKind
from chalicelib.accounts.visitor import Visitor
from chalicelib.language import Language

ADA = "ada@example.com"
GRACE = "grace@example.com"
PASSWORD = "correct horse battery"

ACCOUNT_ID = AccountId(7)
VISITOR = Visitor(
    address="198.51.100.7", agent="Firefox", language=Language.ENGLISH, dialect="official"
)

_entropy = count()


def an_account(at: datetime, email: str = ADA, **changes: Any) -> Account:
    """An active account made at this moment, younger than all made before it."""
    account = Account(
        id=account_id_at(at, entropy=next(_entropy)),
        email=email,
        password_hash="a hash",
        created_at=at,
        status=AccountStatus.ACTIVE,
    )
    return replace(account, **changes)


def a_session(
    at: datetime,
    account: Account | None = None,
    *,
    kind: SessionKind = SessionKind.BROWSER,
) -> tuple[Session, OpaqueToken]:
    account = account or an_account(at, id=ACCOUNT_ID)
    return Session.begin(account, kind, label="Firefox", address="198.51.100.7", now=at)
