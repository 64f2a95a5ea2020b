"""Links in mails: signed, short-lived, and invalid once the account has changed."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from chalicelib.accounts.model import (
    Account,
    AccountId,
    AccountNotFound,
    BadLink,
)
from chalicelib.accounts.ports import AccountStore, TokenSigner
from chalicelib.clock import Clock

# When a concurrent sign-up changes the account, the link stays valid.
_TRIES = 3
BAD_LINK = "This link is not valid. It may have been used already, or be too old."


class Purpose(Enum):
    ACTIVATION = "activation"
    RESET = "reset"
    EMAIL_CHANGE = "email_change"
    EMAIL_RESET = "email_reset"


LIFE = {
    Purpose.ACTIVATION: timedelta(days=3),
    Purpose.RESET: timedelta(hours=1),
    Purpose.EMAIL_CHANGE: timedelta(hours=1),
    Purpose.EMAIL_RESET: timedelta(hours=1),
}


@dataclass(frozen=True, slots=True)
class Links:
    accounts: AccountStore
    signer: TokenSigner
    clock: Clock

    def issue(self, account: Account, purpose: Purpose, *, template: str) -> str:
        claims = {"sub": str(account.id), "state": state_of(account)}
        expires_at = self.clock.now() + LIFE[purpose]
        token = self.signer.sign(purpose.value, claims, expires_at=expires_at)
        return template.format(uid=account.id, token=token)

    def verify(self, *, uid: str, token: str, purpose: Purpose) -> Account:
        """Return the account of a link; raise `BadLink` unless the link is still valid."""
        claims = self.signer.claims(purpose.value, token)
        if claims is None or claims.get("sub") != uid:
            raise BadLink(BAD_LINK)
        try:
            account = self.accounts.by_id(AccountId(int(uid)))
        except AccountNotFound:
            raise BadLink(BAD_LINK) from None
        fitting = fitting_sign_up(account, claims.get("state", ""))
        if fitting is None:
            raise BadLink(BAD_LINK)
        return fitting

    def verified(self, *, uid: str, token: str, purpose: Purpose) -> Iterator[Account]:
        """Yield the account of a link, anew for each try to change it; raise `BadLink`."""
        for _ in range(_TRIES):
            yield self.verify(uid=uid, token=token, purpose=purpose)


def fitting_sign_up(account: Account, state: str) -> Account | None:
    """Return the account as of the sign-up that this state was computed from, if any."""
    versions = account.as_signed_up()
    return next((each for each in versions if hmac.compare_digest(state, state_of(each))), None)


def state_of(account: Account) -> str:
    """Return a digest of the fields that a link changes, so that a link works only once."""
    text = f"{account.status}|{account.email}|{account.password_hash}"
    if account.new_email:
        text += f"|{account.new_email}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
