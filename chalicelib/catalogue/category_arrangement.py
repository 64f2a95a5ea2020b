"""Use cases of administrators: merge two categories, and put categories in an order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.categories import MOST_NAMES
from chalicelib.catalogue.category_names import CategoryNames, category_id_of
from chalicelib.catalogue.model import (
    BadTitle,
    Category,
    CategoryId,
    CategoryNotFound,
    slug_of,
)
from chalicelib.catalogue.ports import CategoryStore, Changes
from chalicelib.language import Text

# They are written at once, and a transaction of DynamoDB has as many items.
MOST_ARRANGED = 100
INTO_ITSELF = "A category cannot be merged into itself."
TWICE = "A category has one position: send each id once."


@dataclass(frozen=True, slots=True)
class CategoryArrangement:
    store: CategoryStore
    cache: CatalogueCache

    def merge(self, category_id: CategoryId, into: CategoryId) -> Category:
        """Give all videos and names of a category to another one; return that one.

        Videos refer to a category by any of its names, so that no video is written. Merging again
        changes nothing. Raise `CategoryNotFound`, or `StaleCategory` if either has just changed.
        """
        if category_id == into:
            raise BadTitle(fields={"into": [INTO_ITSELF]})
        names = self.cache.snapshot().names
        before, merged = _in(names, into), names.by_id.get(category_id)
        if merged is None:
            # Ids come from slugs: an earlier request has merged it.
            if category_id in map(category_id_of, before.other_slugs):
                return before
            raise CategoryNotFound
        after = _with_names_of(merged, before, names)
        if len(after.other_slugs) > MOST_NAMES:
            problem = Text("A category can have {most} names over time.", most=MOST_NAMES)
            raise BadTitle(fields={"into": [problem]})
        after = self.store.merge(merged, before, after)
        self.cache.record(Changes({}, {category_id: None, into: after}))
        return after

    def arrange(self, ids: Sequence[CategoryId]) -> Sequence[Category]:
        """Put these categories first, in this order; the others follow in theirs; return all.

        All positions are written, or none. Raise `CategoryNotFound`, or `StaleCategory` if one of
        them has just changed.
        """
        if len(set(ids)) < len(ids):
            raise BadTitle(fields={"ids": [TWICE]})
        names = self.cache.snapshot().names
        first = [_in(names, each) for each in ids]
        others = [each.position for each in names.by_id.values() if each.id not in set(ids)]
        start = min((each for each in others if each is not None), default=0) - len(ids)
        moved = {
            each.id: (each, position)
            for position, each in enumerate(first, start)
            if each.position != position
        }
        is_so = first == names.in_order()[: len(first)] and all(
            each.position is not None for each in first
        )
        if moved and not is_so:
            stored = self.store.arrange(moved)
            self.cache.record(Changes({}, {each.id: each for each in stored}))
        return self.cache.snapshot().categories


def _in(names: CategoryNames, category_id: CategoryId) -> Category:
    category = names.by_id.get(category_id)
    if category is None:
        raise CategoryNotFound
    return category


def _with_names_of(merged: Category, before: Category, names: CategoryNames) -> Category:
    """Return a category that is also called as another one, by its stored slugs and its name.

    It is shown by its own names alone: names in other languages may mean something else.
    """
    slug = slug_of(merged.name)
    # The slug of its name need not be stored, and may be that of a third category.
    own = (slug,) if names.by_slug.get(slug) == merged else ()
    slugs = dict.fromkeys((*before.other_slugs, *merged.slugs, *own))
    return replace(before, other_slugs=tuple(each for each in slugs if each != before.slug))
