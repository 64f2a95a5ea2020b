"""The fake and DynamoDB agree on every sequence of operations on an address."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import product

import pytest
from pynamodb.connection import Connection

from chalicelib.accounts.model import Account, AccountId, AccountStatus
from chalicelib.accounts.ports import AccountStore
from chalicelib.adapters.dynamodb.account_store import DynamoAccountStore
from chalicelib.errors import DomainError
from tests.builders.accounts import an_account
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.clock import HandClock


@dataclass
class BothStores:
    """Operations on both stores, with accounts read earlier, which may be stale."""

    email: str
    clock: HandClock
    stores: tuple[AccountStore, AccountStore]
    readings: list[Account] = field(default_factory=list)

    def sign_up(self) -> None:
        expires_at = self.clock.now() + timedelta(hours=1)
        account = an_account(
            self.clock.now(), self.email, status=AccountStatus.PENDING, expires_at=expires_at
        )
        self._run(lambda store: store.add(account))

    def an_hour_passes(self) -> None:
        self.clock.advance(hours=1)

    def save_oldest_reading(self) -> None:
        self._save(self.readings[0])

    def save_newest_reading(self) -> None:
        self._save(self.readings[-1])

    def remove_oldest_reading(self) -> None:
        self._run(lambda store: store.remove(self.readings[0]))

    def end(self) -> None:
        self._run(lambda store: store.by_email(self.email))
        for account_id in {reading.id for reading in self.readings}:
            self._run(partial(by_id, account_id=account_id))
        for store in self.stores:
            account = store.by_email(self.email)
            assert account is None or store.by_id(account.id) == account

    def _save(self, reading: Account) -> None:
        changed = replace(reading, first_name=f"{reading.first_name}'")
        self._run(lambda store: store.save(changed))

    def _run(self, step: Callable[[AccountStore], object]) -> None:
        memory, dynamodb = (outcome(step, store) for store in self.stores)
        assert memory == dynamodb
        if isinstance(memory, Account):
            self.readings.append(memory)


def by_id(store: AccountStore, account_id: AccountId) -> Account:
    return store.by_id(account_id)


def outcome(step: Callable[[AccountStore], object], store: AccountStore) -> object:
    try:
        return step(store)
    except DomainError as error:
        return type(error)


STEPS = [
    BothStores.sign_up,
    BothStores.an_hour_passes,
    BothStores.save_oldest_reading,
    BothStores.save_newest_reading,
    BothStores.remove_oldest_reading,
]


@pytest.mark.parametrize("second", STEPS, ids=lambda step: step.__name__)
def test_every_sequence_of_four_steps_has_the_same_results(
    connection: Connection, clock: HandClock, second: Callable[[BothStores], None]
) -> None:
    stores = (InMemoryAccountStore(clock), DynamoAccountStore(connection, clock))
    for number, later in enumerate(product(STEPS, repeat=2)):
        both_stores = BothStores(f"{number}@example.com", clock, stores)
        for step in (BothStores.sign_up, second, *later, BothStores.end):
            step(both_stores)
        clock.advance(days=1)
