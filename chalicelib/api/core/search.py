"""Endpoint for the search for videos, the best hits first."""

from collections.abc import Sequence
from typing import Any, TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody
from chalicelib.api.core.chosen_profile import age_limit_in
from chalicelib.api.core.list_position import LIMIT, limit_in
from chalicelib.api.core.video_shapes import ListedVideo
from chalicelib.api.core.videos import STYLE, style_of
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.operation import Query
from chalicelib.api.reply import Prerendered
from chalicelib.api.request import Call, whole_number
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import VideoId
from chalicelib.catalogue.search import LONGEST_QUERY, MOST_HITS, MOST_WORDS, SearchPosition
from chalicelib.clock import LARGEST_ID
from chalicelib.errors import InvalidInput
from chalicelib.wiring import catalogue

api = Api(OFFICIAL, Blueprint(__name__))


class SearchResults(TypedDict):
    """Videos, the best first; `next` is the `after` of the following ones, if there are any."""

    results: Sequence[ListedVideo]
    next: str | None


@api.get(
    "/search",
    access=Access.SIGNED_IN,
    query={
        "q": Query(
            f"Words in any language, at most {MOST_WORDS} in {LONGEST_QUERY} characters; the last "
            "one may be the beginning of a word. Without a word there are no results."
        ),
        "after": Query(f"The `next` of earlier results; at most {MOST_HITS} can be listed."),
        **LIMIT,
        **STYLE,
    },
)
def search(call: Call[NoBody]) -> Prerendered[SearchResults]:
    """Search titles, people, categories, genres and descriptions for all of the words.

    Titles come before people, categories and descriptions, whole words before beginnings, and of
    equal videos the newest is first. Accents and umlauts may be missing or spelled out. Where no
    video has the words, those with similar ones are listed.
    """
    style = style_of(call)
    snapshot = catalogue.catalogue_cache().snapshot()
    selection = Selection(style.audience, age_limit_in(snapshot, call), search=call.query_text("q"))
    page = snapshot.search(selection, limit=limit_in(call), after=_position_in(call))
    entries, is_cut = style.fitting(page.entries)
    goes_on = entries and (is_cut or page.has_more)
    rest = _spelled(page.position_after(len(entries))) if goes_on else None
    return style.page(entries, {"next": rest})


def _position_in(call: Call[Any]) -> SearchPosition | None:
    """Parse a position as `_spelled` writes it."""
    text = call.query_text("after")
    if not text:
        return None
    hits, _, video_id = text.partition("-")
    read = whole_number(hits, largest=MOST_HITS)
    number = whole_number(video_id, largest=LARGEST_ID)
    if read is None or number is None:
        raise InvalidInput(fields={"after": ["Take this from `next` of a search."]})
    return SearchPosition(read, VideoId(number))


def _spelled(position: SearchPosition) -> str:
    return f"{position.hits}-{position.video_id}"
