"""What administrators filter and sort videos by: states, visibility, missing facts, dates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from chalicelib.catalogue.model import CompleteMedia, Video, VideoId
from chalicelib.catalogue.names import is_blank
from chalicelib.catalogue.spelling import words_in
from chalicelib.clock import EPOCH, MICROSECOND, MILLISECOND
from chalicelib.errors import InvalidInput

# Microseconds of videos without dates.
NO_BEGINNING, NO_END = 0, 2**63 - 1
# The bytes of a source whose size is not known, or that there is not.
NO_SIZE = -1


class TooCostly(InvalidInput):
    """A list would take too long."""

    code = "list_too_costly"

    @classmethod
    def of(cls, search: str) -> Self:
        if search:
            return cls(fields={"search": ["Search for more letters: so few are in many videos."]})
        return cls("This takes too long. Please choose fewer filters, or others.")


class VideoState(StrEnum):
    """How far the newest encode of a video is."""

    EMPTY = "empty"  # there was no source yet
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"

    @classmethod
    def of(cls, video: Video) -> "VideoState":
        has_begun = video.encode.revision > 0 or video.is_complete
        return cls(video.encode.status.value) if has_begun else cls.EMPTY


class Visibility(StrEnum):
    """What publication and dates say of a video; without media, viewers see none."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    LIVE = "live"
    EXPIRED = "expired"

    @classmethod
    def of(cls, video: Video, at: datetime) -> "Visibility":
        card = video.card
        if not video.is_published:
            return cls.DRAFT
        if card.publish_at and at < card.publish_at:
            return cls.SCHEDULED
        return cls.EXPIRED if card.rights_until and card.rights_until <= at else cls.LIVE


class MissingFact(StrEnum):
    """What a video may lack."""

    POSTER = "poster"
    DESCRIPTION = "description"
    CATEGORY = "category"
    PEOPLE = "people"
    TAGS = "tags"
    LANGUAGE = "language"
    AGE_RATING = "age_rating"


_HAS: Mapping[MissingFact, Callable[[Video], bool]] = {
    MissingFact.POSTER: lambda video: video.is_complete or bool(video.poster.current),
    MissingFact.DESCRIPTION: lambda video: not is_blank(video.card.description),
    MissingFact.CATEGORY: lambda video: bool(video.card.category),
    MissingFact.PEOPLE: lambda video: bool(video.card.cast or video.card.director),
    MissingFact.TAGS: lambda video: bool(video.card.tags),
    MissingFact.LANGUAGE: lambda video: bool(video.card.original_language),
    MissingFact.AGE_RATING: lambda video: video.card.age_rating is not None,
}


def missing_facts(video: Video) -> frozenset[MissingFact]:
    return frozenset(fact for fact, is_there in _HAS.items() if not is_there(video))


class Order(StrEnum):
    """A fact by which lists are sorted; of equal ones, by id."""

    CREATED = "created"
    CHANGED = "changed"
    TITLE = "title"
    PUBLISH_AT = "publish_at"
    RIGHTS_UNTIL = "rights_until"
    DURATION = "duration"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class Sorting:
    order: Order = Order.CREATED
    is_ascending: bool = False


NEWEST_FIRST = Sorting()


@dataclass(frozen=True, slots=True)
class SortPosition:
    """The position of a video in a sorted list, independent of additions and removals."""

    key: int | str
    video_id: VideoId


def sort_key(video: Video, order: Order) -> int | str:
    """Return a key: without `publish_at` it began at any time, without `rights_until` it stays."""
    return _KEYS[order](video)


def microseconds(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


def _at(date: datetime | None, otherwise: int) -> int:
    return otherwise if date is None else microseconds(date)


def _size(size: int | None) -> int:
    return NO_SIZE if size is None else size


def _in_milliseconds(media: CompleteMedia | None) -> int:
    return timedelta(seconds=media.duration_seconds) // MILLISECOND if media else 0


_KEYS: Mapping[Order, Callable[[Video], int | str]] = {
    Order.CREATED: lambda video: microseconds(video.created_at),
    Order.CHANGED: lambda video: microseconds(video.changed_at),
    Order.TITLE: lambda video: " ".join(words_in(video.card.title)),
    Order.PUBLISH_AT: lambda video: _at(video.card.publish_at, NO_BEGINNING),
    Order.RIGHTS_UNTIL: lambda video: _at(video.card.rights_until, NO_END),
    Order.DURATION: lambda video: _in_milliseconds(video.media),
    Order.SIZE: lambda video: _size(video.encode.source_size),
}


@dataclass(frozen=True, slots=True)
class Period:
    """The values of a date from `since` on and before `until`."""

    order: Order
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class StudioFilters:
    """Filters that only administrators have; an empty one lets every video through."""

    states: frozenset[VideoState] = frozenset()
    visibilities: frozenset[Visibility] = frozenset()
    # Videos that lack all of these.
    missing: frozenset[MissingFact] = frozenset()
    # Exactly this one, which videos were given.
    age_rating: int | None = None
    has_own_poster: bool | None = None
    periods: tuple[Period, ...] = ()
    # Bytes of the newest source, both included.
    smallest: int | None = None
    largest: int | None = None
