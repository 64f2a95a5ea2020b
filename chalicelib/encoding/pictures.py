"""Pictures of a video: kept behind signatures, and copied to where everybody finds them."""

from dataclasses import dataclass

from chalicelib.catalogue import media_keys
from chalicelib.catalogue.model import Revision, Video, VideoId
from chalicelib.catalogue.ports import VideoStore
from chalicelib.encoding.ports import MediaStore


@dataclass(frozen=True, slots=True)
class Pictures:
    """Each may be done twice; what is shown keeps its pictures whatever fails in between."""

    media: MediaStore
    videos: VideoStore

    def reveal(self, video_id: VideoId, revision: Revision) -> None:
        kept, public = (
            media_keys.pictures(video_id, revision),
            media_keys.images(video_id, revision),
        )
        for key in self.media.listed(kept):
            self.media.copy(key, public + key.removeprefix(kept))

    def hide(self, video: Video) -> None:
        """Take the public copies away; pictures that are nowhere else are kept from now on."""
        for public in list(self.media.folders(f"images/{video.id}/")):
            self._keep(video, public)
        self.media.remove(f"images/{video.id}/")

    def _keep(self, video: Video, public: str) -> None:
        number = public.rstrip("/").rpartition("/")[2]
        is_shown = video.shown is not None and str(video.shown.revision) == number
        if video.shown is None or not is_shown or video.shown.keeps_pictures:
            return
        kept = media_keys.pictures(video.id, video.shown.revision)
        for key in self.media.listed(public):
            self.media.copy(key, kept + key.removeprefix(public))
        self.videos.keep_pictures(video.id, video.shown.revision)
