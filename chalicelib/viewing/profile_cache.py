"""The profiles of accounts as one process remembers them for a minute."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.accounts.model import AccountId
from chalicelib.clock import Clock
from chalicelib.lru_cache import LruCache
from chalicelib.viewing.ports import ProfileStore
from chalicelib.viewing.profile import AccountProfiles

# For this long, another process may accept a removed profile, or one without its new PIN.
REMEMBERED_FOR = timedelta(seconds=60)
_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class ProfileCache:
    store: ProfileStore
    clock: Clock
    _known: LruCache[AccountId, tuple[datetime, AccountProfiles]] = field(
        default_factory=lambda: LruCache(_REMEMBERED)
    )

    def recent(self, account_id: AccountId) -> AccountProfiles:
        """Return the profiles, at most `REMEMBERED_FOR` old."""
        known = self._known.get(account_id)
        is_recent = known and timedelta(0) <= self.clock.now() - known[0] < REMEMBERED_FOR
        return known[1] if known and is_recent else self.read(account_id)

    def read(self, account_id: AccountId) -> AccountProfiles:
        return self._remembered(self.store.of(account_id))

    def save(self, profiles: AccountProfiles) -> AccountProfiles:
        return self._remembered(self.store.save(profiles))

    def _remembered(self, profiles: AccountProfiles) -> AccountProfiles:
        self._known.put(profiles.account_id, (self.clock.now(), profiles))
        return profiles
