"""An encode: its source, its step, its tasks, and the reasons for which it may fail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.damage import Decodable
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.chunks import chunk_count, chunk_in
from chalicelib.encoding.pace import Pace
from chalicelib.errors import Conflict, NotFound

# Between the end of a task and the beginning of the next one, without waiting for other videos.
_MOMENT = timedelta(seconds=5)


class EncodeNotFound(NotFound):
    code = "encode_not_found"


class EncodeOver(Conflict):
    """It was finished, cancelled or deleted: no update is accepted."""

    code = "encode_over"


class NotDamaged(Conflict):
    """This revision was not refused for its damage, or is not the newest."""

    code = "not_damaged"
    sentence = "This revision does not wait for a decision about its damage."


class DamageChanged(Conflict):
    """A later attempt has measured other damage than the administrator looked at."""

    code = "damage_changed"
    sentence = "Its damage is not what it was. Please look at it again."


class SourceReplaced(Exception):
    """The object was replaced or removed after its encode began."""


@dataclass(frozen=True, slots=True)
class Source:
    """One object of the uploads bucket, exactly as it was when its encode began."""

    key: str
    etag: str
    size: int


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An object of the uploads bucket, and when it was sent."""

    key: str
    size: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A file with subtitles beside a source."""

    language: str
    key: str
    is_forced: bool = False
    is_for_deaf: bool = False


@dataclass(frozen=True, slots=True)
class UnusedSidecars:
    """Names of files with subtitles beside a source that are not used."""

    # No rule reads the words of these.
    unread: Sequence[str] = ()
    # Pairs of one language and kind: the name of the file that is used, and this one.
    second: Sequence[tuple[str, str]] = ()


class Step(StrEnum):
    """The current step, as clients show it."""

    QUEUED = "queued"
    PLANNING = "planning"
    ENCODING = "encoding"
    CHECKING = "checking"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TakenTask:
    """A task that a worker has taken, and when."""

    name: str  # as its report
    at: datetime


@dataclass(frozen=True, slots=True)
class Encode:
    """The state of the encode of one revision, for playlists and for progress."""

    video_id: VideoId
    revision: Revision
    source: Source
    step: Step = Step.QUEUED
    begun_at: datetime | None = None
    # Counts retries; each keeps the finished work.
    attempt: int = 1
    asset: Asset | None = None
    segments_per_chunk: int = 1
    chunks: frozenset[int] = frozenset()
    # Number of finished segments of each audio track, from the first one on.
    audio_ready: Mapping[int, int] = field(default_factory=dict)
    # Their names, without chunks: "audio-0", "pictures", "subtitles-0".
    finished_tasks: frozenset[str] = frozenset()
    planned_at: datetime | None = None
    # Of this attempt; None before one of its chunks was measured.
    pace: Pace | None = None
    # Those of this attempt that have not ended, also if their worker was lost.
    taken: frozenset[TakenTask] = frozenset()
    # When the last task ended, or the plan; None if an earlier version has planned it.
    idle_since: datetime | None = None
    # How much of the source could be decoded; known once all other checks have passed.
    decodable: Decodable | None = None
    # What an administrator accepted; more damage is refused again.
    accepted: Decodable | None = None
    # An attempt was complete and refused: not playable for viewers until one passes.
    was_refused: bool = False

    @property
    def is_over(self) -> bool:
        return self.step in (Step.DONE, Step.FAILED)

    @property
    def chunks_left(self) -> int:
        if self.asset is None:
            return 0
        planned = chunk_count(self.asset.grid.segments, self.segments_per_chunk)
        return planned - len(self.chunks)

    def taken_as(self, name: str) -> frozenset[TakenTask]:
        """Return when a task was taken, more than once if a worker was lost."""
        return frozenset(task for task in self.taken if task.name == name)

    @property
    def running(self) -> frozenset[TakenTask]:
        return frozenset(task for task in self.taken if not self._is_repeated(task))

    @property
    def running_chunks(self) -> Mapping[int, datetime]:
        """When each chunk was taken that runs now; a repeated one at its first time."""
        chunks: dict[int, datetime] = {}
        for task in sorted(self.running, key=lambda task: task.at, reverse=True):
            if (number := chunk_in(task.name)) is not None:
                chunks[number] = task.at
        return chunks

    @property
    def waiting_chunks(self) -> frozenset[int]:
        if self.asset is None:
            return frozenset()
        planned = chunk_count(self.asset.grid.segments, self.segments_per_chunk)
        return frozenset(range(planned)) - self.chunks - self.running_chunks.keys()

    def workers(self, now: datetime) -> int:
        """Return how many run its tasks, with one that may take the next task at once."""
        ended_at = self.idle_since
        has_taken_next = any(ended_at is None or task.at >= ended_at for task in self.running)
        return len(self.running) + (self._has_just_ended(now) and not has_taken_next)

    def is_waiting(self, now: datetime) -> bool:
        """Whether no task of a planned encode runs; False if that is unknown."""
        return self._is_idle(now) and not self.running

    def are_chunks_waiting(self, now: datetime) -> bool:
        """Whether chunks are left and none runs, although other tasks may."""
        return self._is_idle(now) and self.chunks_left > 0 and not self.running_chunks

    def _is_idle(self, now: datetime) -> bool:
        is_known = self.step is Step.ENCODING and self.idle_since is not None
        return is_known and not self._has_just_ended(now)

    def _has_just_ended(self, now: datetime) -> bool:
        return (
            self.idle_since is not None
            and self.idle_since != self.planned_at
            and now - self.idle_since <= _MOMENT
        )

    def _is_repeated(self, task: TakenTask) -> bool:
        """Whether its work was done before it was taken; another attempt does it once more."""
        if self.attempt > 1:
            return False
        return task.name in self.finished_tasks or chunk_in(task.name) in self.chunks
