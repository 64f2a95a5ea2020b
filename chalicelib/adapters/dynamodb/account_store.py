"""Accounts in DynamoDB, each under its id and under its address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib.accounts.model import (
    Account,
    AccountId,
    AccountNotFound,
    AccountStatus,
    AccountTaken,
    EmailTaken,
    PendingSignUp,
    StaleAccount,
)
from chalicelib.adapters.dynamodb.account_tables import AccountItem, SignUpMap
from chalicelib.adapters.dynamodb.attributes import entity_of, values_of
from chalicelib.adapters.dynamodb.transactions import Write, WriteRefused, commit, refused_as, saves
from chalicelib.clock import Clock

PROFILE = "PROFILE"
_OWNER = "OWNER"
_DIRECTORY = "ACCOUNT"
_TAKEN = "This e-mail address is in use."
_ID_TAKEN = "This id is in use."
_CHANGED = "This account was changed meanwhile. Please try again."


@dataclass(frozen=True, slots=True)
class DynamoAccountStore:
    connection: Connection
    clock: Clock

    def add(self, account: Account) -> Account:
        added = replace(account, revision=1)
        item, owner = _to_items(added)
        try:
            commit(self.connection, *saves([owner, item], self._is_free()))
        except WriteRefused as refused:
            is_address = 0 in refused.positions
            raise (EmailTaken(_TAKEN) if is_address else AccountTaken(_ID_TAKEN)) from None
        return added

    def by_id(self, account_id: AccountId) -> Account:
        account = self._read(account_key(account_id), PROFILE)
        if account is None:
            raise AccountNotFound("There is no such account.")
        return account

    def by_email(self, email: str) -> Account | None:
        return self._read(_email_key(email), _OWNER)

    def save(self, account: Account) -> Account:
        saved, writes = save_writes(account)
        self._commit_unless_changed(*writes)
        return saved

    def move(self, account: Account, moved: Account) -> Account:
        saved = replace(moved, revision=account.revision + 1)
        item, owner = _to_items(saved)
        _, former = _to_items(account)
        writes: tuple[Write, ...] = (
            *saves([item], _unchanged(account)),
            *saves([owner], self._is_free()),
            partial(TransactWrite.delete, model=former, condition=_unchanged(account)),
        )
        try:
            commit(self.connection, *writes)
        except WriteRefused:
            if self.by_email(saved.email):
                raise EmailTaken(_TAKEN) from None
            raise StaleAccount(_CHANGED) from None
        return saved

    def remove(self, account: Account) -> None:
        self._commit_unless_changed(
            *(
                partial(TransactWrite.delete, model=item, condition=_unchanged(account))
                for item in _to_items(account)
            ),
        )

    def newest(self, *, limit: int, before: AccountId | None = None) -> Sequence[Account]:
        now = self.clock.now()
        older = AccountItem.id < before if before is not None else None
        accounts: list[Account] = []
        for item in AccountItem.by_age.query(
            _DIRECTORY, older, scan_index_forward=False, page_size=limit
        ):
            if _is_alive(item, now):
                accounts.append(to_account(item))
            if len(accounts) == limit:
                break
        return accounts

    def _is_free(self) -> Condition:
        """Return the condition that a key is not in use."""
        now = self.clock.now()
        free: Condition = AccountItem.pk.does_not_exist() | (AccountItem.expires_at <= now)
        return free

    def _read(self, pk: str, sk: str) -> Account | None:
        try:
            item = AccountItem.get(pk, sk, consistent_read=True)
        except AccountItem.DoesNotExist:
            return None
        return to_account(item) if _is_alive(item, self.clock.now()) else None

    def _commit_unless_changed(self, *writes: Write) -> None:
        with refused_as(StaleAccount(_CHANGED)):
            commit(self.connection, *writes)


def account_key(account_id: AccountId) -> str:
    return f"ACCOUNT#{account_id}"


def save_writes(account: Account) -> tuple[Account, list[Write]]:
    """Return the next revision of the account, and the action that stores it if it is unchanged."""
    saved = replace(account, revision=account.revision + 1)
    return saved, saves(_to_items(saved), _unchanged(account))


def is_unchanged_write(account: Account) -> Write:
    """Return the condition that the account is unchanged since it was read."""
    return _check(account.id, _unchanged(account))


def is_open_write(account_id: AccountId, epoch: int) -> Write:
    """Return the condition that sessions of this epoch are still valid."""
    is_active = AccountItem.status == AccountStatus.ACTIVE
    condition = is_active & (AccountItem.session_epoch == epoch)
    return _check(account_id, condition)


def _check(account_id: AccountId, condition: Condition) -> Write:
    return partial(
        TransactWrite.condition_check,
        model_cls=AccountItem,
        hash_key=account_key(account_id),
        range_key=PROFILE,
        condition=condition,
    )


def _unchanged(account: Account) -> Condition:
    # The id as well: a new account with an expired address starts at the same revision.
    same: Condition = (AccountItem.id == account.id) & (AccountItem.revision == account.revision)
    return same


def _email_key(email: str) -> str:
    return f"EMAIL#{email}"


def _is_alive(item: AccountItem, now: datetime) -> bool:
    # DynamoDB deletes expired items hours late, the emulator never.
    expires_at: datetime | None = item.expires_at
    return expires_at is None or expires_at > now


def _to_items(account: Account) -> tuple[AccountItem, AccountItem]:
    return (
        _to_item(account, account_key(account.id), PROFILE, directory=_DIRECTORY),
        _to_item(account, _email_key(account.email), _OWNER),
    )


def _to_item(account: Account, pk: str, sk: str, *, directory: str | None = None) -> AccountItem:
    sign_ups = [
        SignUpMap(**values_of(each))  # type: ignore[no-untyped-call]
        for each in account.later_sign_ups
    ]
    values = {**values_of(account), "later_sign_ups": sign_ups or None}
    values["new_email"] = account.new_email or None
    return AccountItem(pk, sk, directory=directory, **values)


def to_account(item: AccountItem) -> Account:
    sign_ups = tuple(entity_of(PendingSignUp, each) for each in item.later_sign_ups or ())
    return replace(entity_of(Account, item), later_sign_ups=sign_ups)
