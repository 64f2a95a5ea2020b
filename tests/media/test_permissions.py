"""A transcoder on AWS may do all that an encode needs, and nothing that no encode needs."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient

from chalicelib.adapters.dynamodb import catalogue_tables
from chalicelib.adapters.dynamodb.encode_store import DynamoEncodeStore
from chalicelib.adapters.dynamodb.poster_store import DynamoPosterStore
from chalicelib.adapters.dynamodb.video_store import DynamoVideoStore
from chalicelib.adapters.media_bucket import S3MediaStore
from chalicelib.adapters.state_machine import StepFunctionsCallback
from chalicelib.adapters.task_queues import SqsTaskQueues
from chalicelib.adapters.uploads_bucket import S3Uploads
from chalicelib.encoding.messages import TaskKind
from chalicelib.encoding.model import Encode
from chalicelib.encoding.pictures import Pictures
from chalicelib.encoding.poster_updates import PosterUpdates
from chalicelib.encoding.task_queues import BY_URGENCY, TaskQueue
from chalicelib.encoding.updates import EncodeUpdates
from chalicelib.ingest.source_keys import upload_key
from tests.builders import clips
from tests.builders.videos import a_video
from tests.media.in_memory_transcoder import InMemoryTranscoder
from tests.permissions import NEEDS, Grant, Need
from tests.queues import task_queues
from tests.unit.infra.templates.reading import TEMPLATES, filled, listed, statements
from transcoder.sources.access import SourceCache, Sources
from transcoder.tasks.context import TaskContext

_WORDS = b"1\n00:00:01,000 --> 00:00:02,500\nGood evening\n"
# This source was not laid into the inbox, and none of its uploads failed half-way.
_UNUSED = ("s3:AbortMultipartUpload", "/inbox/*")


def granted() -> Iterator[Grant]:
    role = TEMPLATES["transcoder"]["Resources"]["WorkRole"]["Properties"]
    for statement in statements(role["Policies"][0]["PolicyDocument"]):
        for action in listed(statement["Action"]):
            for resource in listed(statement["Resource"]):
                yield Grant(action, filled(resource, Prefix="videoflix"), {})


@dataclass
class Guard:
    """Notes what a transcoder asks for, and which of it nothing allows."""

    grants: list[Grant] = field(default_factory=lambda: list(granted()))
    used: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    def ask(self, service: str, operation: str, sent: Mapping[str, Any]) -> None:
        needs = (
            [Need(f"states:{operation}", os.environ["PIPELINE_ARN"])]
            if service == "stepfunctions"
            else NEEDS[service](operation, sent)
        )
        for need in needs:
            covering = [grant for grant in self.grants if grant.covers(need)]
            self.used |= {f"{grant.action} {grant.resource}" for grant in covering}
            if not covering:
                self.refused.add(f"{need.action} {need.resource}")


@pytest.fixture
def transcoder(cloud: None, tmp_path: Path) -> InMemoryTranscoder:  # noqa: ARG001
    """The transcoder of the other tests, but everything is kept in AWS."""
    transcoder = InMemoryTranscoder(tmp_path)
    s3 = boto3.client("s3")
    connection = catalogue_tables.bind(catalogue=os.environ["CATALOGUE_TABLE"])
    uploads = S3Uploads(lambda: s3, os.environ["UPLOADS_BUCKET"])
    videos = DynamoVideoStore(connection, transcoder.clock)
    encodes = DynamoEncodeStore(connection, transcoder.clock)
    media = S3MediaStore(lambda: s3, os.environ["MEDIA_BUCKET"])
    transcoder.context = TaskContext(
        EncodeUpdates(videos, encodes, transcoder.clock, Pictures(media, videos)),
        PosterUpdates(
            DynamoPosterStore(connection, transcoder.clock),
            videos,
            Pictures(media, videos),
            transcoder.clock,
        ),
        encodes,
        media,
        Sources(uploads, SourceCache(tmp_path / "sources", 10**9)),
        transcoder.settings,
    )
    return transcoder


@pytest.fixture
def encode(transcoder: InMemoryTranscoder) -> Encode:
    """An encode of an uploaded source with subtitles beside it."""
    video = a_video(transcoder.clock.now())
    key = upload_key(video.id, "0" * 32, "film.mp4")
    bucket = boto3.resource("s3").Bucket(os.environ["UPLOADS_BUCKET"])
    bucket.put_object(Key=key, Body=clips.get("plain").path.read_bytes())
    bucket.put_object(Key=f"uploads/{video.id}/subtitles/en.srt", Body=_WORDS)
    updates = transcoder.context.updates
    updates.videos.add(video)
    source = transcoder.context.sources.store.find(key)
    assert source is not None
    revision = updates.videos.begin_encode(video.id)
    # Viewers may see it as soon as it is made, and an earlier version has begun its pictures.
    updates.videos.write(video.id, video.card, is_published=True)
    media = boto3.resource("s3").Bucket(os.environ["MEDIA_BUCKET"])
    media.put_object(Key=f"images/{video.id}/{revision}/earlier.jpg", Body=b"x")
    return updates.encodes.begin(Encode(video.id, revision, source))


@pytest.fixture
def work(cloud: None) -> str:  # noqa: ARG001
    """The queues, with something to do for each of them."""
    sqs = boto3.client("sqs")
    url = task_queues(sqs)
    for queue in (BY_URGENCY[0], *BY_URGENCY):
        sqs.send_message(QueueUrl=url, MessageBody=queue)
    return url


@pytest.fixture
def guard(encode: Encode, work: str, monkeypatch: pytest.MonkeyPatch) -> Guard:  # noqa: ARG001
    """Last of all: what others do for an encode is not the transcoder's to be allowed."""
    guard = Guard()
    prepare = BaseClient._emit_api_params  # type: ignore[attr-defined]

    def prepared(client: Any, api_params: Any, operation_model: Any, context: Any) -> Any:
        guard.ask(client.meta.service_model.service_name, operation_model.name, api_params)
        return prepare(client, api_params, operation_model, context)

    monkeypatch.setattr(BaseClient, "_emit_api_params", prepared)
    return guard


def take_and_answer(url: str) -> None:
    """Do with queue and state machine all that a worker does."""
    sqs = boto3.client("sqs")
    queue = SqsTaskQueues(lambda: sqs, url)
    first = queue.take(TaskQueue.UNSORTED)
    while unsorted := queue.receive_unsorted():
        for task in unsorted:
            queue.move([task], TaskQueue(task.body))
    for delivery in (first, *map(queue.take, BY_URGENCY)):
        assert delivery
        delivery.keep(seconds=60)
        delivery.done()
    callback = StepFunctionsCallback(lambda: boto3.client("stepfunctions"))
    callback.heartbeat("token")
    callback.succeed("token", {})
    callback.fail("token", code="internal", text="")


def test_a_whole_encode_needs_just_what_the_role_of_transcoders_allows(
    transcoder: InMemoryTranscoder, encode: Encode, work: str, guard: Guard
) -> None:
    take_and_answer(work)
    for number in transcoder.make(encode)["mp4"]:  # type: ignore[attr-defined]
        transcoder.do(encode, TaskKind.MP4, number)
    assert guard.refused == set()
    unused = {f"{each.action} {each.resource}" for each in guard.grants} - guard.used
    assert {each for each in unused if not any(word in each for word in _UNUSED)} == set()
