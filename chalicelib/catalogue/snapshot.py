"""A snapshot of all videos and categories, and the selections that lists show."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Any, Self

from chalicelib.catalogue.model import (
    NO_AGE_LIMIT,
    Card,
    Category,
    CategoryId,
    Video,
    VideoId,
    VideoNotFound,
    earlier_slug_of,
    slug_of,
)
from chalicelib.catalogue.names import folded
from chalicelib.catalogue.ports import Changes


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
    """Filters of a list of videos."""

    audience: Audience = Audience.VIEWERS
    age_limit: int = NO_AGE_LIMIT
    category: str = ""
    is_trailer: bool | None = None
    search: str = ""
    # Only entries after this position.
    after: ListPosition | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One video; it stays the same object until the video changes."""

    video: Video
    category: str  # its current name
    category_slug: str
    words: str = field(repr=False)
    # A cache for callers: results that are costly to compute from a video.
    renderings: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, video: Video, category: Category | None) -> Self:
        card = video.card
        name = category.name if category else card.category
        slug = category.slug if category else slug_of(card.category)
        return cls(video, name, slug, searchable(card))

    @property
    def position(self) -> ListPosition:
        return ListPosition(self.video.created_at, self.video.id)

    def is_for(self, audience: Audience, age_limit: int = NO_AGE_LIMIT) -> bool:
        if audience is Audience.ADMINISTRATORS:
            return True
        early = audience is Audience.EARLY_VIEWERS
        video = self.video
        is_out = video.is_published and (video.is_playable if early else video.is_complete)
        return is_out and video.card.is_within(age_limit)


@dataclass(frozen=True, slots=True)
class Snapshot:
    by_id: Mapping[VideoId, Entry] = field(default_factory=dict)
    categories_by_id: Mapping[CategoryId, Category] = field(default_factory=dict)
    entries: Sequence[Entry] = ()  # the newest first
    categories: Sequence[Category] = ()  # by name
    categories_by_slug: Mapping[str, Category] = field(default_factory=dict)
    # Whether any video has an age rating: until then, age limits hide nothing.
    has_ratings: bool = False
    # A cache for callers: results that are costly to compute from many videos.
    renderings: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def find(
        self, video_id: VideoId, audience: Audience, *, age_limit: int = NO_AGE_LIMIT
    ) -> Entry:
        entry = self.by_id.get(video_id)
        if entry is None or not entry.is_for(audience, age_limit):
            raise VideoNotFound
        return entry

    def category_called(self, name: str) -> Category | None:
        """Return the category that has or had this name, or whose slug it is."""
        return _called(name, self.categories_by_slug)

    def entry_of(self, video: Video) -> Entry:
        """Return the entry of a video that was just read."""
        return Entry.of(video, self.category_called(video.card.category))

    def chosen(self, selection: Selection) -> Sequence[Entry]:
        """Return the entries of a selection, the newest first."""
        entries: Iterable[Entry] = self.entries
        if after := selection.after:
            # The newest come first, so later entries have smaller keys.
            last = after.created_at, after.video_id
            entries = [each for each in entries if _age(each) < last]
        audience, age_limit = selection.audience, selection.age_limit
        entries = [each for each in entries if each.is_for(audience, age_limit)]
        if selection.category:
            category = self.category_called(selection.category)
            slug = category.slug if category else slug_of(selection.category)
            entries = [each for each in entries if each.category_slug == slug]
        if selection.is_trailer is not None:
            is_trailer = selection.is_trailer
            entries = [each for each in entries if each.video.card.is_trailer is is_trailer]
        required = terms(selection.search)
        return [each for each in entries if matches(each.words, required)]

    def changed(self, changes: Changes) -> "Snapshot":
        """Return a snapshot with the changes, or this one if they are in it already."""
        by_id, categories = dict(self.by_id), dict(self.categories_by_id)
        is_other_category = _merged_categories(categories, changes.categories)
        by_slug = _by_slug(categories.values())
        is_other_video = _merged_videos(by_id, changes.videos, by_slug)
        if is_other_category:
            is_other_video |= _refiled(by_id, by_slug)
        if not is_other_video and not is_other_category:
            return self
        entries = sorted(by_id.values(), key=_age, reverse=True)
        return Snapshot(
            by_id=by_id,
            categories_by_id=categories,
            entries=entries if is_other_video else self.entries,
            categories=sorted(categories.values(), key=_name),
            categories_by_slug=by_slug,
            has_ratings=any(each.video.card.age_rating is not None for each in entries),
        )


def _by_slug(categories: Collection[Category]) -> Mapping[str, Category]:
    # A stored slug may differ from the current slug of the name.
    by_name = {slug_of(each.name): each for each in categories}
    return by_name | {slug: each for each in categories for slug in each.slugs}


def _called(name: str, by_slug: Mapping[str, Category]) -> Category | None:
    return by_slug.get(earlier_slug_of(name)) or by_slug.get(slug_of(name))


def _merged_videos(
    by_id: dict[VideoId, Entry],
    changes: Mapping[VideoId, Video | None],
    by_slug: Mapping[str, Category],
) -> bool:
    is_changed = False
    for video_id, video in changes.items():
        known = by_id.get(video_id)
        if video is None:
            is_changed |= by_id.pop(video_id, None) is not None
        elif known is None or known.video != video:
            by_id[video_id] = Entry.of(video, _called(video.card.category, by_slug))
            is_changed = True
    return is_changed


def _refiled(by_id: dict[VideoId, Entry], by_slug: Mapping[str, Category]) -> bool:
    """Replace the entries of categories whose name has changed."""
    is_changed = False
    for video_id, entry in by_id.items():
        filed = entry.video.card.category
        category = _called(filed, by_slug) if filed else None
        if entry.category != (category.name if category else filed):
            by_id[video_id] = Entry.of(entry.video, category)
            is_changed = True
    return is_changed


def _merged_categories(
    by_id: dict[CategoryId, Category], changes: Mapping[CategoryId, Category | None]
) -> bool:
    before = dict(by_id)
    for category_id, category in changes.items():
        if category is None:
            by_id.pop(category_id, None)
        else:
            by_id[category_id] = category
    return by_id != before


def _age(entry: Entry) -> tuple[Any, ...]:
    return entry.video.created_at, entry.video.id


def _name(category: Category) -> tuple[str, str]:
    return folded(category.name), category.slug


def searchable(card: Card) -> str:
    """Return title and description in every language, in the spelling for comparison."""
    texts = [card.title, card.description]
    for translation in card.translations.values():
        texts += [translation.title, translation.description]
    return folded("\n".join(texts))


def terms(search: str) -> Sequence[str]:
    return folded(search).split()


def matches(text: str, required: Sequence[str]) -> bool:
    """Return whether a searchable text holds every term, in any order."""
    return all(term in text for term in required)
