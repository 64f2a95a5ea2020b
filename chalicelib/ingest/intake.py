"""What happens when a file has come in: a title has media made of it, once."""

import secrets
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.catalogue.curation import Curation
from chalicelib.catalogue.model import Card, VideoId, VideoNotFound, VideoTaken
from chalicelib.clock import Clock
from chalicelib.encoding.control import Oversight
from chalicelib.encoding.model import Encode, Source
from chalicelib.encoding.ports import SourceStore
from chalicelib.identifiers import id_at
from chalicelib.ingest.ports import ReceiptLog
from chalicelib.ingest.receipt import Receipt, SourceBusy
from chalicelib.ingest.source_keys import DroppedSource, UploadedSource, read_key


@dataclass(frozen=True, slots=True)
class Intake:
    titles: Curation
    sources: SourceStore
    log: ReceiptLog
    oversight: Oversight
    clock: Clock

    def received(self, key: str, etag: str) -> Encode | None:
        """Have media made of a film; nothing if it is none, or no longer what the event is about.

        The same event twice, late or out of order makes no second revision.
        """
        film = read_key(key)
        if film is None or key.endswith("/"):
            return None
        source = self.sources.find(key)
        if source is None or source.etag != etag:
            return None
        try:
            return self._begun(film, source)
        except VideoNotFound:
            return None

    def _begun(self, film: UploadedSource | DroppedSource, source: Source) -> Encode:
        receipt = self._taken(film, source)
        video_id = receipt.video_id
        if receipt.revision is None:
            if isinstance(film, DroppedSource):
                self._have_draft(video_id, film)
            revision = self.titles.videos.begin_conversion(video_id)
            self.log.note(receipt, revision)
        else:
            # Again, for whoever did it before may have got no further.
            revision = receipt.revision
            self._require_still_wanted(film, receipt)
        return self.oversight.begin(video_id, revision, source)

    def _taken(self, film: UploadedSource | DroppedSource, source: Source) -> Receipt:
        if isinstance(film, UploadedSource):
            self._require_current(film.video_id)
            return self.log.take(source.key, source.etag, film.video_id)
        return self.log.take(source.key, source.etag, self._new_id())

    def _require_current(self, video_id: VideoId) -> None:
        """Raise `VideoNotFound` if the title was deleted meanwhile."""
        self.titles.get(video_id)

    def _require_still_wanted(self, film: UploadedSource | DroppedSource, receipt: Receipt) -> None:
        """Raise `VideoNotFound` as above, or `SourceBusy` if it may have been dropped anew."""
        try:
            self._require_current(receipt.video_id)
        except VideoNotFound:
            if isinstance(film, UploadedSource):
                raise
            # Who deletes a title deletes its file: what is there the next time is another drop.
            self.log.forget(receipt)
            raise SourceBusy("The title of this file is being deleted.") from None

    def _new_id(self) -> VideoId:
        return VideoId(id_at(self.clock.now(), entropy=secrets.randbits(12)))

    def _have_draft(self, video_id: VideoId, film: DroppedSource) -> None:
        with suppress(VideoTaken):  # by an earlier try, for nobody else was given this id
            self.titles.add(Card(title=film.title, category=film.category), video_id=video_id)
