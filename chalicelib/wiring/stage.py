"""The stage of a Lambda function: settings, clock, clients of AWS, and stores of all features."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from chalicelib import settings as environment
from chalicelib.adapters.audit_log import LoggedAuditTrail
from chalicelib.adapters.uploads_bucket import S3Uploads
from chalicelib.audit import AuditTrail
from chalicelib.catalogue.ports import CatalogueCopies, ChangeLog, VideoStore
from chalicelib.clock import Clock, SystemClock
from chalicelib.encoding.ports import EncodeStore, MediaStore
from chalicelib.wiring import stores

settings = environment.settings
audit_trail: Callable[[], AuditTrail] = cache(LoggedAuditTrail)


def lazy(service: str) -> Callable[[], Any]:
    """Return a function that creates the client of a service once.

    Clients are created on first use: each adds 50 ms to a cold start.
    """
    return partial(client, service)


@cache
def client(service: str) -> Any:
    import boto3

    return boto3.client(service)  # type: ignore[call-overload]


@cache
def s3(url: str = "") -> Any:
    """Return a client of S3 that presigns URLs for browsers."""
    from chalicelib.adapters.s3 import s3_client

    return s3_client(url=url)


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

    return DynamoChangeLog(catalogue_table(), clock())


@cache
def catalogue_copies() -> CatalogueCopies:
    from chalicelib.adapters.sqlite.copies import SavedCopies

    return SavedCopies(s3, settings().media_bucket)


@cache
def encodes() -> EncodeStore:
    return stores.encodes(catalogue_table(), clock())


@cache
def media() -> MediaStore:
    return stores.media(s3, settings().media_bucket)


@cache
def uploads_bucket() -> S3Uploads:
    url = settings().uploads_url
    public_client = partial(s3, url) if url else None
    return S3Uploads(s3, settings().uploads_bucket, public_client)
