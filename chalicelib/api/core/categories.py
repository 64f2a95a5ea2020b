"""Endpoints for the categories of the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody, text
from chalicelib.api.core.text_form import TEXT_FORM, said
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.reply import Detail, Prerendered
from chalicelib.api.request import Call, whole_number
from chalicelib.catalogue.model import LONGEST_NAME, Category, CategoryId, CategoryNotFound
from chalicelib.clock import LARGEST_ID
from chalicelib.wiring import catalogue

api = Api(OFFICIAL, Blueprint(__name__))

_KEY = "categories"


@dataclass(frozen=True, slots=True)
class CategoryName:
    name: str = text(longest=LONGEST_NAME)


class ListedCategory(TypedDict):
    """A category; its name is HTML or plain, as all text of the catalogue."""

    id: int
    name: str
    slug: str


@api.get("/categories", access=Access.SIGNED_IN, query=TEXT_FORM)
def list_categories(call: Call[NoBody]) -> Prerendered[Sequence[ListedCategory]]:
    """List all categories by name."""
    is_plain = call.text_is_plain
    key = _KEY, is_plain
    snapshot = catalogue.catalogue_cache().snapshot()
    rendered: Prerendered[Sequence[ListedCategory]] | None = snapshot.renderings.get(key)
    if rendered is None:
        rendered = Prerendered.of(
            [listed_category(each, is_plain=is_plain) for each in snapshot.categories]
        )
        snapshot.renderings[key] = rendered
    return rendered


@api.post("/categories", CategoryName, access=Access.ADMIN, success=201, query=TEXT_FORM)
def add_category(call: Call[CategoryName]) -> ListedCategory:
    """Add a category without videos."""
    is_plain = call.text_is_plain
    return listed_category(catalogue.categories().add(call.body.name), is_plain=is_plain)


@api.patch("/categories/{category_id}", CategoryName, access=Access.ADMIN, query=TEXT_FORM)
def rename_category(call: Call[CategoryName], category_id: str) -> ListedCategory:
    """Rename a category; its videos, its id and its slug stay."""
    is_plain = call.text_is_plain
    renamed = catalogue.categories().rename(_id(category_id), call.body.name)
    return listed_category(renamed, is_plain=is_plain)


@api.delete("/categories/{category_id}", NoBody, access=Access.ADMIN)
def remove_category(call: Call[NoBody], category_id: str) -> Detail:  # noqa: ARG001 - as every view
    """Delete a category; its videos keep its name."""
    catalogue.categories().remove(_id(category_id))
    return {"detail": "The category has been deleted."}


def listed_category(category: Category, *, is_plain: bool) -> ListedCategory:
    name = said(category.name, is_plain=is_plain)
    return {"id": category.id, "name": name, "slug": category.slug}


def _id(text: str) -> CategoryId:
    number = whole_number(text, largest=LARGEST_ID)
    if number is None:
        raise CategoryNotFound
    return CategoryId(number)
