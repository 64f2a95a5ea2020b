"""Use cases around a password: prove it, change it, replace a forgotten one."""

from dataclasses import dataclass, replace

from chalicelib.accounts.links import Links, Purpose
from chalicelib.accounts.mail import MailKind, MailRequest
from chalicelib.accounts.model import (
    Account,
    AccountId,
    AccountStatus,
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
        """Return the account and whether this is its password, in the same time without one."""
        account = self.accounts.by_email(email)
        canonical = canonical_password(password)
        is_right = self.hasher.verify(canonical, account.password_hash if account else None)
        if account and is_right:
            account = self._upgraded(account, canonical)
        return account, is_right

    def confirmed(
        self, account_id: AccountId, password: str, *, field: str = "password"
    ) -> Account:
        """Return the account if this is its password; raise `WrongPassword` if it is not."""
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
        """Order a mail with a link; whether there is an account is seen when it is written."""
        email = canonical_email(email)
        self.throttle.hit(RESET, visitor.address, subject=email)
        try:
            self.throttle.hit(RESET_MAILS, email)
        except TooManyAttempts:
            return  # the links already sent still work
        request = MailRequest(MailKind.PASSWORD_RESET, email, visitor.language, visitor.dialect)
        self.mails.put(request)

    def reset(
        self, *, uid: str, token: str, password: str, field: str, visitor: Visitor
    ) -> Account:
        """Replace a forgotten password and end every session; confirm an address that waits."""

        def replaced(account: Account) -> Account:
            strong = require_strong(password, email=account.email, field=field)
            confirmed = account.moved_to(AccountStatus.ACTIVE) if account.is_pending else account
            return self.accounts.save(self._with_password(confirmed, strong))

        changed = self.links.redeem(replaced, uid=uid, token=token, purpose=Purpose.RESET)
        self.revocations.end_all(changed)
        self._tell_owner(changed, visitor)
        return changed

    def change(
        self, identity: Identity, *, current: str, password: str, field: str, visitor: Visitor
    ) -> tuple[Account, Credentials | None]:
        """Replace a known password and end every session; a browser's is replaced by a new one.

        A copy of its cookies is worth nothing from then on. An API token goes on as it is: a
        program has nowhere to put another one.
        """
        account = self.check.confirmed(identity.account_id, current, field="current_password")
        password = require_strong(password, email=account.email, field=field)
        session = self.sessions.get(identity.account_id, identity.session_id)
        changed = self._with_password(account, password)
        if session.kind is SessionKind.API_TOKEN:
            saved, credentials = self.accounts.save(changed), None
            self.sessions.carry_over(session, saved)
        else:
            saved, credentials = self._replaced(session, changed, visitor)
        self.revocations.end_all(saved)
        self._tell_owner(saved, visitor)
        return saved, credentials

    def _with_password(self, account: Account, password: str) -> Account:
        """Writing what this returns ends, by itself, every session there is."""
        changed = replace(account, password_hash=self.hasher.hash(password))
        return changed.signed_out_everywhere()

    def _replaced(
        self, session: Session, account: Account, visitor: Visitor
    ) -> tuple[Account, Credentials]:
        now = self.clock.now()
        # Its longest life is counted anew: the password was typed just now.
        successor, refresh = Session.begin(
            account, SessionKind.BROWSER, label=visitor.agent, address=visitor.address, now=now
        )
        saved = self.revocations.replace(session, successor, account)
        return saved, self.tokens.credentials(successor, refresh, now=now)

    def _tell_owner(self, account: Account, visitor: Visitor) -> None:
        self.mails.put(
            MailRequest(MailKind.PASSWORD_CHANGED, account.email, visitor.language, visitor.dialect)
        )
