"""Use cases of watchlists: add, remove, list."""

from dataclasses import dataclass

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.model import NO_AGE_LIMIT, VideoId
from chalicelib.clock import Clock, to_the_millisecond
from chalicelib.viewing.model import Cursor, ProfileId, ViewingKey, WatchlistEntry
from chalicelib.viewing.pages import Page
from chalicelib.viewing.ports import WatchlistStore


@dataclass(frozen=True, slots=True)
class Watchlists:
    store: WatchlistStore
    catalogue: CatalogueCache
    clock: Clock

    def add(
        self,
        account_id: AccountId,
        profile_id: ProfileId,
        video_id: VideoId,
        *,
        age_limit: int = NO_AGE_LIMIT,
    ) -> None:
        """Add a video that viewers may see; raise `VideoNotFound`."""
        snapshot = self.catalogue.snapshot()
        snapshot.find(video_id, Audience.EARLY_VIEWERS, age_limit=age_limit)
        at = to_the_millisecond(self.clock.now())
        self.store.add(ViewingKey(account_id, profile_id, video_id), at=at)

    def remove(self, account_id: AccountId, profile_id: ProfileId, video_id: VideoId) -> None:
        self.store.remove(ViewingKey(account_id, profile_id, video_id))

    def entries(
        self,
        account_id: AccountId,
        profile_id: ProfileId,
        *,
        limit: int,
        before: Cursor | None = None,
        age_limit: int = NO_AGE_LIMIT,
    ) -> Page[WatchlistEntry]:
        """Return the videos that viewers may see now, the last added first."""
        snapshot = self.catalogue.snapshot()
        listed = [
            each
            for each in self.store.entries(account_id, profile_id)
            if (entry := snapshot.entry(each.video_id))
            and snapshot.shows(entry, Audience.EARLY_VIEWERS, age_limit=age_limit)
        ]
        return Page.of(listed, limit=limit, before=before)
