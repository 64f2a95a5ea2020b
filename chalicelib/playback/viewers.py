"""Check of the session behind a grant, with a cache that saves most database reads."""

from datetime import datetime, timedelta

from chalicelib.accounts.model import AccountId, AccountNotFound, SessionOver
from chalicelib.accounts.ports import AccountStore, SessionStore
from chalicelib.accounts.revocations import Revocations
from chalicelib.accounts.session import SessionId
from chalicelib.clock import Clock
from chalicelib.lru_cache import LruCache
from chalicelib.playback.model import Grant, GrantRefused

# Time until the next check in the database. Revocations cover recent sign-outs; this covers older
# ones, and changes of the session epoch such as a changed password.
TRUSTED_FOR = timedelta(seconds=60)
_REMEMBERED = 10_000


class ViewerCheck:
    def __init__(
        self,
        *,
        accounts: AccountStore,
        sessions: SessionStore,
        revocations: Revocations,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._revocations = revocations
        self._clock = clock
        self._seen_alive: LruCache[SessionId, datetime] = LruCache(_REMEMBERED)

    def require_alive(self, grant: Grant) -> None:
        if self._revocations.is_over(grant.session_id):
            raise GrantRefused(SessionOver.sentence)
        now = self._clock.now()
        known_at = self._seen_alive.get(grant.session_id) or grant.issued_at
        if now - max(known_at, grant.issued_at) >= TRUSTED_FOR:
            self._look(grant)
            self._seen_alive.put(grant.session_id, now)

    def is_admin(self, account_id: AccountId) -> bool:
        try:
            account = self._accounts.by_id(account_id)
        except AccountNotFound:
            return False
        return account.is_active and account.is_admin

    def _look(self, grant: Grant) -> None:
        try:
            session, account = self._sessions.get_with_account(grant.account_id, grant.session_id)
        except SessionOver:
            session, account = None, None
        if session is None or account is None or not session.may_go_on(account):
            raise GrantRefused(SessionOver.sentence)
