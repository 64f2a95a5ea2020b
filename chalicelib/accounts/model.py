"""Who may watch: accounts, their life cycle, and the rules for addresses."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType, Self

from chalicelib.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    TooManyRequests,
    Unauthenticated,
)
from chalicelib.identifiers import id_at
from chalicelib.language import Language

AccountId = NewType("AccountId", int)

LONGEST_EMAIL = 254
LONGEST_LOCAL_PART = 64

_LOCAL_PART = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# What an encoded word (RFC 2047) is made of, in this order; anything may stand between.
_OF_AN_ENCODED_WORD = ("=?", "?", "?", "?=")
_EMAIL = re.compile(rf"({_LOCAL_PART})@({_LABEL}(?:\.{_LABEL})*\.[a-z][a-z0-9-]{{0,61}}[a-z0-9])")


class EmailTaken(Conflict):
    code = "email_taken"


class AccountNotFound(NotFound):
    code = "account_not_found"


class StaleAccount(Conflict):
    code = "stale_account"


class WrongCredentials(Unauthenticated):
    """The same towards the caller whatever was wrong; the account that was tried is for us."""

    code = "wrong_credentials"

    def __init__(self, message: str, *, account_id: AccountId | None = None) -> None:
        super().__init__(message)
        self.account_id = account_id


class WrongPassword(InvalidInput):
    code = "wrong_password"


class WeakPassword(InvalidInput):
    code = "weak_password"


class BadLink(InvalidInput):
    """The uid and token of a mailed link do not, or no longer, fit an account."""

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


class OwnAccount(Forbidden):
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


# Of sign-ups with one address before it is confirmed, besides the first.
MOST_LATER_SIGN_UPS = 3


@dataclass(frozen=True, slots=True)
class SignUp:
    """A later sign-up with the address of a pending account; its password waits for its link."""

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
    # Sessions begun under another number are over: raising it signs out everywhere, in one write.
    session_epoch: int = 0
    # Set while pending: an address that nobody confirms becomes free again.
    expires_at: datetime | None = None
    later_sign_ups: tuple[SignUp, ...] = ()
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
        # Whoever is let in again starts without the sessions of before.
        return moved.signed_out_everywhere() if status is AccountStatus.DEACTIVATED else moved

    def signed_up_again(self, sign_up: SignUp, *, now: datetime) -> Self:
        """Let one more password wait for its link, if there is room; earlier ones are untouched."""
        waiting = [each for each in self.later_sign_ups if each.expires_at > now]
        if len(waiting) < MOST_LATER_SIGN_UPS:
            waiting.append(sign_up)
        return replace(self, later_sign_ups=tuple(waiting), expires_at=sign_up.expires_at)

    def as_signed_up(self) -> Sequence[Self]:
        """Return the account as each of its sign-ups would have it, the first one first."""
        hashes = [self.password_hash, *(each.password_hash for each in self.later_sign_ups)]
        return [replace(self, password_hash=each, later_sign_ups=()) for each in hashes]

    def signed_out_everywhere(self) -> Self:
        return replace(self, session_epoch=self.session_epoch + 1)


def account_id_at(moment: datetime, *, entropy: int) -> AccountId:
    return AccountId(id_at(moment, entropy=entropy))


def canonical_email(text: str) -> str:
    """One spelling per mailbox, so that look-alikes and other cases are the same account."""
    written = text.strip()
    # Before anything that takes longer than counting: a stranger chooses the text.
    if len(written) > LONGEST_EMAIL:
        raise _not_an_address()
    email = unicodedata.normalize("NFKC", written).strip().lower()
    # One character can become eighteen.
    match = _EMAIL.fullmatch(email) if len(email) <= LONGEST_EMAIL else None
    # An encoded word cannot be written into a header as it is.
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
