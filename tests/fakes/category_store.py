"""Categories in a dictionary, safe for many threads."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from threading import RLock

from chalicelib.catalogue.model import Category, CategoryId, CategoryNotFound, CategoryTaken
from chalicelib.clock import Clock


class InMemoryCategoryStore:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self._categories: dict[str, Category] = {}
        self._removed: dict[CategoryId, datetime] = {}

    def add(self, category: Category) -> None:
        with self._lock:
            if category.slug in self._categories:
                raise CategoryTaken("There is a category of this name already.")
            self._categories[category.slug] = replace(category, changed_at=self._clock.now())
            self._removed.pop(category.id, None)

    def remove(self, category: Category) -> None:
        with self._lock:
            if self._categories.pop(category.slug, None) is None:
                raise CategoryNotFound("There is no such category.")
            self._removed[category.id] = self._clock.now()

    def since(self, moment: datetime | None) -> Mapping[CategoryId, Category | None]:
        """What a change log reads."""
        with self._lock:
            kept = {each.id: (each.changed_at, each) for each in self._categories.values()}
            gone = {key: (at, None) for key, at in self._removed.items()}
        both: dict[CategoryId, tuple[datetime, Category | None]] = {**kept, **gone}
        return {key: each for key, (at, each) in both.items() if moment is None or at >= moment}
