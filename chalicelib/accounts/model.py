"""Accounts: their life cycle, their errors, and the rules for e-mail addresses."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType, Self

from chalicelib.clock import id_at
from chalicelib.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    TooManyRequests,
    Unauthenticated,
)
from chalicelib.language import Language

AccountId = NewType("AccountId", int)

LONGEST_EMAIL = 254
LONGEST_LOCAL_PART = 64

_LOCAL_PART = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# The delimiters of an encoded word (RFC 2047), in this order.
_OF_AN_ENCODED_WORD = ("=?", "?", "?", "?=")
_EMAIL = re.compile(rf"({_LOCAL_PART})@({_LABEL}(?:\.{_LABEL})*\.[a-z][a-z0-9-]{{0,61}}[a-z0-9])")


class EmailTaken(Conflict):
    code = "email_taken"


class AccountTaken(Conflict):
    """The id is in use, and the address is free: the next id is tried."""

    code = "account_taken"


class AccountNotFound(NotFound):
    code = "account_not_found"


class StaleAccount(Conflict):
    code = "stale_account"


class WrongCredentials(Unauthenticated):
    """Sign-in refused; the answer hides the reason, the audit trail records the account."""

    code = "wrong_credentials"

    def __init__(self, message: str, *, account_id: AccountId | None = None) -> None:
        super().__init__(message)
        self.account_id = account_id


class WrongPassword(InvalidInput):
    code = "wrong_password"


class WeakPassword(InvalidInput):
    code = "weak_password"


class BadLink(InvalidInput):
    """The uid and token of a link do not match an account, or no longer."""

    code = "bad_link"


class SessionOver(Unauthenticated):
    code = "session_over"
    sentence = "This session is over. Please sign in."


class SessionNotFound(NotFound):
    code = "session_not_found"


class StaleSession(Conflict):
    code = "stale_session"


class ForeignCsrfToken(Forbidden):
    code = "foreign_csrf_token"


class NotAnAdmin(Forbidden):
    code = "not_an_admin"


class OwnAccountForbidden(Forbidden):
    code = "own_account"


class TooManyAttempts(TooManyRequests):
    code = "too_many_attempts"


class AccountStatus(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


_NEXT = {
    AccountStatus.PENDING: {AccountStatus.ACTIVE, AccountStatus.DEACTIVATED},
    AccountStatus.ACTIVE: {AccountStatus.DEACTIVATED},
    AccountStatus.DEACTIVATED: {AccountStatus.ACTIVE},
}


# Most sign-ups with one unconfirmed address, besides the first.
MOST_LATER_SIGN_UPS = 3


@dataclass(frozen=True, slots=True)
class PendingSignUp:
    """A later sign-up with the address of a pending account, valid once its link is used."""

    password_hash: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    id: AccountId
    email: str
    password_hash: str = field(repr=False)
    created_at: datetime
    status: AccountStatus = AccountStatus.PENDING
    is_admin: bool = False
    first_name: str = ""
    last_name: str = ""
    language: Language = Language.ENGLISH
    # Sessions of another epoch are over: incrementing it ends all sessions in one write.
    session_epoch: int = 0
    # Set while pending: an unconfirmed address becomes free again.
    expires_at: datetime | None = None
    later_sign_ups: tuple[PendingSignUp, ...] = ()
    # Another address that was requested and not confirmed yet.
    new_email: str = ""
    revision: int = 0

    @property
    def is_active(self) -> bool:
        return self.status is AccountStatus.ACTIVE

    @property
    def is_pending(self) -> bool:
        return self.status is AccountStatus.PENDING

    def moved_to(self, status: AccountStatus) -> Self:
        if status is self.status:
            return self
        if status not in _NEXT[self.status]:
            raise StaleAccount(f"a {self.status} account cannot become {status}")
        moved = replace(self, status=status, expires_at=None, later_sign_ups=())
        # A reactivated account starts without its earlier sessions.
        return moved.signed_out_everywhere() if status is AccountStatus.DEACTIVATED else moved

    def signed_up_again(self, sign_up: PendingSignUp, *, now: datetime) -> Self:
        """Add a later sign-up if there are fewer than the limit; earlier ones stay."""
        waiting = [each for each in self.later_sign_ups if each.expires_at > now]
        if len(waiting) < MOST_LATER_SIGN_UPS:
            waiting.append(sign_up)
        return replace(self, later_sign_ups=tuple(waiting), expires_at=sign_up.expires_at)

    def as_signed_up(self) -> Sequence[Self]:
        """Return the account once per sign-up, with its password; the first sign-up first."""
        hashes = [self.password_hash, *(each.password_hash for each in self.later_sign_ups)]
        return [replace(self, password_hash=each, later_sign_ups=()) for each in hashes]

    def about_to_move(self, new_email: str) -> Self:
        return replace(self, new_email=new_email)

    def with_new_email(self) -> Self:
        return replace(self, email=self.new_email, new_email="")

    def signed_out_everywhere(self) -> Self:
        return replace(self, session_epoch=self.session_epoch + 1)


def account_id_at(moment: datetime, *, entropy: int) -> AccountId:
    return AccountId(id_at(moment, entropy=entropy))


def canonical_email(text: str) -> str:
    """Return the canonical spelling of an e-mail address; raise `InvalidInput` if it is none."""
    written = text.strip()
    # Checked first: normalizing a long text would be expensive.
    if len(written) > LONGEST_EMAIL:
        raise _not_an_address()
    email = unicodedata.normalize("NFKC", written).strip().lower()
    # NFKC can expand one character to eighteen.
    match = _EMAIL.fullmatch(email) if len(email) <= LONGEST_EMAIL else None
    # An encoded word cannot be written literally into a mail header.
    if not match or len(match[1]) > LONGEST_LOCAL_PART or _holds_encoded_word(email):
        raise _not_an_address()
    return email


def _holds_encoded_word(text: str) -> bool:
    for mark in _OF_AN_ENCODED_WORD:
        _, separator, text = text.partition(mark)
        if not separator:
            return False
    return True


def _not_an_address() -> InvalidInput:
    return InvalidInput(fields={"email": ["Enter a valid e-mail address."]})
