"""Progress as clients of djoser report and read it, with or without events."""

from collections.abc import Sequence
from typing import TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody
from chalicelib.api.core.chosen_profile import PROFILE
from chalicelib.api.core.progress import (
    VIDEO,
    Position,
    PositionReport,
    position_if_any,
    position_or_all,
    reported,
)
from chalicelib.api.dialect import DJOSER
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.request import Call
from chalicelib.viewing.progress import Progress

api = Api(DJOSER, Blueprint(__name__))


class StoredPosition(TypedDict):
    id: int
    video: int
    position: float
    duration: float
    updated: str


class ReportedPosition(StoredPosition):
    """A thinned report was not stored: the next one repeats its `watched_seconds`."""

    thinned: bool


@api.post("/progress", PositionReport, access=Access.SIGNED_IN, success=201, query=PROFILE)
def report_progress(call: Call[PositionReport]) -> ReportedPosition:
    """Report the position in a video; zeros mean that it was watched to its end.

    A report without `event` may be the last one, so it is always stored. Reports whose `event` is
    `regular` are thinned to one in 15 seconds.
    """
    outcome = reported(call, call.body.video, call.body.report)
    return {
        "id": call.body.video,
        "video": call.body.video,
        "position": outcome.position,
        "duration": outcome.duration,
        "updated": outcome.at.isoformat(),
        "thinned": outcome.is_thinned,
    }


@api.get("/progress", access=Access.SIGNED_IN, query={**VIDEO, **PROFILE})
def list_progress(call: Call[NoBody]) -> Position | Sequence[StoredPosition]:
    """List the positions of the last videos watched, or return that of the named video."""
    return position_or_all(call, _shape)


@api.get("/progress/get_progress", access=Access.SIGNED_IN, query={**VIDEO, **PROFILE})
def get_progress(call: Call[NoBody]) -> Position:
    """Return position and duration of one video in seconds; zeros if nothing was reported."""
    return position_if_any(call)


def _shape(progress: Progress) -> StoredPosition:
    return {
        "id": progress.video_id,
        "video": progress.video_id,
        "position": progress.position,
        "duration": progress.duration,
        "updated": progress.at.isoformat(),
    }
