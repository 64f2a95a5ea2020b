"""Progress as clients of the fourth backend report and read it, without events."""

from typing import TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody
from chalicelib.api.core.progress import (
    Position,
    PositionReport,
    position_if_any,
    reported,
    time_of_report,
)
from chalicelib.api.dialect import DJOSER
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.operation import Query
from chalicelib.api.request import Call

api = Api(DJOSER, Blueprint(__name__))


class StoredPosition(TypedDict):
    id: int
    video: int
    position: float
    duration: float
    updated: str


@api.post("/progress", PositionReport, access=Access.SIGNED_IN, success=201)
def report_progress(call: Call[PositionReport]) -> StoredPosition:
    """Report the position in a video; zeros mean that it was watched to its end."""
    report = call.body.report
    reported(call, call.body.video, report)
    return {
        "id": call.body.video,
        "video": call.body.video,
        "position": report.position,
        "duration": report.duration,
        "updated": time_of_report(),
    }


@api.get(
    "/progress/get_progress",
    access=Access.SIGNED_IN,
    query={"video": Query("The id of the video.")},
)
def get_progress(call: Call[NoBody]) -> Position:
    """Return position and duration of one video in seconds; zeros if nothing was reported."""
    return position_if_any(call)
