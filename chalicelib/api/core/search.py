"""Endpoint for the search for videos, the best hits first."""

from chalice.app import Blueprint

from chalicelib.api.body import NoBody
from chalicelib.api.core.chosen_profile import age_limit_in
from chalicelib.api.core.list_position import LIMIT, limit_in, rank_in
from chalicelib.api.core.video_shapes import RankedVideos
from chalicelib.api.core.videos import STYLE, style_of
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.operation import Query
from chalicelib.api.reply import Prerendered
from chalicelib.api.request import Call
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.search import LONGEST_QUERY, MOST_HITS, MOST_WORDS
from chalicelib.wiring import catalogue

api = Api(OFFICIAL, Blueprint(__name__))


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
def search(call: Call[NoBody]) -> Prerendered[RankedVideos]:
    """Search titles, people, categories, genres and descriptions for all of the words.

    Titles come before people, categories and descriptions, whole words before beginnings, and of
    equal videos the newest is first. Accents and umlauts may be missing or spelled out. Where no
    video has the words, those with similar ones are listed.
    """
    style = style_of(call)
    snapshot = catalogue.catalogue_cache().snapshot()
    selection = Selection(style.audience, age_limit_in(snapshot, call), search=call.query_text("q"))
    after = rank_in(call, most=MOST_HITS, otherwise="Take this from `next` of a search.")
    page = snapshot.search(selection, limit=limit_in(call), after=after)
    return style.ranked(page)
