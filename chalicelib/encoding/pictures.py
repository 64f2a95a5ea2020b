"""Pictures of a video: signed ones, and public copies while it is published."""

from dataclasses import dataclass

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.model import Revision, Video, VideoId
from chalicelib.catalogue.ports import VideoStore
from chalicelib.encoding.ports import MediaStore


@dataclass(frozen=True, slots=True)
class Pictures:
    """Both methods are idempotent, and no failure in between loses a picture."""

    media: MediaStore
    videos: VideoStore

    def reveal(self, video_id: VideoId, revision: Revision) -> None:
        kept, public = (
            object_keys.pictures(video_id, revision),
            object_keys.images(video_id, revision),
        )
        for key in self.media.listed(kept):
            self.media.copy(key, public + key.removeprefix(kept))

    def hide(self, video: Video) -> None:
        """Remove the public copies; pictures without a signed original are copied first."""
        for public in list(self.media.folders(f"images/{video.id}/")):
            self._keep(video, public)
        self.media.remove(f"images/{video.id}/")

    def _keep(self, video: Video, public: str) -> None:
        number = public.rstrip("/").rpartition("/")[2]
        is_current = video.media is not None and str(video.media.revision) == number
        if video.media is None or not is_current or video.media.keeps_pictures:
            return
        kept = object_keys.pictures(video.id, video.media.revision)
        for key in self.media.listed(public):
            self.media.copy(key, kept + key.removeprefix(public))
        self.videos.keep_pictures(video.id, video.media.revision)
