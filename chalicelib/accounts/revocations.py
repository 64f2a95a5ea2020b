"""Revocations: sessions that ended before their access tokens expire."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.accounts.model import Account
from chalicelib.accounts.ports import SessionStore
from chalicelib.accounts.session import ACCESS_LIFE, GRACE, Session, SessionId
from chalicelib.clock import NEVER, Clock

# Longest delay until another process knows of a sign-out; checking a request costs no read.
POLL_EVERY = timedelta(seconds=2)
# Tolerance for differences between the clocks of processes.
OVERLAP = timedelta(seconds=10)


@dataclass(slots=True)
class Revocations:
    """Cache of revocations in each process, so that checking an access token needs no database."""

    sessions: SessionStore
    clock: Clock
    _ended: dict[SessionId, datetime] = field(default_factory=dict)
    _polled_at: datetime = NEVER
    _changing: threading.Lock = field(default_factory=threading.Lock)

    def end(self, session: Session) -> None:
        self.sessions.end(session)
        self._remember(session)

    def replace(self, before: Session, after: Session, account: Account) -> Account:
        saved = self.sessions.replace_with_account(before, after, account)
        self._remember(before)
        return saved

    def end_all(self, account: Account) -> None:
        """Revoke the unexpired access tokens of sessions of earlier epochs.

        Sessions that began after the change, or were carried over, are of the new epoch.
        """
        # A concurrent renewal gets an access token up to `GRACE` after `renewed_at`.
        renewed_since = self.clock.now() - ACCESS_LIFE - GRACE
        for session in self.sessions.of_account(account.id):
            is_earlier = session.epoch < account.session_epoch
            if is_earlier and session.renewed_at >= renewed_since:
                self.end(session)

    def is_over(self, session_id: SessionId) -> bool:
        now = self.clock.now()
        with self._changing:
            if now - self._polled_at >= POLL_EVERY:
                self._poll(now)
            return session_id in self._ended

    def _remember(self, session: Session) -> None:
        with self._changing:
            self._ended[session.id] = self.clock.now()

    def _poll(self, now: datetime) -> None:
        oldest = now - ACCESS_LIFE - OVERLAP
        ended = self.sessions.ended_since(max(self._polled_at, oldest + OVERLAP) - OVERLAP)
        still_running = {key: at for key, at in self._ended.items() if at > oldest}
        self._ended = still_running | dict(ended)
        self._polled_at = now
