"""Which adapter serves which port in the transcoder."""

import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
from botocore.config import Config

from chalicelib.adapters.clock import SystemClock
from chalicelib.adapters.dynamodb import catalogue_tables
from chalicelib.adapters.dynamodb.encode_store import DynamoEncodeStore
from chalicelib.adapters.dynamodb.video_store import DynamoVideoStore
from chalicelib.adapters.media_bucket import S3MediaStore
from chalicelib.adapters.s3 import s3_client
from chalicelib.adapters.state_machine import StepFunctionsCallback
from chalicelib.adapters.uploads_bucket import S3Uploads
from chalicelib.adapters.work_queue import SqsWorkQueue
from chalicelib.transcoding.conversions import Conversions
from chalicelib.transcoding.fair_work import FairWork
from chalicelib.transcoding.messages import Kind
from chalicelib.transcoding.pictures import Pictures
from transcoder.health import Pulse
from transcoder.settings import TranscoderSettings
from transcoder.sources.access import Sources
from transcoder.sources.cache import SourceCache
from transcoder.tasks import audio, chunk, mp4, pictures, plan, publish, subtitles
from transcoder.tasks.context import TaskContext
from transcoder.worker import Worker

_TASKS: Mapping[Kind, ModuleType] = {
    Kind.PLAN: plan,
    Kind.CHUNK: chunk,
    Kind.AUDIO: audio,
    Kind.PICTURES: pictures,
    Kind.SUBTITLES: subtitles,
    Kind.PUBLISH: publish,
    Kind.MP4: mp4,
}
# One connection for each upload that a task makes at once.
_CONFIG = Config(max_pool_connections=16, retries={"mode": "standard", "total_max_attempts": 5})


def worker(settings: TranscoderSettings, folder: Path, stop: threading.Event) -> Worker:
    context = _context(settings)
    return Worker(
        work=FairWork(
            SqsWorkQueue(_client("sqs"), settings.work_queue_url), context.conversions.encodes
        ),
        callback=StepFunctionsCallback(_client("stepfunctions")),
        handlers={kind: partial(task.run, context) for kind, task in _TASKS.items()},
        stop=stop,
        folder=folder,
        idle_seconds=settings.idle_seconds,
        sign_of_life=Pulse.of(settings.work_folder).beat,
    )


def _context(settings: TranscoderSettings) -> TaskContext:
    made = s3_client(_CONFIG)

    def s3() -> Any:
        return made

    media = S3MediaStore(s3, settings.media_bucket)
    return TaskContext(
        conversions=_conversions(settings, media),
        media=media,
        sources=Sources(S3Uploads(s3, settings.uploads_bucket), _cache(settings)),
        settings=settings,
    )


def _conversions(settings: TranscoderSettings, media: S3MediaStore) -> Conversions:
    clock = SystemClock()
    connection = catalogue_tables.bind(catalogue=settings.catalogue_table)
    videos = DynamoVideoStore(connection, clock)
    return Conversions(
        videos=videos,
        encodes=DynamoEncodeStore(connection, clock),
        clock=clock,
        pictures=Pictures(media, videos),
    )


def _cache(settings: TranscoderSettings) -> SourceCache | None:
    if settings.source_cache is None:
        return None
    return SourceCache(settings.source_cache, settings.source_cache_bytes)


def _client(service: str) -> Callable[[], Any]:
    made = boto3.client(service, config=_CONFIG)  # type: ignore[call-overload]
    return lambda: made
