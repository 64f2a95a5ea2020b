"""Wiring of the ingest feature."""

from functools import cache
from typing import TYPE_CHECKING

from chalicelib.ingest.posters import Posters
from chalicelib.ingest.uploads import UploadLimits, Uploads
from chalicelib.wiring import catalogue, encoding, stage, stores

# What only events need is imported by those.
if TYPE_CHECKING:
    from chalicelib.ingest.expiry import UploadExpiry
    from chalicelib.ingest.intake import Intake
    from chalicelib.ingest.subtitles import Subtitles


@cache
def uploads() -> Uploads:
    from chalicelib.adapters.dynamodb.upload_store import DynamoUploadStore

    here = stage.settings()
    return Uploads(
        store=DynamoUploadStore(stage.catalogue_table(), stage.clock()),
        bucket=stage.uploads_bucket(),
        curation=catalogue.curation(),
        clock=stage.clock(),
        limits=UploadLimits(here.upload_largest_bytes, here.upload_quota_bytes),
    )


@cache
def posters() -> Posters:
    from chalicelib.adapters.task_queues import SqsTaskSender

    return Posters(
        store=stores.posters(stage.catalogue_table(), stage.clock()),
        bucket=stage.uploads_bucket(),
        sent=stage.uploads_bucket(),
        tasks=SqsTaskSender(stage.lazy("sqs"), stage.settings().work_queue_url),
        curation=catalogue.curation(),
        cache=catalogue.catalogue_cache(),
        public_media=catalogue.public_media(),
        clock=stage.clock(),
    )


@cache
def subtitles() -> "Subtitles":
    from chalicelib.ingest.subtitles import Subtitles

    return Subtitles(catalogue.curation(), stage.encodes(), stage.uploads_bucket())


@cache
def intake() -> "Intake":
    from chalicelib.adapters.dynamodb.receipt_log import DynamoReceiptLog
    from chalicelib.ingest.intake import Intake

    return Intake(
        curation=catalogue.curation(),
        videos=stage.videos(),
        sources=stage.uploads_bucket(),
        log=DynamoReceiptLog(stage.catalogue_table(), stage.clock()),
        control=encoding.control(),
        clock=stage.clock(),
    )


@cache
def upload_expiry() -> "UploadExpiry":
    from chalicelib.ingest.expiry import UploadExpiry

    return UploadExpiry(stage.uploads_bucket(), stage.videos(), stage.clock())
