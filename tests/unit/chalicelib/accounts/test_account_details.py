"""Changes of account details, also concurrent ones."""

from dataclasses import replace

import pytest
from typing_extensions import override

from chalicelib.accounts.account_details import AccountDetails, DetailsChange
from chalicelib.accounts.model import Account, StaleAccount
from chalicelib.accounts.revocations import Revocations
from chalicelib.accounts.session import SessionId
from chalicelib.accounts.tokens import Identity
from tests.builders.accounts import an_account
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.clock import HandClock
from tests.fakes.session_store import InMemorySessionStore


class BusyStore(InMemoryAccountStore):
    """A store in which another change happens between read and write, a number of times."""

    def __init__(self, clock: HandClock, changes: int) -> None:
        super().__init__(clock)
        self.changes = changes

    @override
    def save(self, account: Account) -> Account:
        if self.changes:
            self.changes -= 1
            stored = self.by_id(account.id)
            super().save(replace(stored, last_name=f"{stored.last_name}x"))
        return super().save(account)


def details_with(store: InMemoryAccountStore, clock: HandClock) -> AccountDetails:
    sessions = InMemorySessionStore(store, clock)
    return AccountDetails(store, Revocations(sessions, clock))


def identity_of(account: Account) -> Identity:
    return Identity(account.id, SessionId("s"))


def test_concurrent_changes_are_all_saved(clock: HandClock) -> None:
    store = BusyStore(clock, changes=3)
    ada = store.add(an_account(clock.now(), last_name=""))
    change = DetailsChange(first_name="Ada")
    changed = details_with(store, clock).change(identity_of(ada), change)
    assert (changed.first_name, changed.last_name) == ("Ada", "xxx")
    assert store.by_id(ada.id) == changed


def test_a_change_that_always_conflicts_is_refused(clock: HandClock) -> None:
    store = BusyStore(clock, changes=1000)
    ada = store.add(an_account(clock.now(), last_name=""))
    with pytest.raises(StaleAccount):
        details_with(store, clock).change(identity_of(ada), DetailsChange(first_name="Ada"))
