"""Ports of the accounts feature: stores, hashing, token signing, throttling and mail."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.accounts.mail import Mail, MailRequest
from chalicelib.accounts.model import Account, AccountId
from chalicelib.accounts.session import Session, SessionId
from chalicelib.accounts.throttling import Limit


class AccountStore(Protocol):
    def add(self, account: Account) -> Account:
        """Write a new account; raise `EmailTaken` or, if only its id is in use, `AccountTaken`.

        An account past its `expires_at` counts as absent.
        """

    def by_id(self, account_id: AccountId) -> Account:
        """Return the account; raise `AccountNotFound` if there is none."""

    def by_email(self, email: str) -> Account | None: ...

    def save(self, account: Account) -> Account:
        """Replace the stored account; raise `StaleAccount` if it changed since it was read."""

    def move(self, account: Account, moved: Account) -> Account:
        """Replace the stored account by one with another address, and free its former address.

        Raises `StaleAccount` if it changed since it was read, `EmailTaken` if the address is in
        use.
        """

    def remove(self, account: Account) -> None:
        """Delete the account and free its address; raise `StaleAccount` if it changed."""

    def newest(self, *, limit: int, before: AccountId | None = None) -> Sequence[Account]:
        """Return accounts created before this one, the newest first."""


class SessionStore(Protocol):
    """Sessions, and which ended lately; some writes change the account of a session as well."""

    def open(self, session: Session, account: Account) -> None:
        """Begin a session; raise `StaleAccount` if the account changed since it was read."""

    def get(self, account_id: AccountId, session_id: SessionId) -> Session:
        """Return a valid session; raise `SessionOver` if it is over."""

    def get_with_account(
        self, account_id: AccountId, session_id: SessionId
    ) -> tuple[Session, Account]:
        """Read both consistently; raise `SessionOver` if either does not exist."""

    def rotate(self, before: Session, after: Session) -> None:
        """Store a renewal of the session; raise `StaleSession` if its token changed meanwhile.

        Also raised if the account is not active, or in another epoch than the session.
        """

    def record_use(self, session: Session) -> None:
        """Store when and from where the token was last used, unless the session has ended."""

    def carry_over(self, session: Session, account: Account) -> None:
        """Move the session to the current epoch of its account."""

    def replace_with_account(self, before: Session, after: Session, account: Account) -> Account:
        """Save the account, begin `after` and end `before` in one transaction.

        Raises `SessionOver` if `before` does not exist, `StaleAccount` if the account changed.
        """

    def of_account(self, account_id: AccountId) -> Sequence[Session]:
        """Return the valid sessions of an account, the newest first."""

    def end(self, session: Session) -> None:
        """Delete the session and publish to every process that its access tokens are revoked."""

    def ended_since(self, since: datetime) -> Mapping[SessionId, datetime]:
        """Return sessions ended since then whose access tokens may still be unexpired."""


class PasswordHasher(Protocol):
    def hash(self, password: str) -> str: ...

    def verify(self, password: str, hashed: str | None) -> bool:
        """Compare in constant time; without a hash, take as long and return False."""

    def is_outdated(self, hashed: str) -> bool: ...


class TokenSigner(Protocol):
    def sign(self, purpose: str, claims: Mapping[str, str], *, expires_at: datetime) -> str:
        """Return a token of `[A-Za-z0-9._~-]` only, so that a path needs no escaping."""

    def claims(self, purpose: str, token: str) -> Mapping[str, str] | None:
        """Return the claims of a valid token of this purpose, or None."""


class Throttle(Protocol):
    def hit(self, limit: Limit, caller: str, *, subject: str = "") -> None:
        """Count one attempt; raise `TooManyAttempts` if it is over the limit."""


class MailQueue(Protocol):
    def put(self, request: MailRequest) -> None: ...


class Mailer(Protocol):
    def send(self, mail: Mail) -> None:
        """Send the mail; raise if it was not accepted, so that the queue retries."""
