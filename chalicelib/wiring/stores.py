"""Stores of videos, encodes and media, which Lambda and the transcoder build alike."""

from collections.abc import Callable
from typing import Any

from chalicelib.adapters.media_bucket import S3MediaStore
from chalicelib.catalogue.ports import VideoStore
from chalicelib.clock import Clock
from chalicelib.encoding.pictures import Pictures
from chalicelib.encoding.ports import EncodeStore, MediaStore
from chalicelib.encoding.poster_ports import PosterStore
from chalicelib.encoding.poster_updates import PosterUpdates
from chalicelib.encoding.updates import EncodeUpdates


def catalogue_table(name: str) -> Any:
    """Return the connection that all items of the catalogue table share."""
    from chalicelib.adapters.dynamodb import catalogue_tables

    return catalogue_tables.bind(catalogue=name)


def videos(table: Any, clock: Clock) -> VideoStore:
    from chalicelib.adapters.dynamodb.video_store import DynamoVideoStore

    return DynamoVideoStore(table, clock)


def posters(table: Any, clock: Clock) -> PosterStore:
    from chalicelib.adapters.dynamodb.poster_store import DynamoPosterStore

    return DynamoPosterStore(table, clock)


def encodes(table: Any, clock: Clock, *, is_consistent: bool = True) -> EncodeStore:
    from chalicelib.adapters.dynamodb.encode_store import DynamoEncodeStore

    return DynamoEncodeStore(table, clock, is_consistent=is_consistent)


def media(s3: Callable[[], Any], bucket: str) -> MediaStore:
    return S3MediaStore(s3, bucket)


def updates(table: Any, media: MediaStore, clock: Clock) -> EncodeUpdates:
    store = videos(table, clock)
    return EncodeUpdates(store, encodes(table, clock), clock, Pictures(media, store))


def poster_updates(table: Any, media: MediaStore, clock: Clock) -> PosterUpdates:
    store = videos(table, clock)
    return PosterUpdates(posters(table, clock), store, Pictures(media, store), clock)
