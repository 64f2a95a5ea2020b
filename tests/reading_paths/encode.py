"""The story of an upload: sent in parts, encoded by the worker, and played."""

import json
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote_plus, urljoin

import boto3
import m3u8

from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.messages import Task, TaskKind
from chalicelib.encoding.ports import Callback
from tests.browser import Browser
from tests.builders import clips
from tests.queues import task_queues
from tests.reading_paths.site import Site, good
from tests.reading_paths.trace import Trace
from transcoder import wiring
from transcoder.probing import child
from transcoder.probing.model import Question
from transcoder.sandbox.runner import Sandbox
from transcoder.settings import TranscoderSettings

_SUBTITLES = b"1\n00:00:01,000 --> 00:00:02,500\nGood evening\n"
_AFTER_THE_PLAN = {
    TaskKind.CHUNK: "chunks",
    TaskKind.AUDIO: "audio",
    TaskKind.PICTURES: "pictures",
    TaskKind.SUBTITLES: "subtitles",
}


def upload_to_played_segment(site: Site) -> Trace:
    """An upload in parts, its encode with every kind of task, and the URL of a segment."""
    trace, admin = Trace(), site.administrator()
    source = clips.get("plain").path
    with trace.recording():
        video_id, key = _uploaded(admin, source.read_bytes())
    uploads = boto3.resource("s3").Bucket(os.environ["UPLOADS_BUCKET"])
    uploads.put_object(Key=f"uploads/{video_id}/subtitles/en.srt", Body=_SUBTITLES)
    notice = {"s3": {"object": {"key": quote_plus(key), "eTag": uploads.Object(key).e_tag}}}
    body = json.dumps({"Records": [{"eventName": "ObjectCreated:Put", **notice}]})
    with trace.recording():
        site.app.on_upload(
            {"Records": [{"messageId": "1", "receiptHandle": "r", "body": body}]}, {}
        )
    with TemporaryDirectory() as folder, _probes_counted(trace, source):
        _encode(Transcoder(trace, Path(folder), video_id))
    with trace.recording():
        _play(admin, video_id)
    return trace


def _uploaded(admin: Browser, content: bytes) -> tuple[VideoId, str]:
    upload = good(admin.post("/uploads/", {"filename": "a.mp4", "size": len(content)})).json
    path = f"/uploads/{upload['id']}/"
    good(admin.post(f"{path}parts/", {"numbers": [1]}))
    # What a client sends to the URL of a part goes past the product.
    s3, bucket = boto3.client("s3"), os.environ["UPLOADS_BUCKET"]
    [sent] = s3.list_multipart_uploads(Bucket=bucket)["Uploads"]
    key = sent["Key"]
    s3.upload_part(Bucket=bucket, Key=key, UploadId=sent["UploadId"], PartNumber=1, Body=content)
    good(admin.get(path))
    good(admin.post(f"{path}complete/"))
    return VideoId(upload["video_id"]), key


def _encode(transcoder: "Transcoder") -> None:
    planned = transcoder.work(TaskKind.PLAN)
    for kind, name in _AFTER_THE_PLAN.items():
        for number in planned[name]:
            transcoder.work(kind, number)
    for number in transcoder.work(TaskKind.PUBLISH)["mp4"]:
        transcoder.work(TaskKind.MP4, number)


def _play(viewer: Browser, video_id: VideoId) -> None:
    path = f"/video/{video_id}/master.m3u8"
    listed = m3u8.loads(good(viewer.get(path)).body.decode())
    media = good(viewer.get(urljoin(path, listed.playlists[0].uri)))
    url = m3u8.loads(media.body.decode()).segments[0].uri
    key = url.removeprefix(os.environ["MEDIA_URL"]).partition("?")[0].lstrip("/")
    boto3.client("s3").head_object(Bucket=os.environ["MEDIA_BUCKET"], Key=key)


@dataclass
class Answers:
    """Hands every answer on to the state machine, and ends the worker."""

    callback: Callback
    stop: threading.Event
    answers: list[Mapping[str, Any]] = field(default_factory=list)

    def heartbeat(self, token: str) -> bool:
        return self.callback.heartbeat(token)

    def succeed(self, token: str, output: Mapping[str, object]) -> None:
        self.callback.succeed(token, output)
        self.answers.append(output)
        self.stop.set()

    def fail(self, token: str, *, code: str, text: str) -> None:
        self.stop.set()
        raise RuntimeError(f"{token}: {code}: {text}")


@dataclass
class Transcoder:
    """Takes one task after the other from a queue, each with a worker of its own."""

    trace: Trace
    folder: Path
    video_id: VideoId

    def __post_init__(self) -> None:
        self.queue = task_queues(boto3.client("sqs"))
        self.settings = TranscoderSettings.from_environment(
            {**os.environ, "WORK_QUEUE_URL": self.queue, "WORK_FOLDER": str(self.folder)}
        )

    def work(self, kind: TaskKind, number: int = 0) -> Mapping[str, Any]:
        task = Task(kind, self.video_id, Revision(1), number=number, token="token")
        boto3.client("sqs").send_message(QueueUrl=self.queue, MessageBody=task.to_json())
        stop = threading.Event()
        with self.trace.recording():
            worker = wiring.worker(self.settings, self.folder, stop)
            answers = Answers(worker.callback, stop)
            replace(worker, callback=answers).run()
        [answer] = answers.answers
        return answer


@contextmanager
def _probes_counted(trace: Trace, source: Path) -> Iterator[None]:
    """Repeat in this process each probe that ran confined in one of its own."""
    run = Sandbox.run

    def running(sandbox: Sandbox, command: Any, **options: Any) -> Any:
        finished = run(sandbox, command, **options)
        if sys.executable in command:
            question = replace(Question.from_json(command[-1]), url=str(source))
            with trace.in_a_process_of_its_own():
                child.answer(question, sandbox.folder)
        return finished

    Sandbox.run = running  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Sandbox.run = run  # type: ignore[method-assign]
