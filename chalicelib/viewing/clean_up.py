"""Hourly clean-up: aggregates of watched seconds, and what deleted accounts left behind."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chalicelib.accounts.model import AccountId, AccountNotFound
from chalicelib.accounts.ports import AccountStore
from chalicelib.accounts.session import ACCESS_LIFE
from chalicelib.clock import Clock
from chalicelib.viewing.ports import ViewingRemoval, WatchedStore

# Access tokens of a deleted account have expired by then.
REMOVED_AFTER = ACCESS_LIFE + timedelta(minutes=5)
# Of one run, which has five minutes and other work: the next run continues.
MOST_SETTLED = 5000


@dataclass(frozen=True, slots=True)
class ViewingCleanedUp:
    settled: int
    removed_accounts: int


@dataclass(frozen=True, slots=True)
class ViewingCleanUp:
    removal: ViewingRemoval
    watched: WatchedStore
    accounts: AccountStore
    clock: Clock

    def run(self) -> ViewingCleanedUp:
        now = self.clock.now()
        due = now - REMOVED_AFTER
        removed = sum(self._is_removed(each, due) for each in self.removal.noted(before=due))
        today = now.astimezone(UTC).date()
        keys = self.watched.unsettled(before=today, most=MOST_SETTLED)
        settled = sum(self.watched.settle(key, before=today) for key in keys)
        return ViewingCleanedUp(settled=settled, removed_accounts=removed)

    def _is_removed(self, account_id: AccountId, due: datetime) -> bool:
        """Complete the removal of a deleted account; False if the account still exists."""
        is_gone = self._is_gone(account_id)
        if is_gone:
            self.removal.remove_account(account_id)
        # An account that exists was not deleted after all, or will be by another request.
        self.removal.drop_note(account_id, before=due)
        return is_gone

    def _is_gone(self, account_id: AccountId) -> bool:
        try:
            self.accounts.by_id(account_id)
        except AccountNotFound:
            return True
        return False
