"""The catalogue cache: all videos and categories in memory, at most `LOOK_EVERY` old."""

import threading
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from chalicelib.catalogue.model import Category, Video, VideoId, VideoNotFound
from chalicelib.catalogue.ports import REMOVALS_KEPT_FOR, ChangeLog, Changes
from chalicelib.catalogue.snapshot import Snapshot
from chalicelib.clock import NEVER, Clock
from chalicelib.errors import Unavailable

# Within this time another process reads a change.
LOOK_EVERY = timedelta(seconds=2)
# Clocks of different processes differ, and the index lags behind.
OVERLAP = timedelta(seconds=60)
# An item that this process wrote may reach the index after a later read of the index.
INDEX_LAG = timedelta(seconds=3)
# If the snapshot is older, a request waits for the refresh that is under way.
FRESH_FOR = timedelta(seconds=4)
WAIT_SECONDS = 1.0
# For this long, the last snapshot is served while the store does not answer.
STALE_FOR = timedelta(seconds=60)
RELOAD_AFTER = REMOVALS_KEPT_FOR / 2

_FOR_EVER = -1.0

K = TypeVar("K", bound=Hashable)
Dated = TypeVar("Dated", Video, Category)


@dataclass(slots=True)
class CatalogueCache:
    log: ChangeLog
    clock: Clock
    _snapshot: Snapshot | None = None
    _known_at: datetime = NEVER
    _tried_at: datetime = NEVER
    _own: list[tuple[datetime, Changes]] = field(default_factory=list)
    _looking: threading.Lock = field(default_factory=threading.Lock)
    _changing: threading.Lock = field(default_factory=threading.Lock)

    def snapshot(self) -> Snapshot:
        """Return a snapshot at most `LOOK_EVERY` old; raise `Unavailable` if it cannot be read."""
        now = self.clock.now()
        if self._is_due(now) and self._looking.acquire(timeout=self._patience_seconds(now)):
            try:
                if self._is_due(self.clock.now()):  # no other thread refreshed it meanwhile
                    self._look()
            finally:
                self._looking.release()
        held = self._snapshot
        if held is None or self.clock.now() - self._known_at > STALE_FOR:
            raise Unavailable("The catalogue is not available right now.")
        return held

    def find(self, video_id: VideoId) -> Video:
        """Return the video, also a draft; raise `VideoNotFound`."""
        entry = self.snapshot().by_id.get(video_id)
        if entry is None:
            raise VideoNotFound
        return entry.video

    def record(self, changes: Changes) -> None:
        """Add changes of this process, which the index may not have yet."""
        with self._changing:
            self._own.append((self.clock.now(), changes))
            if self._snapshot is not None:
                self._snapshot = self._snapshot.changed(changes)

    def _is_due(self, now: datetime) -> bool:
        # Also after the clock was set back.
        return not timedelta(0) <= now - self._tried_at < LOOK_EVERY

    def _patience_seconds(self, now: datetime) -> float:
        if self._snapshot is None:
            return _FOR_EVER
        return WAIT_SECONDS if now - self._known_at > FRESH_FOR else 0.0

    def _look(self) -> None:
        now = self.clock.now()
        is_known = self._snapshot is not None and now - self._known_at < RELOAD_AFTER
        try:
            changes = self.log.since(self._known_at - OVERLAP if is_known else None)
        except Unavailable:
            self._tried_at = now
            return
        with self._changing:
            before = self._snapshot if is_known else None
            self._snapshot = (before or Snapshot()).changed(self._with_own(changes, now))
            self._tried_at = self._known_at = now

    def _with_own(self, changes: Changes, now: datetime) -> Changes:
        self._own = [(at, own) for at, own in self._own if now - at < INDEX_LAG]
        videos, categories = dict(changes.videos), dict(changes.categories)
        for _, own in self._own:
            videos.update(_later(own.videos, videos))
            categories.update(_later(own.categories, categories))
        return Changes(videos, categories)


def _later(own: Mapping[K, Dated | None], read: Mapping[K, Dated | None]) -> dict[K, Dated | None]:
    """Return what this process wrote and the index does not have yet."""
    later = {}
    for key, mine in own.items():
        theirs = read.get(key)
        is_removed_elsewhere = key in read and theirs is None
        is_seen = mine and theirs and theirs.changed_at >= mine.changed_at
        if not (is_removed_elsewhere or is_seen):
            later[key] = mine
    return later
