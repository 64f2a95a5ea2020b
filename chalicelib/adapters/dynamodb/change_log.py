"""Changes of the catalogue, read from the index that sorts its items by their last change."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TypeVar

from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.dynamodb.attributes import day_of, stamp, stamped
from chalicelib.adapters.dynamodb.catalogue_tables import EARLIER_KEY, CatalogueItem, day_key
from chalicelib.adapters.dynamodb.category_store import to_category
from chalicelib.adapters.dynamodb.transactions import WriteRefused, refused_as
from chalicelib.adapters.dynamodb.video_items import to_video, video_key
from chalicelib.catalogue.model import Category, CategoryId, Video, VideoId
from chalicelib.catalogue.ports import Changes
from chalicelib.clock import NEVER, Clock
from chalicelib.errors import Unavailable
from chalicelib.telemetry import count, log

T = TypeVar("T")

_VIDEOS = video_key(VideoId(0)).rstrip("0")
# About as many as one answer of DynamoDB holds.
_AT_ONCE = 1000
# A writer's clock may be ahead, and its day with it.
_AHEAD = timedelta(minutes=1)
# Executions that began before an upgrade write as the version before did.
_EARLIER_EVERY = timedelta(minutes=1)
# What changed later may not be read by every process: it would look for it under the earlier key.
_READ_BY_ALL_AFTER = timedelta(hours=1)


@dataclass(slots=True)
class DynamoChangeLog:
    connection: Connection
    clock: Clock
    _earlier_read_at: datetime = field(default=NEVER)

    def since(self, moment: datetime) -> Iterator[Changes]:
        now = self.clock.now()
        yield from _batches(_of_days(moment, day_of(now + _AHEAD)))
        # Somewhat before, as the index may lag behind.
        unread = self._earlier_read_at - 2 * _EARLIER_EVERY
        if moment < unread or now - self._earlier_read_at >= _EARLIER_EVERY:
            yield from _batches(_under_key(EARLIER_KEY, min(moment, unread)))
            self._earlier_read_at = now

    def everything(self) -> Iterator[Changes]:
        self._earlier_read_at = self.clock.now()
        yield from _batches(CatalogueItem.by_change.scan())

    def refile(self, *, most: int) -> int:
        earlier = CatalogueItem.by_change.query(
            EARLIER_KEY,
            CatalogueItem.changed_at < stamp(self.clock.now() - _READ_BY_ALL_AFTER),
            limit=most,
        )
        return sum(map(_refiled, list(earlier)))


def _refiled(item: CatalogueItem) -> bool:
    """File an item under the day of its change, unless it has changed since it was read."""
    unchanged = CatalogueItem.changed_at == item.changed_at
    day = day_key(day_of(stamped(item.changed_at)))
    try:
        with refused_as(WriteRefused()):
            CatalogueItem(item.pk, item.sk).update([CatalogueItem.shelf.set(day)], unchanged)
    except WriteRefused:
        return False
    return True


def _of_days(moment: datetime, last: date) -> Iterator[CatalogueItem]:
    for number in range((last - day_of(moment)).days + 1):
        yield from _under_key(day_key(day_of(moment) + timedelta(days=number)), moment)


def _under_key(key: str, moment: datetime) -> Iterator[CatalogueItem]:
    yield from CatalogueItem.by_change.query(key, CatalogueItem.changed_at >= stamp(moment))


def _batches(items: Iterator[CatalogueItem]) -> Iterator[Changes]:
    try:
        while batch := list(islice(items, _AT_ONCE)):
            yield _changes(batch)
    except PynamoDBException as error:
        log.exception("catalogue not readable")
        raise Unavailable("The catalogue is not available right now.") from error


def _changes(items: Iterable[CatalogueItem]) -> Changes:
    videos: dict[VideoId, Video | None] = {}
    categories: dict[CategoryId, Category | None] = {}
    for item in items:
        is_video = item.pk.startswith(_VIDEOS)
        is_removed = item.removed and (is_video or not item.name)
        if is_video:
            videos[VideoId(int(item.id))] = None if is_removed else _read(to_video, item)
        else:
            categories[CategoryId(int(item.id))] = None if is_removed else _read(to_category, item)
    return Changes(videos, categories)


def _read(convert: Callable[[CatalogueItem], T], item: CatalogueItem) -> T | None:
    """Return what an item holds; None, as if it were removed, if it cannot be read.

    One bad item must not keep all others from being listed.
    """
    try:
        return convert(item)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        log.exception("item of the catalogue not readable", extra={"item": item.pk})
        count("CatalogueItemSkipped")
        return None
