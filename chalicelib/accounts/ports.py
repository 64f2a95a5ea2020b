"""What the accounts feature needs from the outside world."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.accounts.mail import Mail, MailRequest
from chalicelib.accounts.model import Account, AccountId
from chalicelib.accounts.session import Session, SessionId
from chalicelib.accounts.throttling import Limit


class AccountStore(Protocol):
    def add(self, account: Account) -> Account:
        """Write a new account; raise `EmailTaken` if its address or id is in use.

        An account past its `expires_at` is as if it had never been.
        """

    def by_id(self, account_id: AccountId) -> Account:
        """Return the account; raise `AccountNotFound` if there is none."""

    def by_email(self, email: str) -> Account | None: ...

    def save(self, account: Account) -> Account:
        """Replace what is stored; raise `StaleAccount` if it changed since it was read."""

    def remove(self, account: Account) -> None:
        """Forget the account and free its address; raise `StaleAccount` if it changed."""

    def newest(self, *, limit: int, before: AccountId | None = None) -> Sequence[Account]:
        """Return accounts, the newest first, those made before the given one."""


class SessionStore(Protocol):
    def open(self, session: Session, account: Account) -> None:
        """Begin a session; raise `StaleAccount` unless the account is still just as given."""

    def get(self, account_id: AccountId, session_id: SessionId) -> Session:
        """Return a session that is alive; raise `SessionOver` if it is not."""

    def get_with_account(
        self, account_id: AccountId, session_id: SessionId
    ) -> tuple[Session, Account]:
        """Return both, read together; raise `SessionOver` if either is no more."""

    def rotate(self, before: Session, after: Session) -> None:
        """Replace the refresh token; raise `StaleSession` if somebody else did so first.

        The same if by now the account is not active, or in another epoch than the session.
        """

    def carry_over(self, session: Session, account: Account) -> None:
        """Let the session go on in the present epoch of its account."""

    def replace(self, before: Session, after: Session, account: Account) -> Account:
        """Save the account, begin one session and end another, all or nothing.

        Raises `SessionOver` if the one to end is no more, `StaleAccount` if the account changed.
        """

    def of(self, account_id: AccountId) -> Sequence[Session]:
        """Return the sessions that are alive, the newest first."""

    def end(self, session: Session) -> None:
        """Forget the session and tell every process that its access tokens are void."""

    def ended_since(self, since: datetime) -> Mapping[SessionId, datetime]:
        """Return sessions ended since then, as far as an access token may outlive them."""


class PasswordHasher(Protocol):
    def hash(self, password: str) -> str: ...

    def verify(self, password: str, hashed: str | None) -> bool:
        """Compare in constant time; without a hash, take as long and say no."""

    def is_outdated(self, hashed: str) -> bool: ...


class TokenSigner(Protocol):
    def sign(self, purpose: str, claims: Mapping[str, str], *, expires_at: datetime) -> str:
        """Return a token of `[A-Za-z0-9._~-]` only, so that it fits raw into a path."""

    def claims(self, purpose: str, token: str) -> Mapping[str, str] | None:
        """Return what was signed for this purpose, or nothing if that cannot be proven."""


class Throttle(Protocol):
    def hit(self, limit: Limit, who: str, *, subject: str = "") -> None:
        """Count one attempt; raise `TooManyAttempts` if that is one too many."""


class MailQueue(Protocol):
    def put(self, request: MailRequest) -> None: ...


class Mailer(Protocol):
    def send(self, mail: Mail) -> None:
        """Hand the mail over; raise if it was not accepted, so that the queue tries again."""
