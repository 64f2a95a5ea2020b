"""Sessions in DynamoDB, beside the account they belong to."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from pynamodb.connection import Connection
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.accounts.model import (
    Account,
    AccountId,
    SessionOver,
    StaleAccount,
    StaleSession,
)
from chalicelib.accounts.session import ACCESS_LIFE, Session, SessionId
from chalicelib.adapters.dynamodb.account_store import (
    PROFILE,
    account_key,
    is_open_write,
    is_unchanged_write,
    save_writes,
    to_account,
)
from chalicelib.adapters.dynamodb.account_tables import (
    AccountItem,
    AccountsRow,
    EndedSessionItem,
    SessionItem,
)
from chalicelib.adapters.dynamodb.attributes import entity_of, milliseconds, values_of
from chalicelib.adapters.dynamodb.transactions import Write, WriteRefused, commit, refused_as
from chalicelib.clock import Clock
from chalicelib.errors import Unavailable

_PREFIX = "SESSION#"
_ENDED = "ENDED"
# The session has ended, or another request is just writing it.
_NEEDS_NO_RECORD = frozenset({"ConditionalCheckFailedException", "TransactionConflictException"})


@dataclass(frozen=True, slots=True)
class DynamoSessionStore:
    connection: Connection
    clock: Clock

    def open(self, session: Session, account: Account) -> None:
        with refused_as(StaleAccount("This account was changed meanwhile.")):
            commit(self.connection, is_unchanged_write(account), _put_write(session))

    def get(self, account_id: AccountId, session_id: SessionId) -> Session:
        try:
            item = SessionItem.get(
                account_key(account_id), _PREFIX + session_id, consistent_read=True
            )
        except SessionItem.DoesNotExist:
            raise SessionOver from None
        return self._alive(entity_of(Session, item))

    def get_with_account(
        self, account_id: AccountId, session_id: SessionId
    ) -> tuple[Session, Account]:
        items = self._read_together(account_key(account_id), PROFILE, _PREFIX + session_id)
        if len(items) < 2:  # noqa: PLR2004 - both
            raise SessionOver
        account = to_account(AccountItem.from_raw_data(items[PROFILE]))
        session = entity_of(Session, SessionItem.from_raw_data(items[_PREFIX + session_id]))
        return self._alive(session), account

    def rotate(self, before: Session, after: Session) -> None:
        item = SessionItem(account_key(before.account_id), _PREFIX + before.id)
        actions: list[Action] = [
            SessionItem.generation.set(after.generation),
            SessionItem.renewed_at.set(after.renewed_at),
            SessionItem.expires_at.set(after.expires_at),
            SessionItem.address.set(after.address),
        ]
        condition = SessionItem.generation == before.generation
        update = partial(TransactWrite.update, model=item, actions=actions, condition=condition)
        with refused_as(StaleSession("This session was renewed elsewhere.")):
            commit(self.connection, is_open_write(before.account_id, before.epoch), update)

    def record_use(self, session: Session) -> None:
        item = SessionItem(account_key(session.account_id), _PREFIX + session.id)
        actions: list[Action] = [
            SessionItem.renewed_at.set(session.renewed_at),
            SessionItem.address.set(session.address),
        ]
        try:
            item.update(actions, condition=SessionItem.generation.exists())
        except UpdateError as failed:
            if failed.cause_response_code not in _NEEDS_NO_RECORD:
                raise

    def carry_over(self, session: Session, account: Account) -> None:
        item = SessionItem(account_key(session.account_id), _PREFIX + session.id)
        actions: list[Action] = [SessionItem.epoch.set(account.session_epoch)]
        is_there = SessionItem.generation.exists()
        update = partial(TransactWrite.update, model=item, actions=actions, condition=is_there)
        with suppress(WriteRefused):  # it ended meanwhile, and shall stay so
            commit(self.connection, update)

    def replace_with_account(self, before: Session, after: Session, account: Account) -> Account:
        saved, writes = save_writes(account)
        is_there = SessionItem.generation.exists()
        endings = self._end_writes(before, is_there)
        try:
            commit(self.connection, *writes, _put_write(after), *endings)
        except WriteRefused:
            self.get(before.account_id, before.id)  # raises `SessionOver` if that is why
            raise StaleAccount("This account was changed meanwhile. Please try again.") from None
        return saved

    def of_account(self, account_id: AccountId) -> Sequence[Session]:
        now = self.clock.now()
        items = SessionItem.query(
            account_key(account_id), SessionItem.sk.startswith(_PREFIX), consistent_read=True
        )
        sessions = [each for item in items if (each := entity_of(Session, item)).ends_at > now]
        return sorted(sessions, key=lambda session: session.created_at, reverse=True)

    def end(self, session: Session) -> None:
        commit(self.connection, *self._end_writes(session))

    def ended_since(self, since: datetime) -> Mapping[SessionId, datetime]:
        # Eventually consistent: readers request an overlap, which covers the delay.
        items = EndedSessionItem.query(_ENDED, EndedSessionItem.sk >= _sortable(since))
        return {SessionId(item.session_id): item.ended_at for item in items}

    def _end_writes(
        self, session: Session, condition: Condition | None = None
    ) -> tuple[Write, Write]:
        now = self.clock.now()
        item = SessionItem(account_key(session.account_id), _PREFIX + session.id)
        ended = EndedSessionItem(
            _ENDED,
            f"{_sortable(now)}#{session.id}",
            session_id=session.id,
            ended_at=now,
            expires_at=now + 2 * ACCESS_LIFE,
        )
        return (
            partial(TransactWrite.delete, model=item, condition=condition),
            partial(TransactWrite.save, model=ended),
        )

    def _alive(self, session: Session) -> Session:
        if session.ends_at <= self.clock.now():
            raise SessionOver
        return session

    def _read_together(self, pk: str, *sks: str) -> dict[str, Any]:
        """Read several items of one partition with one call."""
        table = AccountsRow.Meta.table_name
        answer = self.connection.batch_get_item(
            table,
            keys=[{"pk": pk, "sk": sk} for sk in sks],  # type: ignore[misc]
            consistent_read=True,
        )
        if answer.get("UnprocessedKeys"):
            raise Unavailable("The service is busy. Please try again.")
        return {item["sk"]["S"]: item for item in answer["Responses"][table]}


def _sortable(at: datetime) -> str:
    return f"{milliseconds(at):015d}"


def _put_write(session: Session) -> Write:
    key = account_key(session.account_id)
    item = SessionItem(key, _PREFIX + session.id, **values_of(session))
    return partial(TransactWrite.save, model=item)
