"""What lists are made of: filters, positions, and the entries of videos."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.category_names import CategoryNames
from chalicelib.catalogue.model import NO_AGE_LIMIT, Video, VideoId


@dataclass(frozen=True, slots=True)
class ListPosition:
    """The position of a video in a list, independent of additions and removals."""

    created_at: datetime
    video_id: VideoId


@dataclass(frozen=True, slots=True)
class Selection:
    """Filters of a list of videos, the newest first."""

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
    # Only entries after this position.
    after: ListPosition | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One video, with the present name of its category."""

    video: Video
    category: str
    category_slug: str
    # A cache for callers: results that are costly to compute from a video.
    renderings: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, video: Video, names: CategoryNames) -> Self:
        name = video.card.category
        category = names.category_called(name) if name else None
        return cls(video, category.name if category else name, names.slug_called(name))

    @property
    def position(self) -> ListPosition:
        return ListPosition(self.video.created_at, self.video.id)


@dataclass(frozen=True, slots=True)
class Person:
    """A person who is named by videos, in one of the spellings of one slug."""

    slug: str
    name: str
    videos: int
