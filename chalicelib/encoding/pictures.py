"""Pictures of a video: signed ones, and public copies while it is published."""

from dataclasses import dataclass

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.model import Revision, Video, VideoId
from chalicelib.catalogue.ports import VideoStore
from chalicelib.catalogue.poster import PosterId
from chalicelib.encoding.ports import MediaStore


@dataclass(frozen=True, slots=True)
class Pictures:
    """All methods are idempotent, and no failure in between loses a picture."""

    media: MediaStore
    videos: VideoStore

    def reveal(self, video: Video) -> None:
        """Copy the pictures of its media, and its own poster, to their public keys."""
        if video.media:
            self.reveal_revision(video.id, video.media.revision)
        if video.poster.current:
            self.reveal_poster(video.id, video.poster.current)

    def reveal_revision(self, video_id: VideoId, revision: Revision) -> None:
        kept = object_keys.pictures(video_id, revision)
        self._copy(kept, object_keys.images(video_id, revision))

    def reveal_poster(self, video_id: VideoId, poster: PosterId) -> None:
        kept = object_keys.poster_pictures(video_id, poster)
        self._copy(kept, object_keys.poster_images(video_id, poster))

    def clear_posters(self, video: Video) -> int:
        """Remove own posters that were replaced or removed; return how many folders."""
        old = [
            name
            for kind in ("images", "media")
            for name in self.media.folders(object_keys.posters(kind, video.id))
            if (number := name.rstrip("/").rpartition("/")[2]).isdecimal()
            and int(number) not in video.poster.needed
        ]
        for name in old:
            self.media.remove(name)
        return len(old)

    def hide(self, video: Video) -> None:
        """Remove the public copies; pictures without a signed original are copied first."""
        for public in list(self.media.folders(f"images/{video.id}/")):
            self._keep(video, public)
        self.media.remove(f"images/{video.id}/")

    def _copy(self, kept: str, public: str) -> None:
        for key in self.media.listed(kept):
            self.media.copy(key, public + key.removeprefix(kept))

    def _keep(self, video: Video, public: str) -> None:
        number = public.rstrip("/").rpartition("/")[2]
        is_current = video.media is not None and str(video.media.revision) == number
        if video.media is None or not is_current or video.media.keeps_pictures:
            return
        kept = object_keys.pictures(video.id, video.media.revision)
        self._copy(public, kept)
        self.videos.keep_pictures(video.id, video.media.revision)
