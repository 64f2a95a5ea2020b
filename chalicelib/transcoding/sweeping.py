"""Hourly clean-up: expired uploads, orphaned objects, encodes whose execution was lost."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.catalogue import media_keys
from chalicelib.catalogue.model import ConversionStatus, Revision, Video, VideoId, VideoNotFound
from chalicelib.catalogue.ports import ChangeLog, VideoStore
from chalicelib.clock import Clock
from chalicelib.transcoding.incoming import UploadedFilm, read_key
from chalicelib.transcoding.model import EncodeNotFound
from chalicelib.transcoding.oversight import Oversight
from chalicelib.transcoding.ports import EdgeBusy
from chalicelib.transcoding.retention import OLD_MEDIA_KEPT_FOR, UPLOADS_KEPT_FOR
from chalicelib.transcoding.withdrawals import Withdrawals

_HOURS = 24
# So few that all can be looked at every hour.
_FEW_TITLES = 20


@dataclass(frozen=True, slots=True)
class Swept:
    uploads: int
    folders: int
    revived: int
    withdrawn: int = 0
    # Not all copies have left the edge: the next hour tries again.
    is_edge_busy: bool = False


@dataclass(frozen=True, slots=True)
class Sweeping:
    changes: ChangeLog
    videos: VideoStore
    oversight: Oversight
    withdrawals: Withdrawals
    clock: Clock

    def sweep(self) -> Swept:
        """Do what is due this hour; doing it twice, or not at all, does no harm."""
        known = self.changes.since(None).videos
        videos = {video_id: video for video_id, video in known.items() if video}
        removed = known.keys() - videos.keys()
        uploads = self._abort_uploads()
        folders = sum(self._clear(each, videos.get(each)) for each in self._due(removed))
        folders += sum(self._hide(each, videos.get(each)) for each in self._pictured())
        withdrawn, is_edge_busy = self._withdraw()
        return Swept(
            uploads=uploads,
            folders=folders,
            revived=sum(self._revive(video) for video in videos.values()),
            withdrawn=withdrawn,
            is_edge_busy=is_edge_busy,
        )

    def revive(self) -> int:
        """Find what was lost on its way, and have it tried again."""
        videos = self.changes.since(None).videos.values()
        return sum(self._revive(video) for video in videos if video)

    def _revive(self, video: Video) -> bool:
        is_under_way = video.conversion.status in (
            ConversionStatus.PENDING,
            ConversionStatus.PROCESSING,
        )
        return is_under_way and video.conversion.revision > 0 and self.oversight.revive(video)

    def _abort_uploads(self) -> int:
        uploads = self.oversight.uploads
        old = list(uploads.begun_before(self.clock.now() - UPLOADS_KEPT_FOR))
        for key, multipart_id in old:
            uploads.abort(key, multipart_id)
            film = read_key(key)
            if isinstance(film, UploadedFilm) and uploads.find(key) is None:
                with suppress(VideoNotFound):
                    self.videos.remove_abandoned(film.video_id, film.upload_id)
        return len(old)

    def _withdraw(self) -> tuple[int, bool]:
        try:
            return self.withdrawals.work_off(list(self.withdrawals.left())), False
        except EdgeBusy:
            return 0, True

    def _due(self, removed: Collection[VideoId]) -> Iterator[VideoId]:
        """Titles of which there are media: each once a day if there are many and they are alive."""
        found = {number for kind in media_keys.KINDS for number in self._below(kind)}
        hour = self.clock.now().hour
        for number in sorted(found):
            if len(found) <= _FEW_TITLES or number % _HOURS == hour or number in removed:
                yield number

    def _pictured(self) -> Sequence[VideoId]:
        return sorted(self._below("images"))

    def _below(self, kind: str) -> Iterator[VideoId]:
        for folder in self.oversight.media.folders(f"{kind}/"):
            name = folder.split("/")[1]
            if name.isdecimal():
                yield VideoId(int(name))

    def _hide(self, video_id: VideoId, video: Video | None) -> int:
        """Take away pictures that are public although their title is not."""
        is_draft = video is not None and not video.is_published
        if is_draft:
            self.withdrawals.note(video_id)
        return int(is_draft)

    def _clear(self, video_id: VideoId, video: Video | None) -> int:
        if video is None:
            # The index may lag behind a title that is quite new.
            is_gone = self.oversight.is_gone(video_id)
            if is_gone:
                self.withdrawals.note(video_id)
            return int(is_gone)
        if self.clock.now() - video.changed_at < OLD_MEDIA_KEPT_FOR:
            return 0
        return sum(self._clear_revisions(video, kind) for kind in media_keys.KINDS)

    def _clear_revisions(self, video: Video, kind: str) -> int:
        media, below = self.oversight.media, f"{kind}/{video.id}/"
        # Of each revision there is one report, and a folder of everything else.
        names = media.listed(below) if kind == "reports" else media.folders(below)
        old = [
            (name, revision)
            for name in names
            if (revision := _revision_of(name)) is not None
            and not self._is_needed(video, revision, kind)
        ]
        for name, revision in old:
            media.remove(name)
            if kind == "media":
                self.oversight.encodes.forget(video.id, revision)
        return len(old)

    def _is_needed(self, video: Video, revision: Revision, kind: str) -> bool:
        if video.shown and revision == video.shown.revision:
            return kind != "work"
        if revision < video.conversion.revision:
            return False
        # The newest: in the making, or kept for another try as long as its encode is.
        try:
            self.oversight.encodes.get(video.id, revision)
        except EncodeNotFound:
            return False
        return True


def _revision_of(name: str) -> Revision | None:
    number = name.rstrip("/").removesuffix(".json").rpartition("/")[2]
    return Revision(int(number)) if number.isdecimal() else None
