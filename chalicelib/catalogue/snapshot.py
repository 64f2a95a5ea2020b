"""All titles and categories at one moment, and what was made of them so far."""

import unicodedata
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Any, Self

from chalicelib.catalogue.model import Category, CategoryId, Video, VideoId, VideoNotFound, slug_of
from chalicelib.catalogue.ports import Changes


class Audience(Enum):
    VIEWERS = auto()  # what is published and complete
    EARLY_VIEWERS = auto()  # also what can be watched while it is being made
    CURATORS = auto()  # everything


@dataclass(frozen=True, slots=True)
class Place:
    """Where a video stands in a list; it stays there whatever is added or removed."""

    created_at: datetime
    video_id: VideoId


@dataclass(frozen=True, slots=True)
class Selection:
    """Which titles somebody wants to see."""

    audience: Audience = Audience.VIEWERS
    category: str = ""
    is_trailer: bool | None = None
    search: str = ""
    # Only what comes after this place in the list.
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One title; it stays the same object for as long as the title does not change."""

    video: Video
    category_slug: str
    words: str = field(repr=False)
    # Whatever is costly to make of a title, kept by those who made it.
    renderings: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, video: Video) -> Self:
        card = video.card
        texts = [card.title, card.description]
        for translation in card.translations.values():
            texts += [translation.title, translation.description]
        return cls(video, slug_of(card.category), _folded("\n".join(texts)))

    @property
    def place(self) -> Place:
        return Place(self.video.created_at, self.video.id)

    def is_for(self, audience: Audience) -> bool:
        if audience is Audience.CURATORS:
            return True
        early = audience is Audience.EARLY_VIEWERS
        video = self.video
        return video.is_published and (video.is_playable if early else video.is_watchable)


@dataclass(frozen=True, slots=True)
class Snapshot:
    by_id: Mapping[VideoId, Entry] = field(default_factory=dict)
    categories_by_id: Mapping[CategoryId, Category] = field(default_factory=dict)
    entries: Sequence[Entry] = ()  # the newest first
    categories: Sequence[Category] = ()  # by name
    # Whatever is costly to make of many titles; forgotten with the next change.
    renderings: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def find(self, video_id: VideoId, audience: Audience) -> Entry:
        entry = self.by_id.get(video_id)
        if entry is None or not entry.is_for(audience):
            raise VideoNotFound
        return entry

    def chosen(self, selection: Selection) -> Sequence[Entry]:
        """The titles of a selection, the newest first."""
        entries: Iterable[Entry] = self.entries
        if after := selection.after:
            # The newest come first, so the later place is the smaller one.
            last = after.created_at, after.video_id
            entries = [each for each in entries if _age(each) < last]
        entries = [each for each in entries if each.is_for(selection.audience)]
        if selection.category:
            slug = slug_of(selection.category)
            entries = [each for each in entries if each.category_slug == slug]
        if selection.is_trailer is not None:
            wanted = selection.is_trailer
            entries = [each for each in entries if each.video.card.is_trailer is wanted]
        for word in _folded(selection.search).split():
            entries = [each for each in entries if word in each.words]
        return entries

    def changed(self, changes: Changes) -> "Snapshot":
        """Return a snapshot with the changes, or this very one if they are known already."""
        by_id, categories = dict(self.by_id), dict(self.categories_by_id)
        entries = _merged_videos(by_id, changes.videos)
        is_new_category = _merged_categories(categories, changes.categories)
        if not entries and not is_new_category:
            return self
        return Snapshot(
            by_id=by_id,
            categories_by_id=categories,
            entries=sorted(by_id.values(), key=_age, reverse=True) if entries else self.entries,
            categories=sorted(categories.values(), key=_name),
        )


def _merged_videos(by_id: dict[VideoId, Entry], changes: Mapping[VideoId, Video | None]) -> bool:
    is_changed = False
    for video_id, video in changes.items():
        known = by_id.get(video_id)
        if video is None:
            is_changed |= by_id.pop(video_id, None) is not None
        elif known is None or known.video != video:
            by_id[video_id] = Entry.of(video)
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
    return _folded(category.name), category.slug


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
