"""Use cases of the trash: put a video there, restore it, and purge what was there long enough."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.audit import (
    AuditAction,
    AuditEvent,
    AuditOutcome,
    AuditTrail,
    Target,
    current_actor,
)
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.listing import Entry, Selection, TrashPosition
from chalicelib.catalogue.model import BulkChangeId, StaleVideo, Video, VideoId, VideoNotFound
from chalicelib.catalogue.ports import Changes, PublicMedia, VideoStore
from chalicelib.clock import Clock, to_the_millisecond

# Of one pass, which has seconds; the next one goes on.
MOST_PURGED = 500


class VideoInTrash(VideoNotFound):
    """For administrators only: viewers are told that there is no such video."""

    code = "video_in_trash"
    sentence = "This video is in the trash: restore it first."


class NotRestorable(VideoNotFound):
    """One sentence for all that is gone: after a week, a purge leaves no trace to tell it by."""

    code = "not_restorable"
    sentence = (
        "There is no such video: what was deleted, or was in the trash for too long, cannot be "
        "restored."
    )


@dataclass(frozen=True, slots=True)
class TrashPage:
    entries: Sequence[Entry]
    # Of the whole trash.
    count: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class Trash:
    videos: VideoStore
    cache: CatalogueCache
    public_media: PublicMedia
    trail: AuditTrail
    clock: Clock
    kept_for: timedelta

    def put(self, video_id: VideoId, *, bulk_change: BulkChangeId | None = None) -> Video:
        """Hide the video from all, and keep it; doing so again changes nothing.

        Uploads and encodes under way go on, so that what is restored is whole. A bulk change does
        so once; it raises `StaleVideo` if it has before.
        """
        now = to_the_millisecond(self.clock.now())
        video = self.videos.trash(video_id, now, bulk_change=bulk_change)
        self.cache.record(Changes({video_id: video}, {}))
        if video.is_published:
            self.public_media.withdraw(video_id)
        return video

    def restore(self, video_id: VideoId, *, bulk_change: BulkChangeId | None = None) -> Video:
        """Make the video what it was before; raise `NotRestorable` if it is gone, or as `put`."""
        try:
            return self._restore(self.videos.get(video_id), bulk_change)
        except VideoNotFound:
            raise NotRestorable from None

    def page(self, *, limit: int, after: TrashPosition | None = None) -> TrashPage:
        """Return the videos that were put there last, or those before a position."""
        copy = self.cache.snapshot().copy
        entries = copy.trash(most=limit + 1, after=after)
        count = copy.count(Selection(Audience.TRASH))
        return TrashPage(entries[:limit], count, has_more=len(entries) > limit)

    def purge(self) -> int:
        """Delete for good what was there long enough; return how many videos that were."""
        until = self.clock.now() - self.kept_for
        due = self.cache.snapshot().copy.trashed_until(until, most=MOST_PURGED)
        return sum(self._purge(entry.video) for entry in due)

    def _restore(self, before: Video, bulk_change: BulkChangeId | None) -> Video:
        if not before.is_in_trash:
            return before
        will_be_public = replace(before, trashed_at=None).is_public_at(self.clock.now())
        if will_be_public:
            self.public_media.reveal(before)
        try:
            video = self.videos.restore(before.id, bulk_change=bulk_change)
        except (VideoNotFound, StaleVideo):
            if will_be_public:
                self.public_media.withdraw(before.id)
            raise
        self.cache.record(Changes({before.id: video}, {}))
        return video

    def _purge(self, video: Video) -> bool:
        with suppress(VideoNotFound):  # restored or deleted since the look
            self.videos.purge(video.id, video.trashed_at or self.clock.now())
            self.cache.record(Changes({video.id: None}, {}))
            self.public_media.withdraw(video.id)
            self.trail.record(_purged(video.id, self.clock.now()))
            return True
        return False


def _purged(video_id: VideoId, at: datetime) -> AuditEvent:
    return AuditEvent(
        AuditAction.PURGE_VIDEO,
        AuditOutcome.DONE,
        at,
        current_actor(),
        Target("video", str(video_id)),
    )
