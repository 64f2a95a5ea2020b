"""A transcoder without a queue: sources in, finished videos out, everything stored in memory."""

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from chalicelib.catalogue.model import EncodeStatus
from chalicelib.encoding.control import EncodeControl
from chalicelib.encoding.failures import failure
from chalicelib.encoding.messages import Task, TaskKind
from chalicelib.encoding.model import Encode
from chalicelib.encoding.pictures import Pictures
from chalicelib.encoding.poster_updates import PosterUpdates
from chalicelib.encoding.updates import EncodeUpdates
from chalicelib.ingest.source_keys import upload_key
from tests.builders.videos import a_video
from tests.fakes.clock import HandClock
from tests.fakes.encode_store import InMemoryEncodeStore
from tests.fakes.media_store import InMemoryMediaStore
from tests.fakes.pipeline import InMemoryPipeline
from tests.fakes.poster_store import InMemoryPosterStore
from tests.fakes.uploads_bucket import InMemoryUploads
from tests.fakes.video_store import InMemoryVideoStore
from transcoder.errors import Refused
from transcoder.sandbox.runner import Sandbox
from transcoder.settings import TranscoderSettings
from transcoder.sources.access import SourceCache, Sources
from transcoder.tasks.context import TaskContext
from transcoder.wiring import TASKS
from transcoder.worker import Answer

_IN_ORDER = {
    TaskKind.CHUNK: "chunks",
    TaskKind.AUDIO: "audio",
    TaskKind.PICTURES: "pictures",
    TaskKind.SUBTITLES: "subtitles",
}


@dataclass
class InMemoryTranscoder:
    folder: Path
    settings: TranscoderSettings = field(default_factory=TranscoderSettings)

    def __post_init__(self) -> None:
        self.clock = HandClock()
        self.videos = InMemoryVideoStore(self.clock)
        self.encodes = InMemoryEncodeStore(self.clock)
        self.media = InMemoryMediaStore()
        self.uploads = InMemoryUploads(self.clock)
        self.context = TaskContext(
            EncodeUpdates(self.videos, self.encodes, self.clock, Pictures(self.media, self.videos)),
            PosterUpdates(
                InMemoryPosterStore(self.videos),
                self.videos,
                Pictures(self.media, self.videos),
                self.clock,
            ),
            self.encodes,
            self.media,
            Sources(self.uploads, SourceCache(self.folder / "sources", 10**9)),
            self.settings,
        )

    def receive(self, content: bytes) -> Encode:
        """Store a source and begin its encode, as the handler of uploads does."""
        video = a_video(self.clock.now())
        self.videos.add(video)
        key = upload_key(video.id, "0" * 32, "film.mp4")
        self.uploads.objects[key] = content
        source = self.uploads.find(key)
        assert source is not None
        return self.encodes.begin(Encode(video.id, self.videos.begin_encode(video.id), source))

    def beside(self, encode: Encode, name: str, content: bytes) -> None:
        """Lay subtitles beside a source."""
        self.uploads.objects[f"uploads/{encode.video_id}/subtitles/{name}"] = content

    def make(self, encode: Encode) -> Answer:
        """Do everything the state machine would have done, and return the answer to publish."""
        planned = self.do(encode, TaskKind.PLAN)
        for kind, name in _IN_ORDER.items():
            for number in cast("list[int]", planned[name]):
                self.do(encode, kind, number)
        return self.do(encode, TaskKind.PUBLISH)

    def fail(self, encode: Encode, refused: Refused) -> Encode:
        """Write why it failed, as the state machine does."""
        video = self.videos.get(encode.video_id)
        reason = failure(refused.reason, refused.detail)
        ended = replace(video.encode, status=EncodeStatus.FAILED, failure=reason)
        self.videos.record_encode(encode.video_id, ended)
        return self.encodes.fail(encode.video_id, encode.revision)

    def accept(self, encode: Encode) -> Encode:
        """Accept the damage that the encode was refused for."""
        pipeline = InMemoryPipeline()
        control = EncodeControl(
            updates=self.context.updates,
            videos=self.videos,
            encodes=self.encodes,
            pipeline=pipeline,
            media=self.media,
            sources=self.uploads,
            clock=self.clock,
        )
        looked_at = encode.decodable.damage if encode.decodable else None
        video = self.videos.get(encode.video_id)
        return control.accept(video, encode.revision, looked_at=looked_at)

    def do(self, encode: Encode, kind: TaskKind, number: int = 0) -> Answer:
        return self.run(Task(kind, encode.video_id, encode.revision, number=number))

    def run(self, task: Task) -> Answer:
        with TemporaryDirectory(dir=self.folder) as folder:
            sandbox = Sandbox(Path(folder), threading.Event())
            answer: Answer = TASKS[task.kind](self.context, task, sandbox)
            return answer
