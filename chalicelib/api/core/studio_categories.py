"""Endpoints for the categories of a studio: all of them with versions and numbers, and one."""

from collections.abc import Mapping, Sequence

from chalice.app import Blueprint

from chalicelib.api.body import NoBody
from chalicelib.api.core.categories import WrittenCategory, to_category_id, written_category
from chalicelib.api.core.text_form import TEXT_FORM
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.preconditions import tagged
from chalicelib.api.reply import Prerendered
from chalicelib.api.request import Call
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import Category
from chalicelib.wiring import catalogue

api = Api(OFFICIAL, Blueprint(__name__))

_EVERY_VIDEO = Selection(Audience.ADMINISTRATORS)


class StudioCategory(WrittenCategory):
    """A category with its version for `If-Match`, and the number of all its videos."""

    videos: int


@api.get("/studio/categories", access=Access.ADMIN, query=TEXT_FORM)
def list_studio_categories(call: Call[NoBody]) -> Prerendered[Sequence[StudioCategory]]:
    """List all categories as arranged, then by name, with numbers of videos, drafts as well."""
    snapshot = catalogue.catalogue_cache().snapshot()
    numbers = snapshot.counts(_EVERY_VIDEO)
    categories = snapshot.names.in_order(call.visitor.language)
    return Prerendered.of([_shape(call, each, numbers) for each in categories])


@api.get("/studio/category/{category_id}", access=Access.ADMIN, query=TEXT_FORM)
def show_studio_category(call: Call[NoBody], category_id: str) -> Prerendered[StudioCategory]:
    """Show one category as it is stored; its `ETag` is for `If-Match`."""
    category = catalogue.categories().get(to_category_id(category_id))
    numbers = catalogue.catalogue_cache().snapshot().counts(_EVERY_VIDEO)
    shape = _shape(call, category, numbers)
    return tagged(Prerendered.of(shape), shape["version"])


def _shape(call: Call[NoBody], category: Category, numbers: Mapping[str, int]) -> StudioCategory:
    return {
        **written_category(category, call.visitor.language, is_plain=call.text_is_plain),
        "videos": numbers.get(category.slug, 0),
    }
