"""Accounts in a dictionary."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.accounts.model import (
    Account,
    AccountId,
    AccountNotFound,
    AccountTaken,
    EmailTaken,
    StaleAccount,
)
from chalicelib.clock import Clock


class InMemoryAccountStore:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._accounts: dict[AccountId, Account] = {}

    def add(self, account: Account) -> Account:
        if self.by_email(account.email):
            raise EmailTaken("This e-mail address is in use.")
        if self._living(account.id):
            raise AccountTaken("This id is in use.")
        # Expired accounts with this id or address.
        self._accounts = {
            known.id: known
            for known in self._accounts.values()
            if known.id != account.id and known.email != account.email
        }
        return self._written(replace(account, revision=1))

    def by_id(self, account_id: AccountId) -> Account:
        account = self._living(account_id)
        if account is None:
            raise AccountNotFound("There is no such account.")
        return account

    def by_email(self, email: str) -> Account | None:
        matching = (account for account in self._accounts.values() if account.email == email)
        return next(filter(self._is_alive, matching), None)

    def save(self, account: Account) -> Account:
        self._require_unchanged(account)
        return self._written(replace(account, revision=account.revision + 1))

    def move(self, account: Account, moved: Account) -> Account:
        self._require_unchanged(account)
        if self.by_email(moved.email):
            raise EmailTaken("This e-mail address is in use.")
        self._accounts = {
            known.id: known for known in self._accounts.values() if known.email != moved.email
        }
        return self._written(replace(moved, revision=account.revision + 1))

    def remove(self, account: Account) -> None:
        self._require_unchanged(account)
        del self._accounts[account.id]

    def newest(self, *, limit: int, before: AccountId | None = None) -> Sequence[Account]:
        earlier = [
            account
            for account in self._accounts.values()
            if self._is_alive(account) and (before is None or account.id < before)
        ]
        return sorted(earlier, key=lambda account: account.id, reverse=True)[:limit]

    def is_unchanged(self, account: Account) -> bool:
        stored = self._accounts.get(account.id)
        return stored is not None and stored.revision == account.revision

    def _require_unchanged(self, account: Account) -> None:
        if not self.is_unchanged(account):
            raise StaleAccount("This account was changed meanwhile. Please try again.")

    def _written(self, account: Account) -> Account:
        self._accounts[account.id] = account
        return account

    def _living(self, account_id: AccountId) -> Account | None:
        account = self._accounts.get(account_id)
        return account if account and self._is_alive(account) else None

    def _is_alive(self, account: Account) -> bool:
        return account.expires_at is None or account.expires_at > self._clock.now()
