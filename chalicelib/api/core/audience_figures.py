"""Endpoint for administrators: how many seconds of a video were watched."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody
from chalicelib.api.core.video_lookup import to_video_id
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.operation import Query
from chalicelib.api.request import Call
from chalicelib.errors import InvalidInput
from chalicelib.viewing.audience_figures import MOST_DAYS, USUAL_DAYS
from chalicelib.viewing.model import Codec
from chalicelib.wiring import viewing

api = Api(OFFICIAL, Blueprint(__name__))

_DAY = len("2026-01-02")


class WatchedOnDay(TypedDict):
    day: str
    codec: Annotated[str, Codec]
    seconds: float


class WatchedSeconds(TypedDict):
    """Days and codecs without watched seconds are left out."""

    video: int
    since: str
    until: str
    results: Sequence[WatchedOnDay]


@api.get(
    "/video/{video_id}/watched",
    access=Access.ADMIN,
    query={
        "since": Query(f"The first day, as 2026-01-02; {USUAL_DAYS} days before the last one."),
        "until": Query(f"The last day, at most {MOST_DAYS} days later; today if none is named."),
    },
)
def show_watched(call: Call[NoBody], video_id: str) -> WatchedSeconds:
    """Show the seconds really watched by day (UTC) and codec, also of a deleted video.

    A day is complete some hours after its end, when clean-up has added what viewers reported.
    """
    number = to_video_id(video_id)
    days = viewing.audience_figures().of(
        number, since=_day(call, "since"), until=_day(call, "until")
    )
    return {
        "video": number,
        "since": days.since.isoformat(),
        "until": days.until.isoformat(),
        "results": [
            {"day": each.day.isoformat(), "codec": each.codec, "seconds": each.seconds}
            for each in days.entries
        ],
    }


def _day(call: Call[Any], name: str) -> date | None:
    text = call.query_text(name)
    if not text:
        return None
    try:
        if len(text) == _DAY:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InvalidInput(fields={name: ["Send a day, such as 2026-01-02."]})
