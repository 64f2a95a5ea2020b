"""Changes of the catalogue, read from the index that sorts its items by their last change."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.dynamodb.attributes import stamp
from chalicelib.adapters.dynamodb.catalogue_tables import EVERY_CHANGE, CatalogueItem
from chalicelib.adapters.dynamodb.category_store import to_category
from chalicelib.adapters.dynamodb.video_items import to_video, video_key
from chalicelib.catalogue.model import Category, CategoryId, Video, VideoId
from chalicelib.catalogue.ports import Changes
from chalicelib.errors import Unavailable
from chalicelib.telemetry import log

_VIDEOS = video_key(VideoId(0)).rstrip("0")


@dataclass(frozen=True, slots=True)
class DynamoChangeLog:
    connection: Connection

    def since(self, moment: datetime | None) -> Changes:
        videos: dict[VideoId, Video | None] = {}
        categories: dict[CategoryId, Category | None] = {}
        for item in _changed(moment):
            if item.pk.startswith(_VIDEOS):
                videos[VideoId(int(item.id))] = None if item.removed else to_video(item)
            else:
                categories[CategoryId(int(item.id))] = None if item.removed else to_category(item)
        return Changes(videos, categories)


def _changed(moment: datetime | None) -> Iterator[CatalogueItem]:
    later = CatalogueItem.changed_at >= stamp(moment) if moment else None
    try:
        yield from CatalogueItem.by_change.query(EVERY_CHANGE, later)
    except PynamoDBException as error:
        log.exception("catalogue not readable")
        raise Unavailable("The catalogue is not available right now.") from error
