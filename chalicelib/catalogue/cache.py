"""The catalogue cache: a copy of the catalogue for this process, at most `LOOK_EVERY` old."""

import threading
from collections.abc import Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import TypeVar

from chalicelib.catalogue.model import Category, Video, VideoId, VideoNotFound
from chalicelib.catalogue.ports import (
    NOTHING,
    REMOVALS_KEPT_FOR,
    CatalogueCopies,
    CatalogueCopy,
    ChangeLog,
    Changes,
    CopyBroken,
)
from chalicelib.catalogue.snapshot import Snapshot
from chalicelib.clock import NEVER, Clock
from chalicelib.errors import Unavailable

# Within this time another process reads a change.
LOOK_EVERY = timedelta(seconds=2)
# Clocks of different processes differ, and the index lags behind.
OVERLAP = timedelta(seconds=60)
# An item that this process wrote may reach the index after a later read of the index.
INDEX_LAG = timedelta(seconds=3)
# If the last look is older, a request waits for the refresh that is under way.
FRESH_FOR = timedelta(seconds=4)
WAIT_SECONDS = 1.0
# For this long after it, the snapshot is served while the store does not answer.
STALE_FOR = timedelta(seconds=60)
# What is older may lack a removal that no one knows any more.
LASTS_FOR = REMOVALS_KEPT_FOR / 2

_FOR_EVER = -1.0

K = TypeVar("K", bound=Hashable)
Dated = TypeVar("Dated", Video, Category)


@dataclass(slots=True)
class CatalogueCache:
    log: ChangeLog
    copies: CatalogueCopies
    clock: Clock
    _snapshot: Snapshot | None = None
    _known_at: datetime = NEVER
    _tried_at: datetime = NEVER
    _own: list[tuple[datetime, Changes]] = field(default_factory=list)
    _looking: threading.Lock = field(default_factory=threading.Lock)
    _changing: threading.Lock = field(default_factory=threading.Lock)

    def snapshot(self) -> Snapshot:
        """Return the snapshot by a recent look; raise `Unavailable` if the last one is too old."""
        now = self.clock.now()
        if self._is_due(now) and self._looking.acquire(timeout=self._patience_seconds(now)):
            try:
                if self._is_due(self.clock.now()):  # no other thread refreshed it meanwhile
                    self._look()
            finally:
                self._looking.release()
        held, now = self._snapshot, self.clock.now()
        if held is None or now - self._known_at > STALE_FOR:
            raise Unavailable("The catalogue is not available right now.")
        return held if now < held.until else self._dated_anew()

    def _dated_anew(self) -> Snapshot:
        """Return the next snapshot, for a date has changed what viewers see."""
        with self._changing:
            held, now = self._snapshot, self.clock.now()
            if held is None:
                raise Unavailable("The catalogue is not available right now.")
            if now >= held.until:
                self._snapshot = held = held.next(now)
            return held

    def find(self, video_id: VideoId) -> Video:
        """Return the video, also a draft; raise `VideoNotFound`."""
        entry = self.snapshot().entry(video_id)
        if entry is None:
            raise VideoNotFound
        return entry.video

    def record(self, changes: Changes) -> None:
        """Add changes of this process, which the index may not have yet."""
        with self._changing:
            self._own.append((self.clock.now(), changes))
            if self._snapshot is not None:
                self._apply(changes)

    @property
    def known_at(self) -> datetime:
        """The moment of the last look."""
        return self._known_at

    def _is_due(self, now: datetime) -> bool:
        # Also after the clock was set back.
        return not timedelta(0) <= now - self._tried_at < LOOK_EVERY

    def _patience_seconds(self, now: datetime) -> float:
        if self._snapshot is None:
            return _FOR_EVER
        return WAIT_SECONDS if now - self._known_at > FRESH_FOR else 0.0

    def _look(self) -> None:
        now = self.clock.now()
        is_known = self._snapshot is not None and now - self._known_at < LASTS_FOR
        try:
            if is_known:
                self._read_changes(now)
            # Also if its copy turned out to be broken.
            if not is_known or self._snapshot is None:
                self._load(now)
        except (Unavailable, CopyBroken):
            self._tried_at = now
            return
        self._tried_at = self._known_at = now

    def _read_changes(self, now: datetime) -> None:
        for changes in self.log.since(self._known_at - OVERLAP):
            with self._changing:
                self._apply(self._without_earlier(changes, now))

    def _load(self, now: datetime) -> None:
        copy = self._loaded(now)
        with self._changing:
            self._snapshot = Snapshot.of(copy, self.clock.now())
            for own in self._recent(now):
                self._apply(_later(own, copy))

    def _loaded(self, now: datetime) -> CatalogueCopy:
        """Return a copy made from the log or, if that is long, from a saved copy."""
        everything = self.log.everything()
        first, second = next(everything, NOTHING), next(everything, None)
        if second is None:
            copy = self.copies.empty()
            copy.apply(first)
            return copy
        saved = self.copies.saved()
        if saved and now - saved[1] < LASTS_FOR:
            copy, known_at = saved
            with suppress(CopyBroken):
                return _with(self.log.since(known_at - OVERLAP), copy)
        # What changed while all of it was read may be missing.
        later = self.log.since(now - OVERLAP)
        return _with(chain([first, second], everything, later), self.copies.empty())

    def _apply(self, changes: Changes) -> None:
        held = self._snapshot
        try:
            if held and held.apply(changes):
                # Another thread may still render lists of the one before.
                self._snapshot = held.next(self.clock.now())
        except CopyBroken:
            self._snapshot, self._tried_at = None, NEVER

    def _recent(self, now: datetime) -> Sequence[Changes]:
        self._own = [(at, own) for at, own in self._own if now - at < INDEX_LAG]
        return [own for _, own in self._own]

    def _without_earlier(self, changes: Changes, now: datetime) -> Changes:
        """Return changes without what this process has overwritten, which the index has yet."""
        for own in self._recent(now):
            changes = Changes(
                _not_overwritten(changes.videos, own.videos),
                _not_overwritten(changes.categories, own.categories),
            )
        return changes


def _with(everything: Iterable[Changes], copy: CatalogueCopy) -> CatalogueCopy:
    for changes in everything:
        copy.apply(changes)
    return copy


def _not_overwritten(
    read: Mapping[K, Dated | None], own: Mapping[K, Dated | None]
) -> Mapping[K, Dated | None]:
    if read.keys().isdisjoint(own):
        return read
    return {
        key: each for key, each in read.items() if key not in own or _is_current(each, own[key])
    }


def _later(own: Changes, copy: CatalogueCopy) -> Changes:
    """Return what this process wrote and the copy does not have yet."""
    videos = {
        key: each
        for key, each in own.videos.items()
        if not ((entry := copy.entry(key)) and _is_current(entry.video, each))
    }
    known = copy.names.by_id
    categories = {
        key: each
        for key, each in own.categories.items()
        if not (key in known and _is_current(known[key], each))
    }
    return Changes(videos, categories)


def _is_current(read: Dated | None, own: Dated | None) -> bool:
    """Return whether what was read is at least as new; a removal elsewhere is."""
    return read is None or (own is not None and read.changed_at >= own.changed_at)
