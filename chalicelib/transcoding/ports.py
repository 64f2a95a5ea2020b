"""What making media needs from the outside world."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.transcoding.model import Encode, Source


class EncodeStore(Protocol):
    """How far each encode is. Every write may be repeated; none brings a finished one back."""

    def begin(self, encode: Encode) -> Encode:
        """Write a new encode, or return the one that is there already for its revision."""

    def get(self, video_id: VideoId, revision: Revision) -> Encode:
        """Return the encode; raise `EncodeNotFound`."""

    def again(self, video_id: VideoId, revision: Revision) -> Encode:
        """Open a failed encode for another attempt; raise `EncodeOver` unless it has failed."""

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

    def checking(self, video_id: VideoId, revision: Revision) -> Encode:
        """Everything is made and is now being proven; raise `EncodeOver`."""

    def finish(self, video_id: VideoId, revision: Revision, asset: Asset) -> Encode:
        """Close it with its measured asset; raise `EncodeOver` if it is over."""

    def fail(self, video_id: VideoId, revision: Revision) -> Encode:
        """Close it without a result; raise `EncodeOver` if it is over."""

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

    def listed(self, prefix: str) -> Mapping[str, tuple[int, str]]:
        """Return size and MD5 of every object below, by key."""

    def remove(self, prefix: str) -> None:
        """Delete every object below."""


class SourceStore(Protocol):
    """The uploads bucket, as the transcoder sees it."""

    def find(self, key: str) -> Source | None:
        """Return what lies there now, or nothing."""

    def address(self, source: Source) -> str:
        """Return a path or an https address that FFmpeg can read ranges of."""


class Pipeline(Protocol):
    """The state machine."""

    def start(self, encode: Encode) -> None:
        """Begin an attempt; the same attempt twice is one."""

    def stop(self, encode: Encode, *, code: str, text: str) -> None:
        """End the attempt if it is still going on."""


class WorkQueue(Protocol):
    """Where workers find work, seen from a worker."""

    def take(self, *, wait_seconds: int) -> "Iterator[Delivery]": ...


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


class Foreman(Protocol):
    """Whoever waits for the answer to a task: the state machine."""

    def heartbeat(self, token: str) -> bool:
        """Say that the work goes on; False if nobody waits for it any more."""

    def succeed(self, token: str, output: Mapping[str, object]) -> None:
        """Answer; nobody waiting any more is no error."""

    def fail(self, token: str, *, code: str, text: str) -> None: ...
