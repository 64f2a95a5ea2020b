"""The stage of a Lambda function: settings, clock, audit trail, and stores that features share."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from chalicelib import settings as environment
from chalicelib.adapters.audit_log import LoggedAuditTrail
from chalicelib.adapters.uploads_bucket import S3Uploads
from chalicelib.audit import AuditTrail
from chalicelib.catalogue.ports import ChangeLog, VideoStore
from chalicelib.clock import Clock, SystemClock
from chalicelib.encoding.ports import EncodeStore, MediaStore
from chalicelib.wiring import clients, stores

settings = environment.settings
audit_trail: Callable[[], AuditTrail] = cache(LoggedAuditTrail)


@cache
def clock() -> Clock:
    return SystemClock()


@cache
def catalogue_table() -> Any:
    return stores.catalogue_table(settings().catalogue_table)


@cache
def videos() -> VideoStore:
    return stores.videos(catalogue_table(), clock())


@cache
def changes() -> ChangeLog:
    from chalicelib.adapters.dynamodb.change_log import DynamoChangeLog

    return DynamoChangeLog(catalogue_table())


@cache
def encodes() -> EncodeStore:
    return stores.encodes(catalogue_table(), clock())


@cache
def media() -> MediaStore:
    return stores.media(clients.s3, settings().media_bucket)


@cache
def uploads_bucket() -> S3Uploads:
    url = settings().uploads_url
    public_client = partial(clients.s3, url) if url else None
    return S3Uploads(clients.s3, settings().uploads_bucket, public_client)
