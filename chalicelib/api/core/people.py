"""Endpoint for the people of the catalogue."""

from collections.abc import Sequence
from typing import TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody
from chalicelib.api.core.chosen_profile import age_limit_in
from chalicelib.api.core.list_position import LIMIT, limit_in
from chalicelib.api.core.text_form import said
from chalicelib.api.core.videos import STYLE, style_of
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.operation import Query
from chalicelib.api.reply import Prerendered
from chalicelib.api.request import Call
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import slug_of
from chalicelib.catalogue.search import LONGEST_QUERY, MOST_WORDS, searchable_words
from chalicelib.errors import InvalidInput
from chalicelib.wiring import catalogue

api = Api(OFFICIAL, Blueprint(__name__))


class ListedPerson(TypedDict):
    """A person in videos that the caller may see, and the number of these."""

    name: str
    slug: str
    videos: int


class PeoplePage(TypedDict):
    """People by name; `next` is the `after` of the following ones, if there are any."""

    results: Sequence[ListedPerson]
    next: str | None


@api.get(
    "/people",
    access=Access.SIGNED_IN,
    query={
        "q": Query(
            "Only people with all of these words, or words that begin so, in their names; at most "
            f"{MOST_WORDS} in {LONGEST_QUERY} characters. Accents may be missing."
        ),
        "after": Query("The `next` of an earlier page."),
        **LIMIT,
        **STYLE,
    },
)
def list_people(call: Call[NoBody]) -> Prerendered[PeoplePage]:
    """List who is named by videos, by name; several spellings of a name are one person."""
    style, limit, after = style_of(call), limit_in(call), call.query_text("after")
    if after != slug_of(after):
        raise InvalidInput(fields={"after": ["Take this from `next` of a list."]})
    words = searchable_words(call.query_text("q"))
    snapshot = catalogue.catalogue_cache().snapshot()
    selection = Selection(style.audience, age_limit_in(snapshot, call))
    people = snapshot.people(selection, words, limit=limit + 1, after=after)
    return Prerendered.of(
        {
            "results": [
                {
                    "name": said(each.name, is_plain=style.is_plain),
                    "slug": each.slug,
                    "videos": each.videos,
                }
                for each in people[:limit]
            ],
            "next": people[limit - 1].slug if len(people) > limit else None,
        }
    )
