"""Videos in a dictionary, thread-safe."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from threading import RLock
from typing import Any

from chalicelib.catalogue.model import (
    BulkChangeId,
    Card,
    CompleteMedia,
    EncodeStatus,
    EncodeSummary,
    NewerSource,
    Revision,
    StaleEncode,
    StaleVideo,
    Video,
    VideoId,
    VideoNotFound,
    VideoTaken,
)
from chalicelib.catalogue.poster import OwnPoster
from chalicelib.clock import Clock

_STALE = "The media of this video are made elsewhere, or no longer wanted."


class InMemoryVideoStore:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self._videos: dict[VideoId, Video] = {}
        self._removed: dict[VideoId, datetime] = {}

    def add(self, video: Video) -> None:
        with self._lock:
            if video.id in self._videos or video.id in self._removed:
                raise VideoTaken("This id is in use.")
            self._videos[video.id] = replace(video, changed_at=self._clock.now())

    def get(self, video_id: VideoId) -> Video:
        with self._lock:
            video = self._videos.get(video_id)
        if video is None:
            raise VideoNotFound
        return video

    def write(
        self,
        video_id: VideoId,
        card: Card,
        *,
        is_published: bool | None,
        instead_of: Card | None = None,
        only_if: Video | None = None,
        bulk_change: BulkChangeId | None = None,
    ) -> Video:
        with self._lock:
            video = self._unchanged(video_id, only_if)
            if bulk_change is not None and video.bulk_change == bulk_change:
                raise StaleVideo if only_if else VideoNotFound
            is_public = video.is_published if is_published is None else is_published
            names = [
                each.name
                for each in fields(Card)
                if not instead_of or getattr(instead_of, each.name) != getattr(card, each.name)
            ]
            written = replace(video.card, **{name: getattr(card, name) for name in names})
            return self._change(
                video,
                card=written,
                is_published=is_public,
                awaits_upload="",
                bulk_change=bulk_change or video.bulk_change,
            )

    def remove(self, video_id: VideoId, *, only_if: Video | None = None) -> None:
        with self._lock:
            del self._videos[self._unchanged(video_id, only_if).id]
            self._removed[video_id] = self._clock.now()

    def trash(
        self, video_id: VideoId, at: datetime, *, bulk_change: BulkChangeId | None = None
    ) -> Video:
        with self._lock:
            video = self._not_of(bulk_change, video_id)
            mark = bulk_change or video.bulk_change
            return self._change(video, trashed_at=video.trashed_at or at, bulk_change=mark)

    def restore(self, video_id: VideoId, *, bulk_change: BulkChangeId | None = None) -> Video:
        with self._lock:
            video = self._not_of(bulk_change, video_id)
            mark = bulk_change or video.bulk_change
            return self._change(video, trashed_at=None, bulk_change=mark)

    def _not_of(self, bulk_change: BulkChangeId | None, video_id: VideoId) -> Video:
        video = self.get(video_id)
        if bulk_change is not None and video.bulk_change == bulk_change:
            raise StaleVideo
        return video

    def purge(self, video_id: VideoId, trashed_at: datetime) -> None:
        with self._lock:
            if self.get(video_id).trashed_at != trashed_at:
                raise VideoNotFound
            self.remove(video_id)

    def _unchanged(self, video_id: VideoId, known: Video | None) -> Video:
        video = self.get(video_id)
        if known and (video.card, video.is_published) != (known.card, known.is_published):
            raise StaleVideo
        return video

    def keep(self, video_id: VideoId) -> None:
        with self._lock:
            self._change(self.get(video_id), awaits_upload="")

    def remove_abandoned(self, video_id: VideoId, upload_id: str) -> None:
        with self._lock:
            if self.get(video_id).awaits_upload != upload_id or not upload_id:
                raise VideoNotFound
            self.remove(video_id)

    def begin_encode(
        self,
        video_id: VideoId,
        *,
        sent_at: datetime | None = None,
        source_size: int | None = None,
    ) -> Revision:
        with self._lock:
            video = self.get(video_id)
            known = video.encode.sent_at
            if sent_at and known and known > sent_at:
                raise NewerSource
            revision = Revision(video.encode.revision + 1)
            begun = EncodeSummary(revision, sent_at=sent_at or known, source_size=source_size)
            self._change(video, encode=begun, awaits_upload="")
            return revision

    def record_encode(self, video_id: VideoId, summary: EncodeSummary) -> None:
        with self._lock:
            video = self._current(video_id, summary.revision)
            known = video.encode
            if summary.status is EncodeStatus.PROCESSING:
                if known.status is EncodeStatus.FAILED:
                    raise StaleEncode(_STALE)
                if known.status is summary.status and known.percent > summary.percent:
                    return
            self._change(video, encode=_begun_as(known, summary))

    def complete(self, video_id: VideoId, media: CompleteMedia) -> None:
        done = EncodeSummary(media.revision, EncodeStatus.COMPLETED, 100, is_playable=True)
        with self._lock:
            video = self._current(video_id, media.revision)
            done = _begun_as(video.encode, done)
            self._change(video, encode=done, media=media)

    def keep_pictures(self, video_id: VideoId, revision: Revision) -> None:
        with self._lock:
            video = self._videos.get(video_id)
            if video and video.media and video.media.revision == revision:
                self._change(video, media=replace(video.media, keeps_pictures=True))

    def write_poster(self, video_id: VideoId, poster: OwnPoster) -> Video:
        """Write what a store of posters makes of one."""
        with self._lock:
            return self._change(self.get(video_id), poster=poster)

    def since(self, moment: datetime | None) -> Mapping[VideoId, Video | None]:
        """Return the changes that a change log reads."""
        with self._lock:
            kept = {key: (each.changed_at, each) for key, each in self._videos.items()}
            gone = {key: (at, None) for key, at in self._removed.items()}
        both: dict[VideoId, tuple[datetime, Video | None]] = {**kept, **gone}
        return {key: each for key, (at, each) in both.items() if moment is None or at >= moment}

    def _current(self, video_id: VideoId, revision: Revision) -> Video:
        video = self._videos.get(video_id)
        if video is None or video.encode.revision != revision:
            raise StaleEncode(_STALE)
        if video.media and video.media.revision >= revision:
            raise StaleEncode(_STALE)
        return video

    def _change(self, video: Video, **changes: Any) -> Video:
        changed = replace(video, changed_at=self._clock.now(), **changes)
        self._videos[video.id] = changed
        return changed


def _begun_as(known: EncodeSummary, summary: EncodeSummary) -> EncodeSummary:
    """Return the summary with what was written as its encode began."""
    return replace(summary, sent_at=known.sent_at, source_size=known.source_size)
