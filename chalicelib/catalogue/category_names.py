"""All categories by their names: present ones, earlier ones, and slugs."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from chalicelib.catalogue.model import (
    LONGEST_NAME,
    LONGEST_SLUG,
    Category,
    CategoryId,
    slug_of,
)
from chalicelib.catalogue.names import folded, hyphenated


@dataclass(frozen=True, slots=True)
class CategoryNames:
    by_id: Mapping[CategoryId, Category]
    by_slug: Mapping[str, Category]

    @classmethod
    def of(cls, categories: Iterable[Category]) -> Self:
        by_id = {each.id: each for each in categories}
        # A stored slug may differ from the current slug of the name.
        named = {slug_of(each.name): each for each in by_id.values()}
        by_slug = {slug: each for each in by_id.values() for slug in each.slugs}
        return cls(by_id, named | by_slug)

    @property
    def in_order(self) -> Sequence[Category]:
        return sorted(self.by_name, key=lambda each: (each.position is None, each.position or 0))

    @property
    def by_name(self) -> Sequence[Category]:
        return sorted(self.by_id.values(), key=lambda each: (folded(each.name), each.slug))

    def category_called(self, name: str) -> Category | None:
        """Return the category that has or had this name, or whose slug it is."""
        return self.by_slug.get(_earlier_slug_of(name)) or self.by_slug.get(slug_of(name))

    def slug_called(self, name: str) -> str:
        """Return the slug of that category, or of the name if there is none."""
        if not name:
            return ""
        category = self.category_called(name)
        return category.slug if category else slug_of(name)


def _earlier_slug_of(name: str) -> str:
    """Return the slug by an earlier rule, which kept invisible characters."""
    return hyphenated(unicodedata.normalize("NFKC", name[:LONGEST_NAME]).casefold())[:LONGEST_SLUG]
