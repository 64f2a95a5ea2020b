"""Endpoint for videos like another one, the most similar first."""

from collections.abc import Sequence
from typing import Annotated

from chalice.app import Blueprint

from chalicelib.api.body import NoBody
from chalicelib.api.core.chosen_profile import age_limit_in
from chalicelib.api.core.list_position import LIMIT, limit_in, rank_in
from chalicelib.api.core.video_lookup import to_video_id
from chalicelib.api.core.video_shapes import RankedVideos
from chalicelib.api.core.videos import STYLE, style_of
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.operation import Query
from chalicelib.api.reply import Prerendered
from chalicelib.api.request import Call
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.ranking import Likeness
from chalicelib.catalogue.snapshot import MOST_SIMILAR
from chalicelib.wiring import catalogue

api = Api(OFFICIAL, Blueprint(__name__))


class SimilarVideos(RankedVideos):
    """Videos like another one; `reasons` says of each result what they have in common."""

    reasons: Sequence[Annotated[str, Likeness]]


@api.get(
    "/video/{video_id}/similar",
    access=Access.SIGNED_IN,
    query={
        "after": Query(f"The `next` of an earlier page; at most {MOST_SIMILAR} are listed."),
        **LIMIT,
        **STYLE,
    },
)
def list_similar(call: Call[NoBody], video_id: str) -> Prerendered[SimilarVideos]:
    """List videos like this one, the most similar first; no trailers.

    They have people, tags, the genre, the category or words in common; what few videos have counts
    most. If nothing is like it, the newest ones are listed. `reasons` says why.
    """
    number, style = to_video_id(video_id), style_of(call)
    snapshot = catalogue.catalogue_cache().snapshot()
    age_limit = age_limit_in(snapshot, call)
    snapshot.find(number, style.audience, age_limit=age_limit)
    after = rank_in(call, most=MOST_SIMILAR, otherwise="Take this from `next` of a list.")
    selection = Selection(style.audience, age_limit, is_trailer=False)
    page = snapshot.similar(number, selection, limit=limit_in(call), after=after, or_newest=True)
    return style.ranked(page)
