"""What lists are made of: filters, positions, and the entries of videos."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.category_names import CategoryNames
from chalicelib.catalogue.model import NO_AGE_LIMIT, Video, VideoId
from chalicelib.catalogue.studio import (
    NEWEST_FIRST,
    Order,
    Sorting,
    SortPosition,
    StudioFilters,
    sort_key,
)
from chalicelib.language import Language


@dataclass(frozen=True, slots=True)
class ListPosition:
    """The position of a video in a list, independent of additions and removals."""

    created_at: datetime
    video_id: VideoId


@dataclass(frozen=True, slots=True)
class TrashPosition:
    """The position of a video in the trash."""

    trashed_at: datetime
    video_id: VideoId


@dataclass(frozen=True, slots=True)
class Selection:
    """Filters of a list of videos, and its order."""

    audience: Audience = Audience.VIEWERS
    age_limit: int = NO_AGE_LIMIT
    category: str = ""
    is_trailer: bool | None = None
    # Of the cast or the direction.
    person: str = ""
    tag: str = ""
    language: str = ""
    # Unrated videos count as for adults.
    rating_max: int | None = None
    search: str = ""
    # Viewers see what their dates show at this moment; None: whatever their dates are.
    at: datetime | None = None
    # Of a list of administrators, which has its own filters and orders.
    studio: StudioFilters | None = None
    sorting: Sorting = NEWEST_FIRST
    # Only entries after this position.
    after: ListPosition | SortPosition | None = None

    def sorted_by(self, sorting: Sorting, *, after: SortPosition | None = None) -> Self:
        return replace(self, sorting=sorting, after=after)

    def beyond(self, entry: "Entry") -> Self:
        """Return what follows this entry."""
        return replace(self, after=entry.position_by(self.sorting.order))


@dataclass(frozen=True, slots=True)
class Entry:
    """One video, with the present names of its category."""

    video: Video
    category: str
    category_by_language: Mapping[Language, str] = field(default_factory=dict)
    # A cache for callers: results that are costly to compute from a video.
    renderings: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, video: Video, names: CategoryNames) -> Self:
        stored = video.card.category
        if category := names.category_called(stored):
            return cls(video, category.name, category.translations)
        return cls(video, names.present_name(stored))

    def category_in(self, language: Language) -> str:
        return self.category_by_language.get(language, self.category)

    @property
    def position(self) -> ListPosition:
        return ListPosition(self.video.created_at, self.video.id)

    def position_by(self, order: Order) -> SortPosition:
        return SortPosition(sort_key(self.video, order), self.video.id)


@dataclass(frozen=True, slots=True)
class Person:
    """A person who is named by videos, in one of the spellings of one slug."""

    slug: str
    name: str
    videos: int
