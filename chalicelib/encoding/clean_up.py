"""Hourly clean-up: orphaned objects, encodes whose execution was lost, earlier forms of changes."""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import Asset
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
from chalicelib.encoding.retention import KEPT_AFTER_GRANTS, OLD_MEDIA_KEPT_FOR

_EVERY = timedelta(hours=1)
_HOURS = 24
# Up to this number, all videos are checked every hour, else each once a day.
MOST_CHECKED_HOURLY = 20
# 100,000 videos take four days, and an hour some seconds of it.
MOST_REFILED = 1_000


@dataclass(frozen=True, slots=True)
class CleanUpResult:
    folders: int
    revived: int
    withdrawn: int = 0
    # Not all copies have left the edge: the next hour retries.
    is_edge_busy: bool = False
    # Entries of the change log that an earlier version had filed.
    refiled: int = 0


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
    # How long a grant for these media is valid.
    life_of_grants: Callable[[Asset], timedelta]

    def run(self) -> CleanUpResult:
        """Do what is due this hour; it may run twice, or not at all."""
        snapshot = self.catalogue.snapshot()
        removed, replaced = self._changed_lately()
        # The snapshot may be some seconds old.
        folders = sum(
            self._clear(each, None if each in removed else snapshot.entry(each))
            for each in self._due(removed | replaced)
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
            refiled=self.changes.refile(most=MOST_REFILED),
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

    def _changed_lately(self) -> tuple[frozenset[VideoId], frozenset[VideoId]]:
        """Return which videos were removed, and of which the media were replaced."""
        changed = self.changes.since(self.clock.now() - 2 * _EVERY)
        videos = {number: video for some in changed for number, video in some.videos.items()}
        removed = frozenset(number for number, video in videos.items() if video is None)
        replaced = frozenset(number for number, video in videos.items() if _has_replaced(video))
        return removed, replaced

    def _due(self, lately: Container[VideoId]) -> Iterator[VideoId]:
        """Yield videos with media: those changed lately, and of many others each once a day."""
        numbers = {number for kind in object_keys.KINDS for number in self._below(kind)}
        hour = self.clock.now().hour
        for number in sorted(numbers):
            if len(numbers) <= MOST_CHECKED_HOURLY or number % _HOURS == hour or number in lately:
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
                self.pictures.reveal(video)

    def _clear(self, video_id: VideoId, entry: Entry | None) -> int:
        if entry is None:
            # The index may lag behind a new video.
            is_gone = self.control.is_gone(video_id)
            if is_gone:
                self.removal.request(video_id)
            return int(is_gone)
        video = entry.video
        if _has_replaced(video):
            self._remove_older_sources(video)
        elif self._is_new(video):
            return 0
        cleared = sum(self._clear_revisions(video, kind) for kind in object_keys.KINDS)
        # Open pages may have the URLs of what was replaced today.
        return cleared + (0 if self._is_new(video) else self.pictures.clear_posters(video))

    def _is_new(self, video: Video) -> bool:
        return self.clock.now() - video.changed_at < OLD_MEDIA_KEPT_FOR

    def _remove_older_sources(self, video: Video) -> None:
        """Remove the sources that viewers get no media of any more: none is encoded again."""
        for encode in self.encodes.of(video.id):
            if video.media and encode.revision < video.media.revision:
                self.control.remove_source(encode)

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
        media = video.media
        if media and media.since and revision < media.revision:
            return self.clock.now() < media.since + self._life_after(video.id, revision)
        if self._is_new(video):
            return True
        if media and revision == media.revision:
            return kind != "work"
        if revision < video.encode.revision:
            return False
        # The newest: being encoded, or kept for a retry as long as its encode is.
        try:
            self.encodes.get(video.id, revision)
        except EncodeNotFound:
            return False
        return True

    def _life_after(self, video_id: VideoId, revision: Revision) -> timedelta:
        """Return how long media are needed after they were replaced."""
        try:
            asset = self.encodes.get(video_id, revision).asset
        except EncodeNotFound:
            # It was cleared away before, or has failed long ago.
            return timedelta(0)
        return self.life_of_grants(asset) + KEPT_AFTER_GRANTS if asset else KEPT_AFTER_GRANTS


def _has_replaced(video: Video | None) -> bool:
    return bool(video and video.media and video.media.has_replaced)


def _revision_of(name: str) -> Revision | None:
    number = name.rstrip("/").removesuffix(".json").rpartition("/")[2]
    return Revision(int(number)) if number.isdecimal() else None
