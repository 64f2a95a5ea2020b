"""Endpoints for the categories of the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody, per, text
from chalicelib.api.core.chosen_profile import age_limit_in
from chalicelib.api.core.list_position import LIMIT, limit_in, rank_in, spelled_rank
from chalicelib.api.core.text_form import TEXT_FORM, said
from chalicelib.api.core.videos import STYLE, style_of
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.operation import Query
from chalicelib.api.preconditions import known_versions
from chalicelib.api.reply import Detail, Prerendered
from chalicelib.api.request import Call, whole_number
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import LONGEST_NAME, Category, CategoryId, CategoryNotFound
from chalicelib.catalogue.ranking import RankPosition, start_after
from chalicelib.catalogue.snapshot import Snapshot
from chalicelib.catalogue.versions import version_of_category
from chalicelib.clock import LARGEST_ID
from chalicelib.language import Language
from chalicelib.wiring import catalogue

api = Api(OFFICIAL, Blueprint(__name__))

_KEY = "categories"
_ORDERS = {"": "", "name": "name", "count": "count"}


@dataclass(frozen=True, slots=True)
class CategoryName:
    name: str = text(longest=LONGEST_NAME)


@dataclass(frozen=True, slots=True)
class CategoryChanges:
    name: str | None = text(longest=LONGEST_NAME, required=False)
    translations: dict[Language, CategoryName] | None = per(Language, CategoryName)


class ListedCategory(TypedDict):
    """A category; its name is that of the caller's language, HTML or plain as all text."""

    id: int
    name: str
    slug: str


class NameShape(TypedDict):
    name: str


class WrittenNames(TypedDict):
    """The names as an administrator wrote them, by language, not as HTML."""

    name: str
    translations: dict[str, NameShape]


class WrittenCategory(ListedCategory):
    """A category with its names in all languages, and its version for `If-Match`."""

    written: WrittenNames
    version: str


class CountedCategory(ListedCategory):
    """A category, and the number of videos in it that the caller may see."""

    videos: int


class CategoryPage(TypedDict):
    results: Sequence[CountedCategory]
    next: str | None


@api.get(
    "/categories",
    access=Access.SIGNED_IN,
    query={
        "counts": Query(
            "`true`: a page of categories with numbers of videos, instead of an array of all.",
            options=["true"],
        ),
        "order": Query(
            "With `counts`: by name, or the ones with most videos first; by default, as "
            "administrators arranged them.",
            options=[*filter(None, _ORDERS)],
        ),
        "after": Query("With `counts`: the `next` of an earlier page."),
        **LIMIT,
        **STYLE,
    },
)
def list_categories(
    call: Call[NoBody],
) -> Prerendered[Sequence[ListedCategory] | CategoryPage]:
    """List all categories; with `counts`, a page of them with numbers of videos.

    They are listed as administrators arranged them, and those that they did not by name, at the
    end.
    """
    is_plain, language = call.text_is_plain, call.visitor.language
    snapshot = catalogue.catalogue_cache().snapshot()
    if call.query_option("counts", {"": False, "true": True}):
        return Prerendered.of(_counted(call, snapshot))
    key = _KEY, language, is_plain
    rendered: Prerendered[Any] | None = snapshot.renderings.get(key)
    if rendered is None:
        rendered = Prerendered.of(
            [
                listed_category(each, language, is_plain=is_plain)
                for each in snapshot.names.in_order(language)
            ]
        )
        snapshot.renderings[key] = rendered
    return rendered


def _counted(call: Call[NoBody], snapshot: Snapshot) -> CategoryPage:
    style, limit = style_of(call), limit_in(call)
    order = call.query_option("order", _ORDERS)
    after = rank_in(call, most=LARGEST_ID, otherwise="Take this from `next` of a list.")
    numbers = snapshot.counts(Selection(style.audience, age_limit_in(snapshot, call)))
    names = snapshot.names
    categories = (names.by_name if order == "name" else names.in_order)(style.language)
    if order == "count":
        categories = sorted(categories, key=lambda each: -numbers.get(each.slug, 0))
    start = start_after([each.id for each in categories], after)
    listed = categories[start : start + limit]
    goes_on = listed and start + limit < len(categories)
    position = RankPosition(start + limit, listed[-1].id) if goes_on else None
    return {
        "results": [
            {
                **listed_category(each, style.language, is_plain=style.is_plain),
                "videos": numbers.get(each.slug, 0),
            }
            for each in listed
        ],
        "next": spelled_rank(position) if position else None,
    }


@api.post("/categories", CategoryName, access=Access.ADMIN, success=201, query=TEXT_FORM)
def add_category(call: Call[CategoryName]) -> WrittenCategory:
    """Add a category without videos."""
    is_plain = call.text_is_plain
    added = catalogue.categories().add(call.body.name)
    return written_category(added, call.visitor.language, is_plain=is_plain)


@api.patch(
    "/categories/{category_id}",
    CategoryChanges,
    access=Access.ADMIN,
    query=TEXT_FORM,
)
def rename_category(call: Call[CategoryChanges], category_id: str) -> WrittenCategory:
    """Rename a category; its videos, its id and its slug stay.

    `translations`, if they are sent, replace its names in other languages than that of `name`.
    """
    is_plain, translations = call.text_is_plain, call.body.translations
    renamed = catalogue.categories().rename(
        to_category_id(category_id),
        call.body.name,
        translations=None
        if translations is None
        else {language: each.name for language, each in translations.items()},
        known=known_versions(call),
    )
    return written_category(renamed, call.visitor.language, is_plain=is_plain)


@api.delete("/categories/{category_id}", NoBody, access=Access.ADMIN)
def remove_category(call: Call[NoBody], category_id: str) -> Detail:
    """Delete a category; its videos keep its name."""
    catalogue.categories().remove(to_category_id(category_id), known=known_versions(call))
    return {"detail": "The category has been deleted."}


def listed_category(category: Category, language: Language, *, is_plain: bool) -> ListedCategory:
    name = said(category.name_in(language), is_plain=is_plain)
    return {"id": category.id, "name": name, "slug": category.slug}


def written_category(category: Category, language: Language, *, is_plain: bool) -> WrittenCategory:
    return {
        **listed_category(category, language, is_plain=is_plain),
        "written": {
            "name": category.name,
            "translations": {
                each.value: {"name": name} for each, name in category.translations.items()
            },
        },
        "version": version_of_category(category),
    }


def to_category_id(text: str) -> CategoryId:
    number = whole_number(text, largest=LARGEST_ID)
    if number is None:
        raise CategoryNotFound
    return CategoryId(number)
