"""Use cases of removal: delete an account with all that it watched."""

from dataclasses import dataclass

from chalicelib.accounts.account_details import AccountDetails
from chalicelib.accounts.model import AccountId
from chalicelib.accounts.sign_ins import PasswordVerifier
from chalicelib.accounts.tokens import Identity
from chalicelib.clock import Clock
from chalicelib.viewing.ports import ViewingRemoval


@dataclass(frozen=True, slots=True)
class AccountRemoval:
    """Deletes accounts; a crash at any step leaves an account that can be deleted again.

    The note comes first: players of the account may report until their access tokens expire, and
    clean-up removes what they wrote.
    """

    removal: ViewingRemoval
    details: AccountDetails
    verifier: PasswordVerifier
    clock: Clock

    def delete(self, identity: Identity, *, password: str, field: str = "password") -> None:
        """Delete the account, its viewing data and its sessions."""
        account = self.verifier.require(identity.account_id, password, field=field)
        self.removal.note(account.id, at=self.clock.now())
        self.remove_all(account.id)
        self.details.remove(account)

    def remove_all(self, account_id: AccountId) -> None:
        """Delete profiles, progress and watchlists of the account; can be repeated."""
        self.removal.remove_account(account_id)
