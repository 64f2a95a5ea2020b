"""What lists are made of: audiences, filters, positions, and the entries of videos."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Any, Self

from chalicelib.catalogue.category_names import CategoryNames
from chalicelib.catalogue.model import NO_AGE_LIMIT, Video, VideoId


class Audience(Enum):
    VIEWERS = auto()  # published and complete videos
    EARLY_VIEWERS = auto()  # also playable ones during their encode
    ADMINISTRATORS = auto()  # everything


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

    def is_for(self, audience: Audience, *, at: datetime, age_limit: int = NO_AGE_LIMIT) -> bool:
        if audience is Audience.ADMINISTRATORS:
            return True
        early = audience is Audience.EARLY_VIEWERS
        video = self.video
        is_there = video.is_playable if early else video.is_complete
        return is_there and video.is_public_at(at) and video.card.is_within(age_limit)


@dataclass(frozen=True, slots=True)
class Person:
    """A person who is named by videos, in one of the spellings of one slug."""

    slug: str
    name: str
    videos: int
