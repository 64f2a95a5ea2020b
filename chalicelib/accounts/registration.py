"""Use cases of registration: sign up, and confirm the address."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib.accounts.free_ids import add_under_free_id, random_bits
from chalicelib.accounts.links import BAD_LINK, LIFE, Links, Purpose, state_of
from chalicelib.accounts.mail import MailKind, MailRequest
from chalicelib.accounts.model import (
    Account,
    AccountStatus,
    BadLink,
    EmailTaken,
    PendingSignUp,
    StaleAccount,
    TooManyAttempts,
    account_id_at,
    canonical_email,
)
from chalicelib.accounts.password_policy import require_strong
from chalicelib.accounts.ports import AccountStore, MailQueue, PasswordHasher, Throttle
from chalicelib.accounts.throttling import SIGN_UP, SIGN_UP_MAILS
from chalicelib.accounts.visitor import Visitor
from chalicelib.clock import Clock

# A pending account is deleted one day after its link has expired.
PENDING_LIFE = LIFE[Purpose.ACTIVATION] + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Registration:
    accounts: AccountStore
    links: Links
    hasher: PasswordHasher
    throttle: Throttle
    mails: MailQueue
    clock: Clock
    entropy: Callable[[], int] = random_bits

    def register(
        self,
        *,
        email: str,
        password: str,
        visitor: Visitor,
        first_name: str | None = None,
        last_name: str | None = None,
    ) -> Account:
        """Create a pending account; a known address gets the same answer in the same time.

        Only the mail differs, by the state of the account when it is sent. Over the limit no mail
        is sent; links of earlier mails still work.
        """
        email = canonical_email(email)
        password = require_strong(password, email=email)
        self.throttle.hit(SIGN_UP, visitor.address, subject=email)
        account = replace(
            self._new_account(email, password, visitor),
            first_name=first_name or "",
            last_name=last_name or "",
        )
        self._claim(account, self.accounts.by_email(email))
        with suppress(TooManyAttempts):
            self.throttle.hit(SIGN_UP_MAILS, email)
            state = state_of(account)
            self.mails.put(MailRequest.by(visitor, MailKind.SIGN_UP, email, state=state))
        return account

    def resend_activation(self, *, email: str, visitor: Visitor) -> None:
        """Queue a mail request; whether an account waits for it is checked when it is processed."""
        email = canonical_email(email)
        self.throttle.hit(SIGN_UP, visitor.address, subject=email)
        with suppress(TooManyAttempts):
            self.throttle.hit(SIGN_UP_MAILS, email)
            self.mails.put(MailRequest.by(visitor, MailKind.RESEND_ACTIVATION, email))

    def activate(self, *, uid: str, token: str) -> Account:
        """Confirm the address; the password of the link's sign-up becomes valid."""
        for account in self.links.verified(uid=uid, token=token, purpose=Purpose.ACTIVATION):
            with suppress(StaleAccount):
                return self.accounts.save(account.moved_to(AccountStatus.ACTIVE))
        raise BadLink(BAD_LINK)

    def _new_account(self, email: str, password: str, visitor: Visitor) -> Account:
        now = self.clock.now()
        return Account(
            id=account_id_at(now, entropy=self.entropy()),
            email=email,
            password_hash=self.hasher.hash(password),
            created_at=now,
            expires_at=now + PENDING_LIFE,
            language=visitor.language,
        )

    def _claim(self, account: Account, known: Account | None) -> None:
        # One read and one write in every case, so that timing reveals nothing.
        now = self.clock.now()
        try:
            if known and known.is_pending:
                sign_up = PendingSignUp(account.password_hash, now + PENDING_LIFE)
                self.accounts.save(known.signed_up_again(sign_up, now=now))
            else:
                add_under_free_id(self.accounts, account, self.entropy)
        except (EmailTaken, StaleAccount):
            return  # the account exists, or a concurrent request has just created it
