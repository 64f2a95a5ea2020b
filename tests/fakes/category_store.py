"""Categories in a dictionary, thread-safe."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from threading import RLock

from chalicelib.catalogue.category_names import left_of
from chalicelib.catalogue.model import (
    Category,
    CategoryId,
    CategoryNotFound,
    CategoryTaken,
    StaleCategory,
)
from chalicelib.clock import Clock


class InMemoryCategoryStore:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self._categories: dict[str, Category] = {}
        self._removed: dict[CategoryId, tuple[datetime, Category | None]] = {}

    def add(self, category: Category) -> None:
        with self._lock:
            if category.slug in self._taken():
                raise CategoryTaken
            self._categories[category.slug] = replace(category, changed_at=self._clock.now())
            self._removed.pop(category.id, None)

    def get(self, category: Category) -> Category:
        with self._lock:
            kept = self._categories.get(category.slug)
        if kept is None:
            raise CategoryNotFound
        return kept

    def rename(self, before: Category, after: Category) -> Category:
        with self._lock:
            kept = self._categories.get(before.slug)
            if kept is None or not _is_same(kept, before):
                raise StaleCategory
            taken = self._taken()
            if any(taken.get(slug, before.slug) != before.slug for slug in after.slugs):
                raise CategoryTaken
            renamed = replace(after, changed_at=self._clock.now())
            self._categories[before.slug] = renamed
            return renamed

    def remove(self, category: Category) -> Sequence[Category]:
        with self._lock:
            kept = self._categories.get(category.slug)
            if kept is None:
                raise CategoryNotFound
            if not _is_same(kept, category):
                raise StaleCategory
            del self._categories[category.slug]
            removed = left_of(category, self._clock.now())
            self._removed |= {each.id: (each.changed_at, each) for each in removed}
            return removed

    def merge(self, merged: Category, before: Category, after: Category) -> Category:
        with self._lock:
            self._require(merged, before)
            del self._categories[merged.slug]
            self._removed[merged.id] = self._clock.now(), None
            stored = replace(after, changed_at=self._clock.now())
            self._categories[before.slug] = stored
            return stored

    def arrange(self, moved: Mapping[CategoryId, tuple[Category, int]]) -> Sequence[Category]:
        with self._lock:
            self._require(*(each for each, _ in moved.values()))
            arranged = [
                replace(each, position=position, changed_at=self._clock.now())
                for each, position in moved.values()
            ]
            self._categories |= {each.slug: each for each in arranged}
            return arranged

    def _require(self, *categories: Category) -> None:
        for each in categories:
            kept = self._categories.get(each.slug)
            if kept is None or not _is_same(kept, each):
                raise StaleCategory

    def _taken(self) -> Mapping[str, str]:
        """Return the category of every slug, present and earlier ones."""
        return {slug: each.slug for each in self._categories.values() for slug in each.slugs}

    def since(self, moment: datetime | None) -> Mapping[CategoryId, Category | None]:
        """Return the changes that a change log reads."""
        with self._lock:
            kept = {each.id: (each.changed_at, each) for each in self._categories.values()}
            # A name that was removed may lead to another category since.
            taken = self._taken()
            gone = {
                key: (at, each)
                for key, (at, each) in self._removed.items()
                if not (each and each.slug in taken)
            }
        both: dict[CategoryId, tuple[datetime, Category | None]] = {**gone, **kept}
        return {key: each for key, (at, each) in both.items() if moment is None or at >= moment}


def _is_same(stored: Category, category: Category) -> bool:
    return replace(stored, changed_at=category.changed_at) == category
