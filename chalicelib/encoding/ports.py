"""Ports of the encoding feature: encodes, media, sources, the pipeline and its queues."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum, auto
from pathlib import Path
from typing import Protocol

from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.damage import WHOLE, Decodable
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.model import Encode, Sidecar, Source, TakenTask, UnusedSidecars
from chalicelib.encoding.pace import Pace
from chalicelib.encoding.task_queues import TaskQueue
from chalicelib.errors import Unavailable


class EncodeStore(Protocol):
    """Encodes. Every write is idempotent; none reopens a finished encode."""

    def begin(self, encode: Encode) -> Encode:
        """Write a new encode, or return the existing one of its revision."""

    def get(self, video_id: VideoId, revision: Revision) -> Encode:
        """Return the encode; raise `EncodeNotFound`."""

    def of(self, video_id: VideoId) -> Sequence[Encode]:
        """Return all encodes of a video, the oldest first."""

    def again(self, seen: Encode, *, accepted: Decodable | None = None) -> Encode:
        """Begin the attempt after `seen`, which has failed or was lost.

        It keeps an earlier refusal, and the damage that an administrator accepted. Raise
        `EncodeOver` if `seen` is done, has failed since, or was followed by another attempt.
        """

    def planning(self, video_id: VideoId, revision: Revision) -> Encode:
        """Note that a worker is planning; raise `EncodeOver`."""

    def planned(self, encode: Encode, asset: Asset, *, segments_per_chunk: int) -> Encode:
        """Store the planned asset; raise `EncodeOver`."""

    def task_taken(self, video_id: VideoId, revision: Revision, name: str) -> Encode:
        """Note that a worker has taken a task and return the encode; raise `EncodeOver`."""

    def chunk_done(
        self,
        video_id: VideoId,
        revision: Revision,
        number: int,
        *,
        taken: frozenset[TakenTask] = frozenset(),
    ) -> Encode:
        """Note a finished chunk, end what was `taken` for it, and return the encode.

        Raise `EncodeOver`.
        """

    def audio_grown(
        self, video_id: VideoId, revision: Revision, track: int, segments: int
    ) -> Encode:
        """Note the number of finished segments of a track; raise `EncodeOver`."""

    def task_done(
        self,
        video_id: VideoId,
        revision: Revision,
        name: str,
        *,
        taken: frozenset[TakenTask] = frozenset(),
    ) -> Encode:
        """Note a finished task by name and end what was `taken` for it; raise `EncodeOver`."""

    def paced(self, video_id: VideoId, revision: Revision, pace: Pace) -> None:
        """Store a pace, unless a later one is stored; raise `EncodeOver`."""

    def checking(self, video_id: VideoId, revision: Revision) -> Encode:
        """Note that the media are being proven; raise `EncodeOver`."""

    def damaged(
        self, video_id: VideoId, revision: Revision, asset: Asset, *, decodable: Decodable
    ) -> Encode:
        """Store a proven asset with too much damage; raise `EncodeOver`."""

    def finish(
        self, video_id: VideoId, revision: Revision, asset: Asset, *, decodable: Decodable = WHOLE
    ) -> Encode:
        """End it with its measured asset; raise `EncodeOver`."""

    def fail(self, video_id: VideoId, revision: Revision) -> Encode:
        """End it without a result; raise `EncodeOver`."""

    def remove_one(self, video_id: VideoId, revision: Revision) -> None:
        """Delete one encode, because the video has a newer revision."""

    def remove(self, video_id: VideoId) -> None:
        """Delete all encodes of a video."""


class MediaStore(Protocol):
    """The media bucket."""

    def put(self, key: str, path: Path, *, content_type: str) -> None:
        """Store a file, whole or not at all."""

    def write(self, key: str, text: str, *, content_type: str = "application/json") -> None: ...

    def read(self, key: str) -> bytes | None:
        """Return a small object, or None if there is none."""

    def fetch(self, key: str, path: Path) -> None:
        """Copy an object to a file."""

    def copy(self, key: str, target: str) -> None:
        """Copy an object to another key."""

    def listed(self, prefix: str) -> Mapping[str, tuple[int, str]]:
        """Return size and MD5 of every object below, by key."""

    def folders(self, prefix: str) -> Iterable[str]:
        """Return the folders right below, each with its slash."""

    def remove(self, name: str) -> None:
        """Delete every object below a folder, which ends with a slash, or the one of this name."""


class EdgeBusy(Unavailable):
    """The edge accepts no more invalidations for the moment."""

    code = "edge_busy"


class Edge(Protocol):
    """The CDN in front of the media bucket."""

    def invalidate(self, paths: Sequence[str], *, reference: str) -> None:
        """Delete all copies below these paths, each of which ends with a star.

        The same reference twice is one invalidation. Raise `EdgeBusy` if it must be retried.
        """


class SourceStore(Protocol):
    """The sources of all encodes."""

    def find(self, key: str) -> Source | None:
        """Return the source with this key, or None."""

    def read(self, source: Source, first: int, last: int) -> Iterator[bytes]:
        """Yield these bytes, both ends included; raise `SourceReplaced` before the first.

        A broken connection yields fewer bytes, or raises the error of its client.
        """

    def fetch(self, source: Source, path: Path) -> None:
        """Copy the whole object to a file."""

    def beside(self, key: str) -> Sequence[Sidecar]:
        """Return the files with subtitles beside a source."""

    def unused_beside(self, key: str) -> UnusedSidecars:
        """Return the names of subtitles beside a source that are not used, and why."""

    def put_beside(self, sidecar: Sidecar, key: str) -> None:
        """Copy subtitles to those beside another source; that they are gone is no error."""

    def remove(self, key: str) -> None:
        """Delete the object of this name; that there is none is no error."""

    def remove_uploads(self, video_id: VideoId) -> None:
        """Delete everything that was uploaded for a video, subtitles included."""


class Execution(Enum):
    """The state of the execution of an attempt."""

    NONE = auto()  # it has not begun, or its history has expired
    RUNNING = auto()
    ENDED = auto()


class Pipeline(Protocol):
    """The state machine."""

    def start(self, encode: Encode) -> None:
        """Start the execution of an attempt; idempotent."""

    def stop(self, encode: Encode, *, code: str, text: str) -> None:
        """Stop the execution if it is running."""

    def state(self, encode: Encode) -> Execution: ...


class TaskQueues(Protocol):
    """The task queues, as a worker uses them."""

    def take(self, queue: TaskQueue, *, wait_seconds: int = 0) -> "Delivery | None":
        """Return one task, or None if none arrives in time."""

    def receive_unsorted(self) -> "Sequence[UnsortedTask]":
        """Receive up to ten tasks from `UNSORTED`, to move them.

        Those that are not moved return after their visibility timeout.
        """

    def move(self, tasks: "Sequence[UnsortedTask]", queue: TaskQueue) -> None:
        """Move tasks from `UNSORTED` to another queue; they keep their receive counts."""


@dataclass(frozen=True, slots=True)
class UnsortedTask:
    """A message in `UNSORTED` that one worker has received."""

    body: str
    # How often it was received, this time included.
    count: int
    # The name of the message for its queue.
    handle: str


class Delivery(Protocol):
    """One message that one worker has received."""

    body: str
    # How often it was received, this time included.
    count: int

    def keep(self, *, seconds: int) -> None:
        """Extend its visibility timeout."""

    def give_back(self) -> None:
        """Make it visible to other workers at once."""

    def done(self) -> None: ...


class Callback(Protocol):
    """The state machine, which waits for the result of a task that has a token."""

    def heartbeat(self, token: str) -> bool:
        """Report that the task is alive; False if its execution has ended."""

    def succeed(self, token: str, output: Mapping[str, object]) -> None:
        """Report the result; an execution that has ended is no error."""

    def fail(self, token: str, *, code: str, text: str) -> None: ...


class Capacity(StrEnum):
    SPOT = "spot"
    ON_DEMAND = "on-demand"


@dataclass(frozen=True, slots=True)
class TranscoderSlot:
    """The identity of one start: two starts with the same slot are one."""

    number: int
    window: int
    capacity: Capacity


class TaskDepth(Protocol):
    """The length of all task queues."""

    def depth(self) -> int:
        """Return about how many tasks wait or are being processed."""


class Transcoders(Protocol):
    """The transcoders of the stage."""

    def count(self) -> int:
        """Return how many transcoders run or start, without those that are stopping."""

    def failures(self, now: datetime) -> Sequence[datetime]:
        """Return when transcoders were requested that failed, since the last success."""

    def start_transcoder(self, slot: TranscoderSlot) -> bool:
        """Start a transcoder; return False if there is no such capacity."""
