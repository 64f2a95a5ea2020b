"""Use cases of progress: report, resume, continue watching, history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.listing import Entry
from chalicelib.catalogue.model import NO_AGE_LIMIT, VideoId
from chalicelib.clock import Clock
from chalicelib.lru_cache import LruCache
from chalicelib.viewing.model import Cursor, ProfileId, ReportKind, ViewingKey
from chalicelib.viewing.pages import Page
from chalicelib.viewing.ports import ProgressStore
from chalicelib.viewing.progress import ContinueRule, PlayerReport, Progress, ReportOutcome

# Of the regular events of one viewer, a process writes one in this time.
WRITE_EVERY = timedelta(seconds=15)
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Tracking:
    store: ProgressStore
    catalogue: CatalogueCache
    rule: ContinueRule
    clock: Clock
    _written: LruCache[ViewingKey, datetime] = field(default_factory=lambda: LruCache(_REMEMBERED))

    def report(
        self,
        account_id: AccountId,
        profile_id: ProfileId,
        video_id: VideoId,
        report: PlayerReport,
        *,
        age_limit: int = NO_AGE_LIMIT,
    ) -> ReportOutcome:
        """Store a report unless a later event is known, whose position is returned then.

        Only regular reports are thinned, by what this process wrote: neither a read nor a write,
        for a write that its condition refuses costs as much as one that it allows.
        """
        report.require_valid()
        snapshot = self.catalogue.snapshot()
        snapshot.find(video_id, Audience.EARLY_VIEWERS, age_limit=age_limit)
        key, dated = ViewingKey(account_id, profile_id, video_id), report.dated(self.clock.now())
        is_thinned = report.kind is ReportKind.REGULAR and self._is_close_to_written(key, dated.at)
        if is_thinned or report.knows_no_position:
            return ReportOutcome(dated.position, dated.duration, dated.at, is_thinned=True)
        if self.store.record(key, dated):
            self._written.put(key, dated.at)
            return ReportOutcome(dated.position, dated.duration, dated.at)
        known = self.store.get(key)
        if known is None:  # cleared later than the event
            return ReportOutcome(0.0, 0.0, dated.at)
        known = self._in_its_video(known)
        return ReportOutcome(known.position, known.duration, known.at)

    def of(
        self, account_id: AccountId, profile_id: ProfileId, video_id: VideoId
    ) -> tuple[float, float]:
        """Return position and duration in seconds; zeros if nothing was reported."""
        progress = self.store.get(ViewingKey(account_id, profile_id, video_id))
        if progress is None:
            return 0.0, 0.0
        progress = self._in_its_video(progress)
        return progress.position, progress.duration

    def continue_watching(
        self,
        account_id: AccountId,
        profile_id: ProfileId,
        *,
        limit: int,
        before: Cursor | None = None,
        age_limit: int = NO_AGE_LIMIT,
    ) -> Page[Progress]:
        """Return what was begun and not finished, by the shares of the rule; the newest first."""
        entries = self._listed(account_id, profile_id, age_limit, self.rule.lists)
        return Page.of(entries, limit=limit, before=before)

    def begun_and_preferred(
        self,
        account_id: AccountId,
        profile_id: ProfileId,
        *,
        limit: int,
        age_limit: int = NO_AGE_LIMIT,
    ) -> tuple[Page[Progress], VideoId | None]:
        """Return what `continue_watching` does, and the video to which others may be similar.

        That is the last one that was watched to its end or, without one, the one watched most.
        """
        watched = self._listed(account_id, profile_id, age_limit, lambda _: True)
        begun = Page.of(filter(self.rule.lists, watched), limit=limit, before=None)
        preferred = max(watched, key=self._preference, default=None)
        return begun, preferred.video_id if preferred else None

    def history(
        self,
        account_id: AccountId,
        profile_id: ProfileId,
        *,
        limit: int,
        before: Cursor | None = None,
        age_limit: int = NO_AGE_LIMIT,
    ) -> Page[Progress]:
        """Return everything that was watched, the newest first."""
        entries = self._listed(account_id, profile_id, age_limit, lambda _: True)
        return Page.of(entries, limit=limit, before=before)

    def clear(self, account_id: AccountId, profile_id: ProfileId, video_id: VideoId) -> None:
        """Remove a video from the history, and with it its position."""
        self.store.clear(ViewingKey(account_id, profile_id, video_id), at=self.clock.now())

    def clear_all(self, account_id: AccountId, profile_id: ProfileId) -> None:
        """Remove every video from the history; can be repeated if it fails half way."""
        for each in self.store.every(account_id, profile_id):
            self.clear(account_id, profile_id, each.video_id)

    def _preference(self, progress: Progress) -> tuple[bool, float, datetime, VideoId]:
        is_finished = self.rule.is_finished(progress)
        position = 0.0 if is_finished else progress.position
        return is_finished, position, progress.at, progress.video_id

    def _in_its_video(self, progress: Progress) -> Progress:
        entry = self.catalogue.snapshot().entry(progress.video_id)
        return _completed(progress, entry) if entry else progress

    def _is_close_to_written(self, key: ViewingKey, at: datetime) -> bool:
        written = self._written.get(key)
        # By the time of the event, because devices send what they collected offline all at once.
        # Also false after the clock was set back.
        return written is not None and timedelta(0) <= at - written < WRITE_EVERY

    def _listed(
        self,
        account_id: AccountId,
        profile_id: ProfileId,
        age_limit: int,
        is_listed: Callable[[Progress], bool],
    ) -> Sequence[Progress]:
        """Return progress in videos that viewers may see now."""
        snapshot = self.catalogue.snapshot()
        visible = [
            _completed(each, entry)
            for each in self.store.every(account_id, profile_id)
            if (entry := snapshot.entry(each.video_id))
            and snapshot.shows(entry, Audience.EARLY_VIEWERS, age_limit=age_limit)
        ]
        return [each for each in visible if is_listed(each)]


def _completed(progress: Progress, entry: Entry) -> Progress:
    """Return it with the duration of a complete video if it lacks one, and not behind its end.

    Media that replace longer ones may end before the position: it is that of the end then.
    """
    media = entry.video.media
    if media is None:
        return progress
    length = media.duration_seconds
    if media.has_replaced and progress.position > length:
        return replace(progress, position=length, duration=length)
    return replace(progress, duration=length) if progress.lacks_duration else progress
