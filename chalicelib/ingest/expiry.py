"""Expiry of uploads that were begun and never completed."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.catalogue.model import VideoNotFound
from chalicelib.catalogue.ports import VideoStore
from chalicelib.clock import Clock
from chalicelib.ingest.ports import UploadBucket
from chalicelib.ingest.source_keys import UploadedSource, read_key

# An upload that broke off can be resumed.
UPLOADS_KEPT_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class UploadExpiry:
    bucket: UploadBucket
    videos: VideoStore
    clock: Clock

    def abort_expired(self) -> int:
        """Abort expired uploads and remove the drafts made for them; return how many there were."""
        expired = list(self.bucket.begun_before(self.clock.now() - UPLOADS_KEPT_FOR))
        for key, multipart_id in expired:
            self.bucket.abort(key, multipart_id)
            source = read_key(key)
            if isinstance(source, UploadedSource) and self.bucket.find(key) is None:
                with suppress(VideoNotFound):
                    self.videos.remove_abandoned(source.video_id, source.upload_id)
        return len(expired)
