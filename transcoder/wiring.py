"""Which adapter serves which port in the transcoder."""

import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from chalicelib.adapters.s3 import s3_client
from chalicelib.adapters.state_machine import StepFunctionsCallback
from chalicelib.adapters.task_queues import SqsTaskQueues
from chalicelib.adapters.uploads_bucket import S3Uploads
from chalicelib.clock import SystemClock
from chalicelib.encoding.failures import Reason
from chalicelib.encoding.fair_work import FairWork
from chalicelib.encoding.messages import Task, TaskKind
from chalicelib.wiring import stores
from transcoder.health import Pulse
from transcoder.sandbox.runner import Sandbox
from transcoder.settings import TranscoderSettings
from transcoder.sources.access import SourceCache, Sources
from transcoder.tasks import media, plan, poster, publish
from transcoder.tasks.context import TaskContext
from transcoder.worker import Answer, Worker

TASKS: Mapping[TaskKind, Callable[[TaskContext, Task, Sandbox], Answer]] = {
    TaskKind.PLAN: plan.run,
    TaskKind.CHUNK: media.chunk,
    TaskKind.AUDIO: media.audio,
    TaskKind.PICTURES: media.pictures,
    TaskKind.SUBTITLES: media.subtitles,
    TaskKind.PUBLISH: publish.run,
    TaskKind.MP4: media.mp4,
    TaskKind.POSTER: poster.run,
}
# Of tasks whose refusal no execution writes.
REFUSED: Mapping[TaskKind, Callable[[TaskContext, Task, Reason], None]] = {
    TaskKind.POSTER: poster.refused,
}
# One connection for each upload that a task makes at once.
_CONFIG = Config(max_pool_connections=16, retries={"mode": "standard", "total_max_attempts": 5})


def worker(settings: TranscoderSettings, folder: Path, stop: threading.Event) -> Worker:
    context = _context(settings)
    return Worker(
        work=FairWork(SqsTaskQueues(_client("sqs"), settings.work_queue_url), context.encodes),
        callback=StepFunctionsCallback(_client("stepfunctions")),
        handlers={kind: partial(run, context) for kind, run in TASKS.items()},
        refused={kind: partial(refuse, context) for kind, refuse in REFUSED.items()},
        stop=stop,
        folder=folder,
        idle_seconds=settings.idle_seconds,
        sign_of_life=Pulse.of(settings.work_folder).beat,
    )


def _context(settings: TranscoderSettings) -> TaskContext:
    client = s3_client(_CONFIG)

    def s3() -> Any:
        return client

    bucket = stores.media(s3, settings.media_bucket)
    table = stores.catalogue_table(settings.catalogue_table)
    return TaskContext(
        updates=stores.updates(table, bucket, SystemClock()),
        posters=stores.poster_updates(table, bucket, SystemClock()),
        encodes=stores.encodes(table, SystemClock()),
        media=bucket,
        sources=Sources(S3Uploads(s3, settings.uploads_bucket), _cache(settings)),
        settings=settings,
    )


def _cache(settings: TranscoderSettings) -> SourceCache | None:
    if settings.source_cache is None:
        return None
    return SourceCache(settings.source_cache, settings.source_cache_bytes)


def _client(service: str) -> Callable[[], Any]:
    client = boto3.client(service, config=_CONFIG)  # type: ignore[call-overload]
    return lambda: client
