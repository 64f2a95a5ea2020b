"""What making media needs from the outside world."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from typing import Protocol

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.damage import WHOLE, Decodable
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.errors import Unavailable
from chalicelib.transcoding.arrival import Arrival
from chalicelib.transcoding.incoming import Sidecar
from chalicelib.transcoding.model import Encode, Source
from chalicelib.transcoding.pace import Pace
from chalicelib.transcoding.task_queues import TaskQueue
from chalicelib.transcoding.upload import Part, Upload


class EncodeStore(Protocol):
    """How far each encode is. Every write may be repeated; none brings a finished one back."""

    def begin(self, encode: Encode) -> Encode:
        """Write a new encode, or return the one that is there already for its revision."""

    def get(self, video_id: VideoId, revision: Revision) -> Encode:
        """Return the encode; raise `EncodeNotFound`."""

    def of(self, video_id: VideoId) -> Sequence[Encode]:
        """Return all encodes of a title, the oldest first."""

    def again(self, seen: Encode, *, accepted: Decodable | None = None) -> Encode:
        """Begin the attempt after the one that was seen to fail, or to be lost.

        With the damage that an administrator accepts, which later attempts keep, as they keep that
        an attempt was refused. Raise `EncodeOver` if that one is done, has failed since, or was
        followed by another.
        """

    def planning(self, video_id: VideoId, revision: Revision) -> Encode:
        """A worker is looking at the source now; raise `EncodeOver`."""

    def planned(self, encode: Encode, asset: Asset, *, segments_per_chunk: int) -> Encode:
        """Fix what is made; raise `EncodeOver` if it is over."""

    def chunk_done(self, video_id: VideoId, revision: Revision, number: int) -> Encode:
        """Note a finished chunk and return all there is to know; raise `EncodeOver`."""

    def audio_grown(
        self, video_id: VideoId, revision: Revision, track: int, segments: int
    ) -> Encode:
        """Note that so many segments of a track are there; raise `EncodeOver`."""

    def part_done(self, video_id: VideoId, revision: Revision, part: str) -> Encode:
        """Note a finished task by name; raise `EncodeOver`."""

    def paced(self, video_id: VideoId, revision: Revision, pace: Pace) -> None:
        """Note how fast it goes, unless something later was noted; raise `EncodeOver`."""

    def checking(self, video_id: VideoId, revision: Revision) -> Encode:
        """Everything is made and is now being proven; raise `EncodeOver`."""

    def damaged(
        self, video_id: VideoId, revision: Revision, asset: Asset, *, decodable: Decodable
    ) -> Encode:
        """Note a proven asset, of whose source too little could be decoded; raise `EncodeOver`."""

    def finish(
        self, video_id: VideoId, revision: Revision, asset: Asset, *, decodable: Decodable = WHOLE
    ) -> Encode:
        """Close it with its measured asset; raise `EncodeOver` if it is over."""

    def fail(self, video_id: VideoId, revision: Revision) -> Encode:
        """Close it without a result; raise `EncodeOver` if it is over."""

    def forget(self, video_id: VideoId, revision: Revision) -> None:
        """Forget one encode, because another one is shown."""

    def remove(self, video_id: VideoId) -> None:
        """Forget all encodes of a title."""


class MediaStore(Protocol):
    """The media bucket."""

    def put(self, key: str, path: Path, *, content_type: str) -> None:
        """Store a file, whole or not at all."""

    def write(self, key: str, text: str, *, content_type: str = "application/json") -> None: ...

    def read(self, key: str) -> bytes | None:
        """Return a small object, or nothing if there is none."""

    def fetch(self, key: str, path: Path) -> None:
        """Copy an object to a file."""

    def copy(self, key: str, target: str) -> None:
        """Store the same object under another key as well."""

    def listed(self, prefix: str) -> Mapping[str, tuple[int, str]]:
        """Return size and MD5 of every object below, by key."""

    def folders(self, prefix: str) -> Iterable[str]:
        """Return the folders right below, each with its slash."""

    def remove(self, name: str) -> None:
        """Delete every object below a folder, which ends with a slash, or the one of this name."""


class EdgeBusy(Unavailable):
    """The edge takes no more orders for the moment."""

    code = "edge_busy"


class Edge(Protocol):
    """What keeps copies of the media bucket near viewers."""

    def forget(self, paths: Sequence[str], *, reference: str) -> None:
        """Drop all copies below these paths, each of which ends with a star.

        The same reference twice is one order. Raise `EdgeBusy` if it has to be tried again later.
        """


class SourceStore(Protocol):
    """The uploads bucket, as the transcoder sees it."""

    def find(self, key: str) -> Source | None:
        """Return what lies there now, or nothing."""

    def read(self, source: Source, first: int, last: int) -> Iterator[bytes]:
        """Yield these bytes, both ends included; raise `SourceReplaced` before the first.

        Less may come if the connection breaks, or whatever its client raises then.
        """

    def fetch(self, source: Source, path: Path) -> None:
        """Copy the whole object to a file."""

    def beside(self, key: str) -> Sequence[Sidecar]:
        """Return the subtitles that lie beside a source."""


class UploadBucket(Protocol):
    """The uploads bucket, as those see it who send files there."""

    def begin(self, key: str) -> str:
        """Prepare for parts and return what S3 calls the whole."""

    def part_address(self, key: str, multipart_id: str, part: Part, *, seconds: int) -> str:
        """Return where exactly this many bytes can be sent for so long."""

    def file_address(self, key: str, *, size: int, seconds: int) -> str: ...

    def parts(self, key: str, multipart_id: str) -> Mapping[int, Part]:
        """Return what is there by number; raise `UploadGone`."""

    def complete(self, key: str, multipart_id: str, parts: Mapping[int, Part]) -> None:
        """Make one object of them; raise `UploadGone`."""

    def abort(self, key: str, multipart_id: str) -> None:
        """Forget it; that it is gone already is no error."""

    def begun_before(self, moment: datetime) -> Iterable[tuple[str, str]]:
        """Return key and multipart id of what was begun long ago and never completed."""

    def find(self, key: str) -> Source | None: ...

    def remove(self, name: str) -> None:
        """Delete every object below a folder, which ends with a slash, or the one of this name."""


class UploadStore(Protocol):
    def add(self, upload: Upload) -> None: ...

    def get(self, account_id: AccountId, upload_id: str) -> Upload:
        """Return an upload of this account; raise `UploadNotFound`."""

    def of(self, account_id: AccountId) -> Sequence[Upload]:
        """Return what this account has uploaded of late, the newest first."""

    def complete(self, upload: Upload) -> None:
        """Write when it was completed; raise `UploadNotFound`."""

    def remove(self, upload: Upload) -> None: ...


class ArrivalLog(Protocol):
    """Remembers which files have become which revision: every event may come twice."""

    def take(self, key: str, etag: str, video_id: VideoId) -> Arrival:
        """Take a file in hand, for this title if for none before.

        Whoever comes later gets what the first one wrote; raise `ArrivalBusy` while that is in
        the making.
        """

    def note(self, arrival: Arrival, revision: Revision) -> Arrival:
        """Write what revision it became; raise `ArrivalBusy` if somebody else was faster."""

    def forget(self, arrival: Arrival) -> None:
        """Let the same file be something new, unless it is of another title by now."""


class Execution(Enum):
    """What is known of an attempt."""

    NONE = auto()  # it was not begun, or so long ago that nobody knows
    RUNNING = auto()
    ENDED = auto()


class Pipeline(Protocol):
    """The state machine."""

    def start(self, encode: Encode) -> None:
        """Begin an attempt; the same attempt twice is one."""

    def stop(self, encode: Encode, *, code: str, text: str) -> None:
        """End the attempt if it is still going on."""

    def state(self, encode: Encode) -> Execution: ...


class WorkQueue(Protocol):
    """The queues of tasks, seen from a worker."""

    def take(self, queue: TaskQueue, *, wait_seconds: int = 0) -> "Delivery | None":
        """Return one task, or nothing if there is none for so long."""

    def sort(self, queue_of: Callable[[str], TaskQueue | None]) -> int:
        """Move up to ten tasks that have arrived, by their text, to the queues they belong to.

        One without a queue arrives again after the visibility timeout. Return how many there were.
        How often they were handed out is not forgotten.
        """


class Delivery(Protocol):
    """One message in the hands of one worker."""

    body: str
    # How often it was handed out, this time included.
    count: int

    def keep(self, *, seconds: int) -> None:
        """Hide it from other workers for so long from now on."""

    def give_back(self) -> None:
        """Let another worker have it at once."""

    def done(self) -> None: ...


class Callback(Protocol):
    """The state machine, which waits for the result of a task."""

    def heartbeat(self, token: str) -> bool:
        """Report that the task is alive; False if its execution has ended."""

    def succeed(self, token: str, output: Mapping[str, object]) -> None:
        """Report the result; an execution that has ended is no error."""

    def fail(self, token: str, *, code: str, text: str) -> None: ...
