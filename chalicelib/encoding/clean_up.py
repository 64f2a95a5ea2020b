"""Hourly clean-up: orphaned objects, and encodes whose execution was lost."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.listing import Entry
from chalicelib.catalogue.model import Revision, Video, VideoId
from chalicelib.catalogue.ports import ChangeLog, VideoStore
from chalicelib.catalogue.snapshot import Snapshot
from chalicelib.clock import Clock
from chalicelib.encoding.control import EncodeControl
from chalicelib.encoding.model import EncodeNotFound
from chalicelib.encoding.pictures import Pictures
from chalicelib.encoding.ports import EdgeBusy, EncodeStore, MediaStore
from chalicelib.encoding.removal import MediaRemoval
from chalicelib.encoding.retention import OLD_MEDIA_KEPT_FOR

_EVERY = timedelta(hours=1)
_HOURS = 24
# Up to this number, all videos are checked every hour, else each once a day.
MOST_CHECKED_HOURLY = 20


@dataclass(frozen=True, slots=True)
class CleanUpResult:
    folders: int
    revived: int
    withdrawn: int = 0
    # Not all copies have left the edge: the next hour retries.
    is_edge_busy: bool = False


@dataclass(frozen=True, slots=True)
class CleanUp:
    catalogue: CatalogueCache
    changes: ChangeLog
    videos: VideoStore
    encodes: EncodeStore
    media: MediaStore
    control: EncodeControl
    removal: MediaRemoval
    pictures: Pictures
    clock: Clock

    def run(self) -> CleanUpResult:
        """Do what is due this hour; it may run twice, or not at all."""
        snapshot = self.catalogue.snapshot()
        removed = self._removed_lately()
        # The snapshot may be some seconds old.
        folders = sum(
            self._clear(each, None if each in removed else snapshot.entry(each))
            for each in self._due(removed)
        )
        public = sorted(self._below("images"))
        folders += sum(self._hide(each, snapshot) for each in public)
        self._reveal(snapshot, frozenset(public))
        withdrawn, is_edge_busy = self._withdraw()
        return CleanUpResult(
            folders=folders,
            revived=self.revive(),
            withdrawn=withdrawn,
            is_edge_busy=is_edge_busy,
        )

    def revive(self) -> int:
        """Retry encodes whose execution was lost; return how many."""
        under_way = self.catalogue.snapshot().copy.under_way()
        return sum(self.control.revive(entry.video) for entry in under_way)

    def _withdraw(self) -> tuple[int, bool]:
        try:
            return self.removal.process(list(self.removal.pending())), False
        except EdgeBusy:
            return 0, True

    def _removed_lately(self) -> Container[VideoId]:
        changed = self.changes.since(self.clock.now() - 2 * _EVERY)
        return {each for some in changed for each, video in some.videos.items() if video is None}

    def _due(self, removed: Container[VideoId]) -> Iterator[VideoId]:
        """Yield videos with media: those removed lately, and of many others each once a day."""
        numbers = {number for kind in object_keys.KINDS for number in self._below(kind)}
        hour = self.clock.now().hour
        for number in sorted(numbers):
            if len(numbers) <= MOST_CHECKED_HOURLY or number % _HOURS == hour or number in removed:
                yield number

    def _below(self, kind: str) -> Iterator[VideoId]:
        for folder in self.media.folders(f"{kind}/"):
            name = folder.split("/")[1]
            if name.isdecimal():
                yield VideoId(int(name))

    def _hide(self, video_id: VideoId, snapshot: Snapshot) -> int:
        """Remove public pictures of a video that viewers may not see."""
        entry = snapshot.entry(video_id)
        is_hidden = entry is not None and not entry.video.is_public_at(self.clock.now())
        if is_hidden:
            self.removal.request(video_id)
        return int(is_hidden)

    def _reveal(self, snapshot: Snapshot, public: Container[VideoId]) -> None:
        """Publish the pictures of videos whose `publish_at` has come."""
        now = self.clock.now()
        for entry in snapshot.copy.begun(now):
            video = entry.video
            if video.media and video.is_public_at(now) and video.id not in public:
                self.pictures.reveal(video.id, video.media.revision)

    def _clear(self, video_id: VideoId, entry: Entry | None) -> int:
        if entry is None:
            # The index may lag behind a new video.
            is_gone = self.control.is_gone(video_id)
            if is_gone:
                self.removal.request(video_id)
            return int(is_gone)
        video = entry.video
        if self.clock.now() - video.changed_at < OLD_MEDIA_KEPT_FOR:
            return 0
        return sum(self._clear_revisions(video, kind) for kind in object_keys.KINDS)

    def _clear_revisions(self, video: Video, kind: str) -> int:
        below = f"{kind}/{video.id}/"
        # Each revision has one report, and a folder of each other kind.
        names = self.media.listed(below) if kind == "reports" else self.media.folders(below)
        old = [
            (name, revision)
            for name in names
            if (revision := _revision_of(name)) is not None
            and not self._is_needed(video, revision, kind)
        ]
        for name, revision in old:
            self.media.remove(name)
            if kind == "media":
                self.encodes.remove_one(video.id, revision)
        return len(old)

    def _is_needed(self, video: Video, revision: Revision, kind: str) -> bool:
        if video.media and revision == video.media.revision:
            return kind != "work"
        if revision < video.encode.revision:
            return False
        # The newest: being encoded, or kept for a retry as long as its encode is.
        try:
            self.encodes.get(video.id, revision)
        except EncodeNotFound:
            return False
        return True


def _revision_of(name: str) -> Revision | None:
    number = name.rstrip("/").removesuffix(".json").rpartition("/")[2]
    return Revision(int(number)) if number.isdecimal() else None
