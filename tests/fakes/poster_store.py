"""Own posters in the videos of a store in memory."""

from dataclasses import dataclass, replace

from chalicelib.catalogue.model import Video, VideoId, VideoNotFound
from chalicelib.catalogue.poster import OwnPoster, PosterId, StalePoster
from tests.fakes.video_store import InMemoryVideoStore


@dataclass
class InMemoryPosterStore:
    videos: InMemoryVideoStore

    def begin(self, video_id: VideoId, poster: PosterId) -> Video:
        video = self.videos.get(video_id)
        if video.poster.newest == poster:
            return video
        known = self._earlier(video, poster)
        self.videos.keep(video_id)
        begun = replace(known, newest=poster, is_pending=True, refusal="")
        return self.videos.write_poster(video_id, begun)

    def complete(self, video_id: VideoId, poster: PosterId) -> Video:
        known = self._pending(video_id, poster)
        done = replace(known, current=poster, is_pending=False)
        return self.videos.write_poster(video_id, done)

    def refuse(self, video_id: VideoId, poster: PosterId, reason: str) -> None:
        known = self._pending(video_id, poster)
        refused = replace(known, is_pending=False, refusal=reason)
        self.videos.write_poster(video_id, refused)

    def remove(self, video_id: VideoId, request: PosterId) -> Video:
        self._earlier(self.videos.get(video_id), request)
        return self.videos.write_poster(video_id, OwnPoster(newest=request))

    @staticmethod
    def _earlier(video: Video, request: PosterId) -> OwnPoster:
        if video.poster.newest >= request:
            raise StalePoster
        return video.poster

    def _pending(self, video_id: VideoId, poster: PosterId) -> OwnPoster:
        try:
            known = self.videos.get(video_id).poster
        except VideoNotFound:
            raise StalePoster from None
        if known.newest != poster or not known.is_pending:
            raise StalePoster
        return known
