"""Endpoints for administrators: merge categories, and arrange them."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalice.app import Blueprint

from chalicelib.api.body import whole, wholes
from chalicelib.api.core.categories import ListedCategory, listed_category, to_category_id
from chalicelib.api.core.text_form import TEXT_FORM
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.request import Call
from chalicelib.catalogue.category_arrangement import MOST_ARRANGED
from chalicelib.catalogue.model import CategoryId
from chalicelib.clock import LARGEST_ID
from chalicelib.wiring import catalogue

api = Api(OFFICIAL, Blueprint(__name__))


@dataclass(frozen=True, slots=True)
class CategoryMerge:
    # The id of the category that stays.
    into: int = whole(largest=LARGEST_ID)


@dataclass(frozen=True, slots=True)
class CategoryOrder:
    ids: list[int] = wholes(largest=LARGEST_ID, most=MOST_ARRANGED)


@api.post(
    "/studio/category/{category_id}/merge", CategoryMerge, access=Access.ADMIN, query=TEXT_FORM
)
def merge_category(call: Call[CategoryMerge], category_id: str) -> ListedCategory:
    """Merge a category into another one, which gets all its videos at once; it is gone then.

    Its names and its slug lead to the other one from now on. Doing so again changes nothing.
    """
    is_plain = call.text_is_plain
    merged, into = to_category_id(category_id), CategoryId(call.body.into)
    category = catalogue.category_arrangement().merge(merged, into)
    return listed_category(category, call.visitor.language, is_plain=is_plain)


@api.put("/studio/categories/order", CategoryOrder, access=Access.ADMIN, query=TEXT_FORM)
def arrange_categories(call: Call[CategoryOrder]) -> Sequence[ListedCategory]:
    """Put these categories first, in this order, in all lists and rows; return all of them.

    The others follow in the order that they have; those that were never arranged are last, by name.
    """
    is_plain = call.text_is_plain
    ids = [CategoryId(each) for each in call.body.ids]
    catalogue.category_arrangement().arrange(ids)
    language, names = call.visitor.language, catalogue.catalogue_cache().snapshot().names
    return [listed_category(each, language, is_plain=is_plain) for each in names.in_order(language)]
