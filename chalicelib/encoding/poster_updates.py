"""Updates of own posters by their tasks."""

from contextlib import suppress
from dataclasses import dataclass

from chalicelib.catalogue.model import VideoId, VideoNotFound
from chalicelib.catalogue.ports import VideoStore
from chalicelib.catalogue.poster import PosterId, StalePoster
from chalicelib.clock import Clock
from chalicelib.encoding.failures import Reason
from chalicelib.encoding.pictures import Pictures
from chalicelib.encoding.poster_ports import PosterStore


@dataclass(frozen=True, slots=True)
class PosterUpdates:
    store: PosterStore
    videos: VideoStore
    pictures: Pictures
    clock: Clock

    def is_pending(self, video_id: VideoId, poster: PosterId) -> bool:
        """Return whether its pictures are still to be made."""
        try:
            known = self.videos.get(video_id).poster
        except VideoNotFound:
            return False
        return known.is_pending and known.newest == poster

    def complete(self, video_id: VideoId, poster: PosterId) -> bool:
        """Give pages the pictures, which are stored; return False if they came too late."""
        has_revealed = self._reveal_if_public(video_id, poster)
        try:
            self.store.complete(video_id, poster)
        except StalePoster:
            return False
        if not has_revealed:  # the video may have been published in between
            self._reveal_if_public(video_id, poster)
        return True

    def refuse(self, video_id: VideoId, poster: PosterId, reason: Reason) -> None:
        with suppress(StalePoster):
            self.store.refuse(video_id, poster, reason.value)

    def _reveal_if_public(self, video_id: VideoId, poster: PosterId) -> bool:
        try:
            is_public = self.videos.get(video_id).is_public_at(self.clock.now())
        except VideoNotFound:
            return False
        if is_public:
            self.pictures.reveal_poster(video_id, poster)
        return is_public
