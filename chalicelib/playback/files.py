"""The MP4 files of a video as signed URLs, for clients without playlists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.accounts.tokens import Identity
from chalicelib.catalogue import object_keys
from chalicelib.catalogue.model import NO_AGE_LIMIT, Video, VideoId
from chalicelib.clock import Clock
from chalicelib.playback.admission import Admission
from chalicelib.playback.grants import PAUSES
from chalicelib.playback.media_urls import MediaUrls, end_of_life


@dataclass(frozen=True, slots=True)
class Mp4File:
    height: int
    url: str


@dataclass(frozen=True, slots=True)
class Mp4Files:
    """The best file, and one for each height, the largest first.

    One signature opens all of them, so that clients may derive the URL of one from another's.
    """

    best_url: str | None = None
    by_height: Sequence[Mp4File] = ()
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FileUrls:
    media: MediaUrls
    clock: Clock
    admission: Admission

    def playable(
        self, identity: Identity, video_id: VideoId, *, age_limit: int = NO_AGE_LIMIT
    ) -> Mp4Files:
        """Return the files of a video that this viewer may play; raise as `Admission.admit`."""
        return self.of(self.admission.admit(identity, video_id, age_limit=age_limit).video)

    def of(self, video: Video) -> Mp4Files:
        """Return the files of the published revision; none if it was made without."""
        complete = video.media
        if complete is None or not complete.mp4_name:
            return Mp4Files()
        life = timedelta(seconds=complete.duration_seconds) + PAUSES
        until = end_of_life(self.clock.now(), life)
        folder = self.media.base(video.id, complete.revision)
        query = self.media.query(video.id, complete.revision, expires_at=until)

        def url(rung: str = "") -> str:
            return f"{folder}{object_keys.mp4(complete.mp4_name, rung)}?{query}"

        heights = sorted({*complete.heights, *complete.mp4_only_heights}, reverse=True)
        by_height = [Mp4File(height, url(f"{height}p")) for height in heights]
        return Mp4Files(url(), by_height, expires_at=until)

    def renewed_at(self) -> datetime:
        """Return when the next URLs expire later than those of now."""
        return end_of_life(self.clock.now(), timedelta())
