"""Sessions in a dictionary, thread-safe."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from threading import RLock

from chalicelib.accounts.model import (
    Account,
    AccountId,
    AccountNotFound,
    SessionOver,
    StaleAccount,
    StaleSession,
)
from chalicelib.accounts.session import Session, SessionId
from chalicelib.clock import Clock
from tests.fakes.account_store import InMemoryAccountStore


class InMemorySessionStore:
    def __init__(self, accounts: InMemoryAccountStore, clock: Clock) -> None:
        self._accounts = accounts
        self._clock = clock
        self._lock = RLock()
        self._sessions: dict[SessionId, Session] = {}
        self._ended: dict[SessionId, datetime] = {}

    def open(self, session: Session, account: Account) -> None:
        if not self._accounts.is_unchanged(account):
            raise StaleAccount("This account was changed meanwhile.")
        with self._lock:
            self._sessions[session.id] = session

    def get(self, account_id: AccountId, session_id: SessionId) -> Session:
        with self._lock:
            session = self._sessions.get(session_id)
        if session is None or session.account_id != account_id or not self._is_alive(session):
            raise SessionOver
        return session

    def get_with_account(
        self, account_id: AccountId, session_id: SessionId
    ) -> tuple[Session, Account]:
        try:
            account = self._accounts.by_id(account_id)
        except AccountNotFound:
            raise SessionOver from None
        return self.get(account_id, session_id), account

    def rotate(self, before: Session, after: Session) -> None:
        with self._lock:
            stored = self._sessions.get(before.id)
            is_same = stored is not None and stored.generation == before.generation
            if stored is None or not is_same or not self._may_go_on(before):
                raise StaleSession("This session was renewed elsewhere.")
            self._sessions[before.id] = replace(
                stored,
                generation=after.generation,
                renewed_at=after.renewed_at,
                expires_at=after.expires_at,
                address=after.address,
            )

    def record_use(self, session: Session) -> None:
        with self._lock:
            if stored := self._sessions.get(session.id):
                used = replace(stored, renewed_at=session.renewed_at, address=session.address)
                self._sessions[session.id] = used

    def carry_over(self, session: Session, account: Account) -> None:
        with self._lock:
            if session.id in self._sessions:
                kept = self._sessions[session.id]
                self._sessions[session.id] = replace(kept, epoch=account.session_epoch)

    def replace_with_account(self, before: Session, after: Session, account: Account) -> Account:
        with self._lock:
            self.get(before.account_id, before.id)
            saved = self._accounts.save(account)
            self._sessions[after.id] = after
            self.end(before)
        return saved

    def of_account(self, account_id: AccountId) -> Sequence[Session]:
        with self._lock:
            sessions = list(self._sessions.values())
        own = [each for each in sessions if each.account_id == account_id and self._is_alive(each)]
        return sorted(own, key=lambda session: session.created_at, reverse=True)

    def end(self, session: Session) -> None:
        with self._lock:
            self._sessions.pop(session.id, None)
            self._ended[session.id] = self._clock.now()

    def ended_since(self, since: datetime) -> Mapping[SessionId, datetime]:
        with self._lock:
            return {key: ended_at for key, ended_at in self._ended.items() if ended_at >= since}

    def _may_go_on(self, session: Session) -> bool:
        try:
            return session.may_go_on(self._accounts.by_id(session.account_id))
        except AccountNotFound:
            return False

    def _is_alive(self, session: Session) -> bool:
        return session.ends_at > self._clock.now()
