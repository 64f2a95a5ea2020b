"""Endpoints for the studio of administrators: the table of all videos, and one of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, TypedDict

from chalice.app import Blueprint

from chalicelib.api.answer_size import bytes_in_answer, fitting
from chalicelib.api.body import NoBody
from chalicelib.api.core.list_position import LIMIT, limit_in, sort_position_in, spelled_sorting
from chalicelib.api.core.studio_filters import FILTERS, selection_of
from chalicelib.api.core.text_form import TEXT_FORM
from chalicelib.api.core.video_lookup import to_video_id
from chalicelib.api.core.video_shapes import ListedVideo, Style
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.operation import Query
from chalicelib.api.preconditions import tagged
from chalicelib.api.reply import Prerendered
from chalicelib.api.request import Call
from chalicelib.catalogue.listing import Entry
from chalicelib.catalogue.studio import NEWEST_FIRST, Order, Sorting, VideoState, Visibility
from chalicelib.wiring import catalogue, stage

api = Api(OFFICIAL, Blueprint(__name__))

_DESCENDING = "-"
_ORDERS: Mapping[str, Sorting] = {
    "": NEWEST_FIRST,
    **{order.value: Sorting(order, is_ascending=True) for order in Order},
    **{f"{_DESCENDING}{order}": Sorting(order) for order in Order},
}
_OF_PAGE: Mapping[str, Query] = {
    "order": Query(
        "By what the videos are sorted; with a minus sign, descending. The newest come first by "
        "default. Without `publish_at`, a video counts as earlier than all that have one, and "
        "without `rights_until` as later; without media, its `duration` counts as 0, and a `size` "
        "that is null is less than any other.",
        options=[*filter(None, _ORDERS)],
    ),
    "after": Query("The `next` of an earlier page in the same order."),
    **LIMIT,
    **TEXT_FORM,
}


class StudioVideo(ListedVideo):
    """A video as the studio shows it: also who sees it, and how far its newest encode is."""

    changed_at: str
    # The reason of a failure is in `failure`.
    state: Annotated[str, VideoState]
    # Viewers see a live video once it is complete.
    visibility: Annotated[str, Visibility]
    # The complete media that viewers get, and the newest encode.
    revision: int | None
    newest_revision: int | None
    # Bytes of the newest source; null without one, or if it is older than this fact.
    size: int | None
    # Since when it is in the trash, and after when it is deleted for good.
    trashed_at: str | None
    purge_at: str | None


class StudioPage(TypedDict):
    """Videos of a studio; `count` is null if counting takes long, `next` the following `after`."""

    count: int | None
    next: str | None
    results: Sequence[StudioVideo]


@api.get("/studio/videos", access=Access.ADMIN, query={**FILTERS, **_OF_PAGE})
def list_studio_videos(call: Call[NoBody]) -> Prerendered[StudioPage]:
    """List all videos, drafts and failed ones as well, by filters that are all to apply.

    An unknown filter, order or position is refused with its name, and so is a search
    that would read too many videos.
    """
    style, limit = style_of_studio(call), limit_in(call)
    sorting = call.query_option("order", _ORDERS)
    sent = {**(call.request.query_params or {})}
    selection = selection_of({name: sent[name] for name in sent if name not in _OF_PAGE})
    selection = selection.sorted_by(sorting, after=sort_position_in(call, sorting))
    snapshot = catalogue.catalogue_cache().snapshot()
    page = snapshot.page(selection, skip=0, most=limit + 1)
    shapes = [studio_shape(style, entry, snapshot.at) for entry in page[:limit]]
    listed, goes_on = fitting_shapes(shapes, has_more=len(page) > limit)
    position = page[len(listed) - 1].position_by(sorting.order) if goes_on else None
    return Prerendered.of(
        {
            "count": snapshot.count_in_time(selection.sorted_by(sorting)),
            "next": spelled_sorting(sorting, position) if position else None,
            "results": listed,
        }
    )


@api.get("/studio/video/{video_id}", access=Access.ADMIN, query=TEXT_FORM)
def show_studio_video(call: Call[NoBody], video_id: str) -> Prerendered[StudioVideo]:
    """Show one video as it is stored; its `ETag` is for `If-Match`."""
    style = style_of_studio(call)
    video = catalogue.curation().get(to_video_id(video_id))
    entry = catalogue.catalogue_cache().snapshot().entry_of(video)
    shape = studio_shape(style, entry, stage.clock().now())
    return tagged(Prerendered.of(shape), shape["version"])


def studio_shape(style: Style, entry: Entry, at: datetime) -> StudioVideo:
    video, kept_for = entry.video, catalogue.trash().kept_for
    trashed_at = video.trashed_at
    return {
        **style.shape(entry),
        "changed_at": video.changed_at.isoformat(),
        "state": VideoState.of(video),
        "visibility": Visibility.of(video, at),
        "revision": video.media.revision if video.media else None,
        "newest_revision": video.encode.revision or None,
        "size": video.encode.source_size,
        "trashed_at": trashed_at.isoformat() if trashed_at else None,
        "purge_at": (trashed_at + kept_for).isoformat() if trashed_at else None,
    }


def fitting_shapes(
    shapes: Iterable[StudioVideo], *, has_more: bool
) -> tuple[Sequence[StudioVideo], bool]:
    """Return the first shapes that fit into an answer, and whether a list goes on behind them."""
    listed, is_cut = fitting(shapes, lambda shape: bytes_in_answer(json.dumps(shape)))
    return listed, bool(listed) and (is_cut or has_more)


def style_of_studio(call: Call[Any]) -> Style:
    return Style.for_administrators(call.visitor.language, is_plain=call.text_is_plain)
