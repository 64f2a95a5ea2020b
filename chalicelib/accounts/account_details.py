"""Use cases of account details: read, change and delete the caller's own account."""

from contextlib import suppress
from dataclasses import dataclass, replace

from chalicelib.accounts.model import Account, StaleAccount
from chalicelib.accounts.ports import AccountStore
from chalicelib.accounts.revocations import Revocations
from chalicelib.accounts.tokens import Identity
from chalicelib.language import Language

LONGEST_NAME = 150  # the first or the last
# Retries of concurrent changes, which a page may send; each round one of them succeeds.
_TRIES = 5


@dataclass(frozen=True, slots=True)
class DetailsChange:
    """Changes of account details; `None` leaves a field unchanged."""

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
class AccountDetails:
    accounts: AccountStore
    revocations: Revocations

    def of(self, identity: Identity) -> Account:
        return self.accounts.by_id(identity.account_id)

    def change(self, identity: Identity, change: DetailsChange) -> Account:
        """Change only these fields, so that concurrent changes of other fields stay."""
        for _ in range(_TRIES):
            account = self.of(identity)
            changed = change.applied_to(account)
            if changed == account:
                return account
            with suppress(StaleAccount):
                return self.accounts.save(changed)
        raise StaleAccount("This account was changed meanwhile. Please try again.")

    def remove(self, account: Account) -> None:
        """Delete the account and its sessions, and free its address."""
        self.accounts.remove(account)
        self.revocations.end_all(account.signed_out_everywhere())
