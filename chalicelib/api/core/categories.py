"""Endpoints for the categories of the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody, text
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.reply import Detail, Prerendered
from chalicelib.api.request import Call, whole_number
from chalicelib.catalogue.model import LONGEST_NAME, Category, CategoryId, CategoryNotFound
from chalicelib.identifiers import LARGEST_ID
from chalicelib.wiring import catalogue

api = Api(OFFICIAL, Blueprint(__name__))

_KEY = "categories"


@dataclass(frozen=True, slots=True)
class CategoryName:
    name: str = text(longest=LONGEST_NAME)


class ListedCategory(TypedDict):
    """A category; its name is HTML, as all text of the catalogue."""

    id: int
    name: str
    slug: str


@api.get("/categories", access=Access.SIGNED_IN)
def list_categories(call: Call[NoBody]) -> Prerendered[Sequence[ListedCategory]]:  # noqa: ARG001
    """List all categories by name."""
    snapshot = catalogue.catalogue_cache().snapshot()
    rendered: Prerendered[Sequence[ListedCategory]] | None = snapshot.renderings.get(_KEY)
    if rendered is None:
        rendered = Prerendered.of([_listed(each) for each in snapshot.categories])
        snapshot.renderings[_KEY] = rendered
    return rendered


@api.post("/categories", CategoryName, access=Access.ADMIN, success=201)
def add_category(call: Call[CategoryName]) -> ListedCategory:
    """Add a category without videos."""
    return _listed(catalogue.curation().add_category(call.body.name))


@api.patch("/categories/{category_id}", CategoryName, access=Access.ADMIN)
def rename_category(call: Call[CategoryName], category_id: str) -> ListedCategory:
    """Rename a category; its videos, its id and its slug stay."""
    return _listed(catalogue.curation().rename_category(_id(category_id), call.body.name))


@api.delete("/categories/{category_id}", NoBody, access=Access.ADMIN)
def remove_category(call: Call[NoBody], category_id: str) -> Detail:  # noqa: ARG001 - as every view
    """Delete a category; its videos keep its name."""
    catalogue.curation().remove_category(_id(category_id))
    return {"detail": "The category has been deleted."}


def _id(text: str) -> CategoryId:
    number = whole_number(text, largest=LARGEST_ID)
    if number is None:
        raise CategoryNotFound
    return CategoryId(number)


def _listed(category: Category) -> ListedCategory:
    return {"id": category.id, "name": escape(category.name), "slug": category.slug}
