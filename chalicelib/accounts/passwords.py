"""Use cases of passwords: change, request a reset, reset."""

from contextlib import suppress
from dataclasses import dataclass, replace

from chalicelib.accounts.links import BAD_LINK, Links, Purpose
from chalicelib.accounts.mail import MailKind, MailRequest
from chalicelib.accounts.model import (
    Account,
    AccountStatus,
    BadLink,
    StaleAccount,
    TooManyAttempts,
    canonical_email,
)
from chalicelib.accounts.password_policy import require_strong
from chalicelib.accounts.ports import (
    AccountStore,
    MailQueue,
    PasswordHasher,
    SessionStore,
    Throttle,
)
from chalicelib.accounts.revocations import Revocations
from chalicelib.accounts.session import Session, SessionKind
from chalicelib.accounts.sign_ins import PasswordVerifier
from chalicelib.accounts.throttling import RESET, RESET_MAILS
from chalicelib.accounts.tokens import Credentials, Identity, Tokens
from chalicelib.accounts.visitor import Visitor
from chalicelib.clock import Clock


@dataclass(frozen=True, slots=True)
class Passwords:
    accounts: AccountStore
    sessions: SessionStore
    revocations: Revocations
    verifier: PasswordVerifier
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
        account = self.verifier.require(identity.account_id, current, field="current_password")
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
