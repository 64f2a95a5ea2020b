"""Endpoints for administrators: put videos in the trash, list it, and restore videos from it."""

from collections.abc import Sequence
from typing import Any, TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody
from chalicelib.api.core.list_position import (
    LIMIT,
    limit_in,
    spelled_trash_position,
    trash_position_in,
)
from chalicelib.api.core.studio import (
    StudioVideo,
    fitting_shapes,
    studio_shape,
    style_of_studio,
)
from chalicelib.api.core.text_form import TEXT_FORM
from chalicelib.api.core.video_lookup import to_video_id
from chalicelib.api.core.video_shapes import Style
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.operation import Query
from chalicelib.api.reply import Prerendered
from chalicelib.api.request import Call
from chalicelib.catalogue.listing import Entry, TrashPosition
from chalicelib.catalogue.model import Video
from chalicelib.wiring import catalogue, stage

api = Api(OFFICIAL, Blueprint(__name__))


class TrashList(TypedDict):
    """The trash; `count` is of all of it, and `next` the `after` of the following videos."""

    count: int
    next: str | None
    results: Sequence[StudioVideo]


@api.get(
    "/studio/trash",
    access=Access.ADMIN,
    query={"after": Query("The `next` of an earlier page."), **LIMIT, **TEXT_FORM},
)
def list_trash(call: Call[NoBody]) -> Prerendered[TrashList]:
    """List the trash, the last ones put there first; `purge_at` is the end of their time there."""
    style, limit, after = style_of_studio(call), limit_in(call), trash_position_in(call)
    page = catalogue.trash().page(limit=limit, after=after)
    shapes = [studio_shape(style, entry, stage.clock().now()) for entry in page.entries]
    listed, goes_on = fitting_shapes(shapes, has_more=page.has_more)
    return Prerendered.of(
        {
            "count": page.count,
            "next": _position(page.entries[len(listed) - 1]) if goes_on else None,
            "results": listed,
        }
    )


@api.post("/studio/video/{video_id}/trash", NoBody, access=Access.ADMIN, query=TEXT_FORM)
def put_in_trash(call: Call[NoBody], video_id: str) -> StudioVideo:
    """Put a video in the trash: from now on it is in no list, and not played.

    It keeps everything, also for viewers, until it is restored, or deleted for good. Uploads and
    encodes under way go on. Doing so again changes nothing.
    """
    style = style_of_studio(call)
    return _shape(style, catalogue.trash().put(to_video_id(video_id)))


@api.post("/studio/video/{video_id}/restore", NoBody, access=Access.ADMIN, query=TEXT_FORM)
def restore(call: Call[NoBody], video_id: str) -> StudioVideo:
    """Make a video from the trash what it was before; one that is not there stays as it is."""
    style = style_of_studio(call)
    return _shape(style, catalogue.trash().restore(to_video_id(video_id)))


def _shape(style: Style, video: Video) -> StudioVideo:
    snapshot = catalogue.catalogue_cache().snapshot()
    return studio_shape(style, snapshot.entry_of(video), snapshot.at)


def _position(entry: Entry) -> str:
    since: Any = entry.video.trashed_at
    return spelled_trash_position(TrashPosition(since, entry.video.id))
