"""What happens when a file has come in: a title has media made of it, once."""

import secrets
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.catalogue.curation import Curation
from chalicelib.catalogue.model import Card, VideoId, VideoNotFound, VideoTaken
from chalicelib.clock import Clock
from chalicelib.identifiers import id_at
from chalicelib.transcoding.arrival import Arrival, ArrivalBusy
from chalicelib.transcoding.incoming import DroppedFilm, UploadedFilm, read_key
from chalicelib.transcoding.model import Encode, Source
from chalicelib.transcoding.oversight import Oversight
from chalicelib.transcoding.ports import ArrivalLog, SourceStore


@dataclass(frozen=True, slots=True)
class Arrivals:
    titles: Curation
    sources: SourceStore
    log: ArrivalLog
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

    def _begun(self, film: UploadedFilm | DroppedFilm, source: Source) -> Encode:
        arrival = self._taken(film, source)
        video_id = arrival.video_id
        if arrival.revision is None:
            if isinstance(film, DroppedFilm):
                self._have_draft(video_id, film)
            revision = self.titles.videos.begin_conversion(video_id)
            self.log.note(arrival, revision)
        else:
            # Again, for whoever did it before may have got no further.
            revision = arrival.revision
            self._require_still_wanted(film, arrival)
        return self.oversight.begin(video_id, revision, source)

    def _taken(self, film: UploadedFilm | DroppedFilm, source: Source) -> Arrival:
        if isinstance(film, UploadedFilm):
            self._require_current(film.video_id)
            return self.log.take(source.key, source.etag, film.video_id)
        return self.log.take(source.key, source.etag, self._new_id())

    def _require_current(self, video_id: VideoId) -> None:
        """Raise `VideoNotFound` if the title was deleted meanwhile."""
        self.titles.get(video_id)

    def _require_still_wanted(self, film: UploadedFilm | DroppedFilm, arrival: Arrival) -> None:
        """Raise `VideoNotFound` as above, or `ArrivalBusy` if it may have been dropped anew."""
        try:
            self._require_current(arrival.video_id)
        except VideoNotFound:
            if isinstance(film, UploadedFilm):
                raise
            # Who deletes a title deletes its file: what is there the next time is another drop.
            self.log.forget(arrival)
            raise ArrivalBusy("The title of this file is being deleted.") from None

    def _new_id(self) -> VideoId:
        return VideoId(id_at(self.clock.now(), entropy=secrets.randbits(12)))

    def _have_draft(self, video_id: VideoId, film: DroppedFilm) -> None:
        with suppress(VideoTaken):  # by an earlier try, for nobody else was given this id
            self.titles.add(Card(title=film.title, category=film.category), video_id=video_id)
