"""Use cases of a signed-in person: see, change and delete one's own account."""

from dataclasses import dataclass, replace

from chalicelib.accounts.model import Account
from chalicelib.accounts.passwords import PasswordCheck
from chalicelib.accounts.ports import AccountStore
from chalicelib.accounts.revocations import Revocations
from chalicelib.accounts.tokens import Identity
from chalicelib.language import Language


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """What may be changed; `None` leaves a thing as it is."""

    first_name: str | None = None
    last_name: str | None = None
    language: Language | None = None

    def applied_to(self, account: Account) -> Account:
        return replace(
            account,
            first_name=account.first_name if self.first_name is None else self.first_name,
            last_name=account.last_name if self.last_name is None else self.last_name,
            language=self.language or account.language,
        )


@dataclass(frozen=True, slots=True)
class Profiles:
    accounts: AccountStore
    revocations: Revocations
    passwords: PasswordCheck

    def of(self, identity: Identity) -> Account:
        return self.accounts.by_id(identity.account_id)

    def change(self, identity: Identity, change: ProfileChange) -> Account:
        account = self.of(identity)
        changed = change.applied_to(account)
        return account if changed == account else self.accounts.save(changed)

    def delete(self, identity: Identity, *, password: str) -> None:
        """Forget the account, its sessions and its hold on the address."""
        account = self.passwords.confirmed(identity.account_id, password)
        self.accounts.remove(account)
        self.revocations.end_all(account)
