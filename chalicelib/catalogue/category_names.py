"""All categories by their names: present ones, earlier ones, and slugs."""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self, TypeVar

from chalicelib.catalogue.model import (
    LONGEST_NAME,
    LONGEST_SLUG,
    Category,
    CategoryId,
    slug_of,
)
from chalicelib.catalogue.names import folded, joined_by_hyphens
from chalicelib.language import Language

T = TypeVar("T")

_ID_BYTES = 6  # JavaScript holds 53 bits


@dataclass(frozen=True, slots=True)
class CategoryNames:
    by_id: Mapping[CategoryId, Category]
    by_slug: Mapping[str, Category]
    # The last names of removed categories, by all of their slugs.
    last_names: Mapping[str, str]

    @classmethod
    def of(cls, categories: Iterable[Category]) -> Self:
        last_names, by_id = {}, {}
        # A slug may have been that of two categories, one after the other.
        for category in sorted(categories, key=lambda each: each.changed_at):
            if category.is_removed:
                last_names[category.slug] = category.name
            else:
                by_id[category.id] = category
        # A stored slug may differ from the current slug of the name.
        named = {slug_of(each.name): each for each in by_id.values()}
        by_slug = {slug: each for each in by_id.values() for slug in each.slugs}
        return cls(by_id, named | by_slug, last_names)

    def in_order(self, language: Language | None = None) -> Sequence[Category]:
        return sorted(
            self.by_name(language), key=lambda each: (each.position is None, each.position or 0)
        )

    def by_name(self, language: Language | None = None) -> Sequence[Category]:
        """Return all in the order of their names, or of those in a language."""

        def key(category: Category) -> tuple[str, str]:
            name = category.name_in(language) if language else category.name
            return folded(name), category.slug

        return sorted(self.by_id.values(), key=key)

    def category_called(self, name: str) -> Category | None:
        """Return the category that has or had this name, or whose slug it is.

        It may have been removed and added anew since.
        """
        return _called(name, self.by_slug) or _called(self._last_name(name), self.by_slug)

    def present_name(self, stored: str, language: Language | None = None) -> str:
        """Return the name of the category of a video that refers to it by a stored name."""
        category = self.category_called(stored)
        if category is None:
            return self._last_name(stored)
        return category.name_in(language) if language else category.name

    def present_names(self, stored: str) -> Sequence[str]:
        """Return the names of that category in all languages."""
        category = self.category_called(stored)
        return category.names if category else [self._last_name(stored)]

    def slug_called(self, name: str) -> str:
        """Return the slug of that category, or of the name if there is none."""
        if not name:
            return ""
        category = self.category_called(name)
        return category.slug if category else slug_of(self._last_name(name))

    def _last_name(self, name: str) -> str:
        """Return the last name of the removed category that was called so, or the name."""
        passed: set[str] = set()
        while name not in passed and not _called(name, self.by_slug):
            passed.add(name)
            name = _called(name, self.last_names) or name
        return name


def category_id_of(slug: str) -> CategoryId:
    """Return an id computed from the slug, so that concurrent requests create one category."""
    digest = hashlib.sha256(slug.encode()).digest()
    return CategoryId(int.from_bytes(digest[:_ID_BYTES], "big"))


def left_of(category: Category, at: datetime) -> Sequence[Category]:
    """Return what is left of a category that is removed: its name, under each of its slugs."""
    left = Category(category.id, category.name, category.slug, at, is_removed=True)
    others = [replace(left, id=category_id_of(slug), slug=slug) for slug in category.other_slugs]
    return [left, *others]


def _called(name: str, by_slug: Mapping[str, T]) -> T | None:
    return by_slug.get(_earlier_slug_of(name)) or by_slug.get(slug_of(name))


def _earlier_slug_of(name: str) -> str:
    """Return the slug by an earlier rule, which kept invisible characters."""
    normal = unicodedata.normalize("NFKC", name[:LONGEST_NAME]).casefold()
    return joined_by_hyphens(normal)[:LONGEST_SLUG]
