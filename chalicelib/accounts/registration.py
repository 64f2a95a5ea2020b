"""Use cases before there is a session: sign up, and confirm the address."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib.accounts.links import LIFE, Links, Purpose, state_of
from chalicelib.accounts.mail import MailKind, MailOrder
from chalicelib.accounts.model import (
    Account,
    AccountStatus,
    EmailTaken,
    StaleAccount,
    account_id_at,
    canonical_email,
)
from chalicelib.accounts.password_policy import require_strong
from chalicelib.accounts.ports import AccountStore, MailQueue, PasswordHasher, Throttle
from chalicelib.accounts.throttling import SIGN_UP, SIGN_UP_MAILS
from chalicelib.accounts.visitor import Visitor
from chalicelib.clock import Clock

# Nobody confirmed the address while a link was good: the registration is forgotten.
PENDING_LIFE = LIFE[Purpose.ACTIVATION] + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Registration:
    accounts: AccountStore
    links: Links
    hasher: PasswordHasher
    throttle: Throttle
    mails: MailQueue
    clock: Clock

    def register(self, *, email: str, password: str, visitor: Visitor) -> Account:
        """Create a pending account; say and do the same, seen from outside, for a known address.

        What the owner of the address has to know stands in the mail, which is decided later by
        the account as it then is.
        """
        email = canonical_email(email)
        password = require_strong(password, email=email)
        self.throttle.hit(SIGN_UP, visitor.address, subject=email)
        account = self._made(email, password, visitor)
        self._claim(account, self.accounts.by_email(email))
        # After the claim: it voids the links that somebody else had sent to this mailbox.
        self.throttle.hit(SIGN_UP_MAILS, email)
        self.mails.put(
            MailOrder(
                MailKind.SIGN_UP,
                email,
                visitor.language,
                visitor.dialect,
                state=state_of(account),
            )
        )
        return account

    def activate(self, *, uid: str, token: str) -> Account:
        account = self.links.opened(uid=uid, token=token, purpose=Purpose.ACTIVATION)
        try:
            return self.accounts.save(account.moved_to(AccountStatus.ACTIVE))
        except StaleAccount:  # the same link, opened twice at the same moment
            raise self.links.outdated() from None

    def _made(self, email: str, password: str, visitor: Visitor) -> Account:
        now = self.clock.now()
        return Account(
            id=account_id_at(now, entropy=secrets.randbits(32)),
            email=email,
            password_hash=self.hasher.hash(password),
            created_at=now,
            expires_at=now + PENDING_LIFE,
            language=visitor.language,
        )

    def _claim(self, account: Account, known: Account | None) -> None:
        # One read and one write whatever the case, so that time tells nothing either.
        try:
            if known and known.is_pending:
                self.accounts.save(
                    replace(
                        known,
                        password_hash=account.password_hash,
                        expires_at=account.expires_at,
                    )
                )
            else:
                self.accounts.add(account)
        except (EmailTaken, StaleAccount):
            return  # an account exists, or a twin of this request just made it
