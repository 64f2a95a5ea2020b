"""Intake of sources: every new object in the uploads bucket begins one encode."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from chalicelib.catalogue.curation import Curation
from chalicelib.catalogue.model import (
    Card,
    EncodeStatus,
    NewerSource,
    Video,
    VideoId,
    VideoNotFound,
    VideoTaken,
)
from chalicelib.catalogue.ports import VideoStore
from chalicelib.clock import Clock, id_at, to_the_millisecond
from chalicelib.encoding.control import EncodeControl
from chalicelib.encoding.model import Encode, Source
from chalicelib.encoding.ports import SourceStore
from chalicelib.ingest.model import Receipt, SourceBusy
from chalicelib.ingest.ports import ReceiptLog
from chalicelib.ingest.source_keys import DroppedSource, UploadedSource, begun_at, read_key

_ENDED = (EncodeStatus.COMPLETED, EncodeStatus.FAILED)


@dataclass(frozen=True, slots=True)
class Intake:
    curation: Curation
    videos: VideoStore
    sources: SourceStore
    log: ReceiptLog
    control: EncodeControl
    clock: Clock

    def received(self, key: str, etag: str) -> Encode | None:
        """Begin the encode of a source; return None if the object is none, or was replaced.

        The same event twice, late or out of order makes no second revision, and the source whose
        upload began last wins.
        """
        origin = read_key(key)
        if origin is None or key.endswith("/"):
            return None
        source = self.sources.find(key)
        if source is None or source.etag != etag:
            return None
        try:
            return self._begin(origin, source)
        except VideoNotFound:
            return None
        except NewerSource:
            # It came after the one that was to replace it: it will never be encoded.
            self.sources.remove(source.key)
            return None

    def _begin(self, origin: UploadedSource | DroppedSource, source: Source) -> Encode | None:
        receipt = self._take(origin, source)
        video_id = receipt.video_id
        if receipt.revision is None:
            if isinstance(origin, DroppedSource):
                self._add_draft(video_id, origin)
            revision = self.videos.begin_encode(
                video_id, sent_at=self._sent_at(origin), source_size=source.size
            )
            self.log.record(receipt, revision)
        else:
            revision = receipt.revision
            newest = self._video(origin, receipt).encode
            if newest.revision != revision or newest.status in _ENDED:
                return None
            # The handler that wrote the revision may have died before the encode began.
        return self.control.begin(video_id, revision, source)

    def _sent_at(self, origin: UploadedSource | DroppedSource) -> datetime:
        now = to_the_millisecond(self.clock.now())
        return begun_at(origin.upload_id, now) if isinstance(origin, UploadedSource) else now

    def _take(self, origin: UploadedSource | DroppedSource, source: Source) -> Receipt:
        if isinstance(origin, UploadedSource):
            self.curation.get(origin.video_id)  # raises `VideoNotFound` if it has been deleted
            return self.log.take(source.key, source.etag, origin.video_id)
        new_id = VideoId(id_at(self.clock.now(), entropy=secrets.randbits(12)))
        return self.log.take(source.key, source.etag, new_id)

    def _video(self, origin: UploadedSource | DroppedSource, receipt: Receipt) -> Video:
        """Return the video; raise `VideoNotFound`, or `SourceBusy` if it may be a new drop."""
        try:
            return self.curation.get(receipt.video_id)
        except VideoNotFound:
            if isinstance(origin, UploadedSource):
                raise
            # Deleting a video deletes its source: an object that is still there later is new.
            self.log.forget(receipt)
            raise SourceBusy("The video of this file is being deleted.") from None

    def _add_draft(self, video_id: VideoId, origin: DroppedSource) -> None:
        with suppress(VideoTaken):  # an earlier attempt added it: the id is of this source alone
            self.curation.add(Card(title=origin.title, category=origin.category), video_id=video_id)
