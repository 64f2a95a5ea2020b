"""Verifying a password, and signing in with it: throttles and the session that begins."""

from contextlib import suppress
from dataclasses import dataclass, replace

from chalicelib.accounts.links import state_of
from chalicelib.accounts.mail import MailKind, MailRequest
from chalicelib.accounts.model import (
    Account,
    AccountId,
    StaleAccount,
    TooManyAttempts,
    WrongCredentials,
    WrongPassword,
    canonical_email,
)
from chalicelib.accounts.password_policy import canonical_password
from chalicelib.accounts.ports import (
    AccountStore,
    MailQueue,
    PasswordHasher,
    SessionStore,
    Throttle,
)
from chalicelib.accounts.session import OpaqueToken, Session, SessionKind
from chalicelib.accounts.throttling import (
    HINT_MAILS,
    PASSWORD_CHECK,
    SIGN_IN,
    SIGN_IN_ACCOUNT,
    SIGN_IN_DEVICE,
)
from chalicelib.accounts.tokens import Tokens
from chalicelib.accounts.visitor import Visitor
from chalicelib.clock import Clock


@dataclass(frozen=True, slots=True)
class PasswordVerifier:
    accounts: AccountStore
    hasher: PasswordHasher
    throttle: Throttle

    def verify(self, email: str, password: str) -> tuple[Account | None, bool]:
        """Return the account, if any, and whether the password matches, in constant time."""
        account = self.accounts.by_email(email)
        canonical = canonical_password(password)
        is_right = self.hasher.verify(canonical, account.password_hash if account else None)
        if account and is_right:
            account = self._upgraded(account, canonical)
        return account, is_right

    def require(self, account_id: AccountId, password: str, *, field: str = "password") -> Account:
        """Return the account if the password matches; raise `WrongPassword` otherwise."""
        self.throttle.hit(PASSWORD_CHECK, str(account_id))
        account = self.accounts.by_id(account_id)
        if not self.hasher.verify(canonical_password(password), account.password_hash):
            raise WrongPassword(fields={field: ["This is not your password."]})
        return account

    def _upgraded(self, account: Account, password: str) -> Account:
        if not account.is_active or not self.hasher.is_outdated(account.password_hash):
            return account
        return self.accounts.save(replace(account, password_hash=self.hasher.hash(password)))


@dataclass(frozen=True, slots=True)
class SignIn:
    """A session that a password has just begun."""

    account: Account
    session: Session
    token: OpaqueToken


@dataclass(frozen=True, slots=True)
class SignIns:
    accounts: AccountStore
    sessions: SessionStore
    verifier: PasswordVerifier
    tokens: Tokens
    throttle: Throttle
    mails: MailQueue
    clock: Clock

    def begin(self, kind: SessionKind, *, email: str, password: str, visitor: Visitor) -> SignIn:
        """Begin a session of this kind; raise `WrongCredentials` or `TooManyAttempts`."""
        email = canonical_email(email)
        self._count_attempt(email, visitor)
        try:
            return self._begin(kind, email, password, visitor)
        except StaleAccount:  # changed between read and write: retry once
            return self._begin(kind, email, password, visitor)

    def _count_attempt(self, email: str, visitor: Visitor) -> None:
        account = self.accounts.by_email(email) if visitor.device_token else None
        if account and self.tokens.is_device_of(account, visitor.device_token):
            # One counter for all browsers, so that many of them allow no more guesses than one.
            self.throttle.hit(SIGN_IN_DEVICE, f"{account.id}.{account.session_epoch}")
        else:
            self.throttle.hit(SIGN_IN, visitor.address, subject=email)
            self.throttle.hit(SIGN_IN_ACCOUNT, email)

    def _begin(self, kind: SessionKind, email: str, password: str, visitor: Visitor) -> SignIn:
        account, is_right = self.verifier.verify(email, password)
        if account is None or not (is_right and account.is_active):
            self._request_hint(email, account if is_right else None, visitor)
            raise WrongCredentials(
                "Unable to sign in with these credentials.",
                account_id=account.id if account else None,
            )
        now = self.clock.now()
        session, token = Session.begin(
            account, kind, label=visitor.agent, address=visitor.address, now=now
        )
        self.sessions.open(session, account)
        return SignIn(account, session, token)

    def _request_hint(self, email: str, account: Account | None, visitor: Visitor) -> None:
        """Queue a mail that explains an unconfirmed address; the answer must not reveal it.

        Queued after every refused sign-in; whether a mail is needed is checked when it is sent.
        """
        with suppress(TooManyAttempts):
            self.throttle.hit(HINT_MAILS, email)
            state = state_of(account) if account else ""
            self.mails.put(MailRequest.by(visitor, MailKind.SIGN_IN_REFUSED, email, state=state))
