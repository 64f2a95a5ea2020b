"""Where imported viewing data go: what is newer here stays, and what was deleted here, too."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.model import VideoId
from chalicelib.viewing.export import AccountViewing
from chalicelib.viewing.model import StaleProfiles, ViewingKey
from chalicelib.viewing.ports import ProfileStore, ProgressStore, WatchedStore, WatchlistStore
from chalicelib.viewing.profile import AccountProfiles
from chalicelib.viewing.progress import DatedReport, Progress, Watched, unwatched
from infra.transfer.result import Result


@dataclass(frozen=True, slots=True)
class ViewingDestination:
    profiles: ProfileStore
    progress: ProgressStore
    watchlists: WatchlistStore
    watched: WatchedStore

    def add_progress(self, key: ViewingKey, report: DatedReport) -> Result:
        return Result.IMPORTED if self.progress.record(key, report) else Result.PRESENT

    def restore(
        self, account_id: AccountId, viewing: AccountViewing
    ) -> Iterator[tuple[str, Result]]:
        """Import what an account keeps, and yield what became of each of its entries.

        Stored profiles say that profiles and watchlists were imported before, or are managed here:
        so they are written last, and a profile or an entry that was deleted here does not come
        back.
        """
        stored = self.profiles.of(account_id)
        is_managed_here = stored.revision > 0
        present = {each.id for each in (stored if is_managed_here else viewing).profiles}
        for progress in viewing.progress:
            is_present = progress.profile_id in present
            yield "progress", self._add(account_id, progress) if is_present else Result.DELETED
        for entry in viewing.watchlist:
            if not is_managed_here:
                key = ViewingKey(account_id, entry.profile_id, entry.video_id)
                self.watchlists.add(key, at=entry.at)
            yield "watchlists", Result.PRESENT if is_managed_here else Result.IMPORTED
        if not is_managed_here:
            with suppress(StaleProfiles):
                self.profiles.save(AccountProfiles(account_id, viewing.profiles))
        for _ in viewing.profiles:
            yield "profiles", Result.PRESENT if is_managed_here else Result.IMPORTED

    def restore_watched(self, video_id: VideoId, watched: Watched) -> Result:
        is_restored = self.watched.restore(video_id, watched)
        return Result.IMPORTED if is_restored else Result.PRESENT

    def _add(self, account_id: AccountId, progress: Progress) -> Result:
        key = ViewingKey(account_id, progress.profile_id, progress.video_id)
        at = progress.at
        return self.add_progress(
            key, DatedReport(progress.position, progress.duration, at, unwatched(at))
        )
