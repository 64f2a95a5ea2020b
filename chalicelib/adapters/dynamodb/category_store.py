"""Categories in DynamoDB, each under its slug, and a reservation under each of its other names."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from pynamodb.connection import Connection
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from chalicelib.adapters.dynamodb.attributes import stamped
from chalicelib.adapters.dynamodb.catalogue_tables import CatalogueItem
from chalicelib.adapters.dynamodb.transactions import WriteRefused, commit, refused_as, saves
from chalicelib.adapters.dynamodb.video_items import META, changed, removal_item
from chalicelib.catalogue.category_names import category_id_of, left_of
from chalicelib.catalogue.model import (
    Category,
    CategoryId,
    CategoryNotFound,
    CategoryTaken,
    StaleCategory,
)
from chalicelib.clock import Clock
from chalicelib.language import Language

_FREE: Condition = CatalogueItem.pk.does_not_exist() | (
    CatalogueItem.removed.exists() & CatalogueItem.leads_to.does_not_exist()
)


@dataclass(frozen=True, slots=True)
class DynamoCategoryStore:
    connection: Connection
    clock: Clock

    def add(self, category: Category) -> None:
        with refused_as(CategoryTaken()):
            _item(replace(category, changed_at=self.clock.now())).save(_FREE)

    def get(self, category: Category) -> Category:
        with suppress(DoesNotExist):
            item = CatalogueItem.get(category_key(category.slug), META, consistent_read=True)
            if not item.removed:
                return to_category(item)
        raise CategoryNotFound

    def rename(self, before: Category, after: Category) -> Category:
        renamed = replace(after, changed_at=self.clock.now())
        taken = [slug for slug in after.other_slugs if slug not in before.slugs]
        reservations = [_reservation(slug, renamed) for slug in taken]
        try:
            commit(
                self.connection,
                *saves([_item(renamed)], _is_as(before)),
                *saves(reservations, _FREE),
            )
        except WriteRefused:
            raise (CategoryTaken if _is_stored(before) else StaleCategory) from None
        return renamed

    def merge(self, merged: Category, before: Category, after: Category) -> Category:
        after = replace(after, changed_at=self.clock.now())
        gone = _reservation(merged.slug, after)
        # Readers know the removed category by it.
        gone.id = merged.id
        led = [_reservation(slug, after) for slug in merged.other_slugs]
        known = {*before.slugs, *merged.slugs}
        taken = [_reservation(slug, after) for slug in after.other_slugs if slug not in known]
        try:
            commit(
                self.connection,
                *saves([_item(after)], _is_as(before)),
                *saves([gone], _is_as(merged)),
                *saves(led),
                *saves(taken, _FREE),
            )
        except WriteRefused:
            raise StaleCategory from None
        return after

    def arrange(self, moved: Mapping[CategoryId, tuple[Category, int]]) -> Sequence[Category]:
        now = self.clock.now()
        arranged = [
            (each, replace(each, position=position, changed_at=now))
            for each, position in moved.values()
        ]
        writes = [
            write for each, after in arranged for write in saves([_item(after)], _is_as(each))
        ]
        try:
            commit(self.connection, *writes)
        except WriteRefused:
            raise StaleCategory from None
        return [after for _, after in arranged]

    def remove(self, category: Category) -> Sequence[Category]:
        removed = left_of(category, self.clock.now())
        gone, *freed = [_removed_item(each) for each in removed]
        try:
            commit(self.connection, *saves([gone], _is_as(category)), *saves(freed))
        except WriteRefused:
            raise (StaleCategory if _stored_name(category) else CategoryNotFound) from None
        return removed


def category_key(slug: str) -> str:
    return f"CATEGORY#{slug}"


def to_category(item: CatalogueItem) -> Category:
    position: float | None = item.position
    return Category(
        id=CategoryId(int(item.id)),
        name=item.name,
        slug=item.slug,
        changed_at=stamped(item.changed_at),
        other_slugs=tuple(item.other_slugs or ()),
        position=None if position is None else int(position),
        is_removed=bool(item.removed),
        translations={
            language: name
            for code, name in (item.translations or {}).items()
            if (language := Language.named(code))
        },
    )


def _item(category: Category) -> CatalogueItem:
    return CatalogueItem(
        category_key(category.slug),
        META,
        id=category.id,
        **changed(category.changed_at),
        name=category.name,
        slug=category.slug,
        other_slugs=list(category.other_slugs) or None,
        position=category.position,
        translations=_translations(category),
    )


def _removed_item(category: Category) -> CatalogueItem:
    """Return what is left of a category: its videos keep the name, which is free for others."""
    item = removal_item(category_key(category.slug), category.id, category.changed_at)
    item.expires_at = None
    item.name, item.slug = category.name, category.slug
    return item


def _reservation(slug: str, category: Category) -> CatalogueItem:
    """Return the reservation of a name: readers see a deleted category, writers a taken name."""
    item = removal_item(category_key(slug), category_id_of(slug), category.changed_at)
    item.expires_at = None
    item.leads_to = category.id
    return item


def _translations(category: Category) -> Mapping[str, str] | None:
    """Return the names by language, always in one order: they are compared as text."""
    return {each.value: name for each, name in sorted(category.translations.items())} or None


def _is_as(category: Category) -> Condition:
    """Return that nothing of the category has changed: each writer writes all of it."""
    condition: Condition = CatalogueItem.removed.does_not_exist() & (
        CatalogueItem.name == category.name
    )
    others, position = list(category.other_slugs), category.position
    condition &= (
        CatalogueItem.other_slugs == others
        if others
        else CatalogueItem.other_slugs.does_not_exist()
    )
    condition &= (
        CatalogueItem.position.does_not_exist()
        if position is None
        else CatalogueItem.position == position
    )
    translations = _translations(category)
    condition &= (
        CatalogueItem.translations == translations
        if translations
        else CatalogueItem.translations.does_not_exist()
    )
    return condition


def _is_stored(category: Category) -> bool:
    try:
        item = CatalogueItem.get(category_key(category.slug), META, consistent_read=True)
    except DoesNotExist:
        return False
    return not item.removed and _is_same(to_category(item), category)


def _is_same(stored: Category, category: Category) -> bool:
    return replace(stored, changed_at=category.changed_at) == category


def _stored_name(category: Category) -> str | None:
    """Return the stored name of the category; None if it is gone."""
    try:
        item = CatalogueItem.get(category_key(category.slug), META, consistent_read=True)
    except DoesNotExist:
        return None
    return None if item.removed else str(item.name)
