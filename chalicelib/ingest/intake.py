"""Intake of sources: every new object in the uploads bucket begins one encode."""

import secrets
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.catalogue.curation import Curation
from chalicelib.catalogue.model import Card, VideoId, VideoNotFound, VideoTaken
from chalicelib.catalogue.ports import VideoStore
from chalicelib.clock import Clock, id_at
from chalicelib.encoding.control import EncodeControl
from chalicelib.encoding.model import Encode, Source
from chalicelib.encoding.ports import SourceStore
from chalicelib.ingest.model import Receipt, SourceBusy
from chalicelib.ingest.ports import ReceiptLog
from chalicelib.ingest.source_keys import DroppedSource, UploadedSource, read_key


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

        The same event twice, late or out of order makes no second revision.
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

    def _begin(self, origin: UploadedSource | DroppedSource, source: Source) -> Encode:
        receipt = self._take(origin, source)
        video_id = receipt.video_id
        if receipt.revision is None:
            if isinstance(origin, DroppedSource):
                self._add_draft(video_id, origin)
            revision = self.videos.begin_encode(video_id)
            self.log.record(receipt, revision)
        else:
            # The handler that wrote the revision may have died before the encode began.
            revision = receipt.revision
            self._require_current(origin, receipt)
        return self.control.begin(video_id, revision, source)

    def _take(self, origin: UploadedSource | DroppedSource, source: Source) -> Receipt:
        if isinstance(origin, UploadedSource):
            self.curation.get(origin.video_id)  # raises `VideoNotFound` if it has been deleted
            return self.log.take(source.key, source.etag, origin.video_id)
        new_id = VideoId(id_at(self.clock.now(), entropy=secrets.randbits(12)))
        return self.log.take(source.key, source.etag, new_id)

    def _require_current(self, origin: UploadedSource | DroppedSource, receipt: Receipt) -> None:
        """Raise `VideoNotFound` as above, or `SourceBusy` if the file may be a new drop."""
        try:
            self.curation.get(receipt.video_id)
        except VideoNotFound:
            if isinstance(origin, UploadedSource):
                raise
            # Deleting a video deletes its source: an object that is still there later is new.
            self.log.forget(receipt)
            raise SourceBusy("The video of this file is being deleted.") from None

    def _add_draft(self, video_id: VideoId, origin: DroppedSource) -> None:
        with suppress(VideoTaken):  # an earlier attempt added it: the id is of this source alone
            self.curation.add(Card(title=origin.title, category=origin.category), video_id=video_id)
