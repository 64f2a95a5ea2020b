"""Use cases of own posters: send a picture, receive it, take it back, and repeat what was lost."""

import secrets
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.curation import Curation
from chalicelib.catalogue.model import NOTHING_YET, Video, VideoId, VideoNotFound
from chalicelib.catalogue.ports import Changes, PublicMedia
from chalicelib.catalogue.poster import PosterId, StalePoster
from chalicelib.clock import Clock, id_at
from chalicelib.encoding.failures import SENTENCES, Reason
from chalicelib.encoding.messages import Task, TaskKind
from chalicelib.encoding.ports import SourceStore
from chalicelib.encoding.poster_ports import PosterStore, TaskSender
from chalicelib.encoding.sent_posters import LARGEST_POSTER_BYTES
from chalicelib.ingest.model import BadUpload
from chalicelib.ingest.ports import UploadBucket
from chalicelib.ingest.source_keys import suffix_of
from chalicelib.ingest.uploads import URL_SECONDS
from chalicelib.language import Text

PICTURE_SUFFIXES = frozenset({"jpg", "jpeg", "png", "webp"})
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Posters:
    store: PosterStore
    bucket: UploadBucket
    # The same bucket, for what was sent.
    sent: SourceStore
    tasks: TaskSender
    curation: Curation
    cache: CatalogueCache
    public_media: PublicMedia
    clock: Clock

    def upload_url(self, video_id: VideoId, *, filename: str, size: int) -> str:
        """Return a presigned URL for one picture, which replaces those of the video."""
        video = self.curation.in_use(video_id)
        if suffix_of(filename) not in PICTURE_SUFFIXES:
            raise BadUpload(fields={"filename": ["A poster is a .jpg, .png or .webp file."]})
        if size < 1:
            raise BadUpload(fields={"size": [SENTENCES[Reason.EMPTY]]})
        if size > LARGEST_POSTER_BYTES:
            most = LARGEST_POSTER_BYTES // 1024**2
            raise BadUpload(fields={"size": [Text("A poster has at most {most} MiB.", most=most)]})
        self.curation.keep(video)
        key = object_keys.sent_poster(video_id, self._request_after(video))
        return self.bucket.file_url(key, size=size, seconds=URL_SECONDS)

    def received(self, video_id: VideoId, poster: PosterId) -> bool:
        """Request the pictures of what was sent; return False if it came too late."""
        try:
            video = self.store.begin(video_id, poster)
        except (VideoNotFound, StalePoster):
            self.sent.remove(object_keys.sent_poster(video_id, poster))
            return False
        self.cache.record(Changes({video_id: video}, {}))
        self._request_pictures(video)
        return True

    def remove(self, video_id: VideoId) -> Video:
        """Give pages the pictures of the video again; doing so again changes nothing."""
        for _ in range(_TRIES):
            video = self.curation.in_use(video_id)
            if not (video.poster.current or video.poster.newest):
                return video
            with suppress(StalePoster):
                return self._removed(video)
        raise StalePoster

    def request_missing(self) -> int:
        """Request the pictures that are not there yet once more; return how many."""
        under_way = self.cache.snapshot().copy.under_way()
        return sum(self._request_pictures(entry.video) for entry in under_way)

    def _removed(self, before: Video) -> Video:
        video = self.store.remove(before.id, self._request_after(before))
        self.cache.record(Changes({video.id: video}, {}))
        if before.poster.current:
            self.public_media.withdraw(video.id)
        return video

    def _request_pictures(self, video: Video) -> bool:
        if video.poster.is_pending:
            number = video.poster.newest
            self.tasks.send(Task(TaskKind.POSTER, video.id, NOTHING_YET, number=number))
        return video.poster.is_pending

    def _request_after(self, video: Video) -> PosterId:
        """Return the id of a request, which is later than those before it."""
        now = id_at(self.clock.now(), entropy=secrets.randbits(12))
        return PosterId(max(now, video.poster.newest + 1))
