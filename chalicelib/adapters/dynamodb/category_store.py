"""Categories in DynamoDB, each under its slug."""

from dataclasses import dataclass

from pynamodb.connection import Connection
from pynamodb.exceptions import PutError

from chalicelib.adapters.dynamodb.catalogue_tables import SHELF, ShelfItem
from chalicelib.adapters.dynamodb.times import stamp, stamped
from chalicelib.adapters.dynamodb.video_items import META
from chalicelib.catalogue.model import Category, CategoryId, CategoryNotFound, CategoryTaken
from chalicelib.catalogue.ports import REMOVALS_ARE_TOLD_FOR
from chalicelib.clock import Clock

_REFUSED = "ConditionalCheckFailedException"


@dataclass(frozen=True, slots=True)
class DynamoCategoryStore:
    connection: Connection
    clock: Clock

    def add(self, category: Category) -> None:
        item = ShelfItem(
            category_key(category.slug),
            META,
            id=category.id,
            shelf=SHELF,
            changed_at=stamp(self.clock.now()),
            name=category.name,
            slug=category.slug,
        )
        try:
            item.save(ShelfItem.pk.does_not_exist() | ShelfItem.removed.exists())
        except PutError as error:
            if error.cause_response_code != _REFUSED:
                raise
            raise CategoryTaken("There is a category of this name already.") from None

    def remove(self, category: Category) -> None:
        now = self.clock.now()
        tombstone = ShelfItem(
            category_key(category.slug),
            META,
            id=category.id,
            shelf=SHELF,
            changed_at=stamp(now),
            removed=True,
            expires_at=now + REMOVALS_ARE_TOLD_FOR,
        )
        try:
            tombstone.save(ShelfItem.pk.exists() & ShelfItem.removed.does_not_exist())
        except PutError as error:
            if error.cause_response_code != _REFUSED:
                raise
            raise CategoryNotFound("There is no such category.") from None


def category_key(slug: str) -> str:
    return f"CATEGORY#{slug}"


def to_category(item: ShelfItem) -> Category:
    return Category(
        id=CategoryId(int(item.id)),
        name=item.name,
        slug=item.slug,
        changed_at=stamped(item.changed_at),
    )
