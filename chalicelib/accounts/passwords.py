"""Use cases of passwords: check, change, request a reset, reset."""

from contextlib import suppress
from dataclasses import dataclass, replace

from chalicelib.accounts.links import BAD_LINK, Links, Purpose
from chalicelib.accounts.mail import MailKind, MailRequest
from chalicelib.accounts.model import (
    Account,
    AccountId,
    AccountStatus,
    BadLink,
    StaleAccount,
    TooManyAttempts,
    WrongPassword,
    canonical_email,
)
from chalicelib.accounts.password_policy import canonical_password, require_strong
from chalicelib.accounts.ports import (
    AccountStore,
    MailQueue,
    PasswordHasher,
    SessionStore,
    Throttle,
)
from chalicelib.accounts.revocations import Revocations
from chalicelib.accounts.session import Session, SessionKind
from chalicelib.accounts.throttling import PASSWORD_CHECK, RESET, RESET_MAILS
from chalicelib.accounts.tokens import Credentials, Identity, Tokens
from chalicelib.accounts.visitor import Visitor
from chalicelib.clock import Clock


@dataclass(frozen=True, slots=True)
class PasswordCheck:
    accounts: AccountStore
    hasher: PasswordHasher
    throttle: Throttle

    def tried(self, email: str, password: str) -> tuple[Account | None, bool]:
        """Return the account, if any, and whether the password matches, in constant time."""
        account = self.accounts.by_email(email)
        canonical = canonical_password(password)
        is_right = self.hasher.verify(canonical, account.password_hash if account else None)
        if account and is_right:
            account = self._upgraded(account, canonical)
        return account, is_right

    def confirmed(
        self, account_id: AccountId, password: str, *, field: str = "password"
    ) -> Account:
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
class Passwords:
    accounts: AccountStore
    sessions: SessionStore
    revocations: Revocations
    check: PasswordCheck
    links: Links
    hasher: PasswordHasher
    tokens: Tokens
    throttle: Throttle
    mails: MailQueue
    clock: Clock

    def request_reset(self, *, email: str, visitor: Visitor) -> None:
        """Queue a mail request; whether the account exists is checked when it is processed."""
        email = canonical_email(email)
        self.throttle.hit(RESET, visitor.address, subject=email)
        try:
            self.throttle.hit(RESET_MAILS, email)
        except TooManyAttempts:
            return  # links of earlier mails still work
        self.mails.put(MailRequest.by(visitor, MailKind.PASSWORD_RESET, email))

    def require_link(self, *, uid: str, token: str) -> None:
        """Raise `BadLink` unless the link of a reset mail is still valid."""
        self.links.verify(uid=uid, token=token, purpose=Purpose.RESET)

    def reset(
        self, *, uid: str, token: str, password: str, field: str, visitor: Visitor
    ) -> Account:
        """Replace a forgotten password and end every session; confirm a pending address."""
        changed = self._reset(uid, token, password, field)
        self.revocations.end_all(changed)
        self.mails.put(MailRequest.by(visitor, MailKind.PASSWORD_CHANGED, changed.email))
        return changed

    def change(
        self, identity: Identity, *, current: str, password: str, field: str, visitor: Visitor
    ) -> tuple[Account, Credentials | None]:
        """Replace a known password and end every session; a browser gets a new session.

        A copy of the earlier cookies is then invalid. An API token stays valid, because a program
        could not store a new one. Other programs sign in again.
        """
        account = self.check.confirmed(identity.account_id, current, field="current_password")
        password = require_strong(password, email=account.email, field=field)
        session = self.sessions.get(identity.account_id, identity.session_id)
        changed = self._with_password(account, password)
        if session.kind is SessionKind.BROWSER:
            saved, credentials = self._replaced(session, changed, visitor)
        else:
            saved, credentials = self.accounts.save(changed), None
        if session.kind is SessionKind.API_TOKEN:
            self.sessions.carry_over(session, saved)
        self.revocations.end_all(saved)
        self.mails.put(MailRequest.by(visitor, MailKind.PASSWORD_CHANGED, saved.email))
        return saved, credentials

    def _reset(self, uid: str, token: str, password: str, field: str) -> Account:
        for account in self.links.verified(uid=uid, token=token, purpose=Purpose.RESET):
            strong = require_strong(password, email=account.email, field=field)
            confirmed = account.moved_to(AccountStatus.ACTIVE) if account.is_pending else account
            with suppress(StaleAccount):
                return self.accounts.save(self._with_password(confirmed, strong))
        raise BadLink(BAD_LINK)

    def _with_password(self, account: Account, password: str) -> Account:
        """Return the account with the password in a new epoch: saving it ends every session."""
        # A requested change of the address is void with it.
        changed = replace(account, password_hash=self.hasher.hash(password), new_email="")
        return changed.signed_out_everywhere()

    def _replaced(
        self, session: Session, account: Account, visitor: Visitor
    ) -> tuple[Account, Credentials]:
        now = self.clock.now()
        # Its longest life begins now, because the password was entered now.
        successor, refresh = Session.begin(
            account, SessionKind.BROWSER, label=visitor.agent, address=visitor.address, now=now
        )
        saved = self.revocations.replace(session, successor, account)
        return saved, self.tokens.credentials(successor, refresh, now=now)
