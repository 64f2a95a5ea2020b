"""Where a list goes on: parameters of a request, and the header `Link` of an answer."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from chalicelib.api.operation import Query
from chalicelib.api.request import Call, whole_number
from chalicelib.catalogue.listing import Entry, ListPosition
from chalicelib.catalogue.model import VideoId
from chalicelib.clock import EPOCH, LARGEST_ID, MICROSECOND
from chalicelib.errors import InvalidInput

AFTER: Mapping[str, Query] = {
    "after": Query(
        "Continue a list after this position; the header `Link` of an answer holds the value.",
        is_from_link=True,
    )
}
_LARGEST_LIMIT = 100
_USUAL_LIMIT = 20
LIMIT: Mapping[str, Query] = {
    "limit": Query(
        f"Number of entries, at most {_LARGEST_LIMIT}; {_USUAL_LIMIT} by default.",
        largest=_LARGEST_LIMIT,
    )
}


def limit_in(call: Call[Any]) -> int:
    return call.query_number("limit", largest=_LARGEST_LIMIT) or _USUAL_LIMIT


def position_in(call: Call[Any]) -> ListPosition | None:
    """Parse the parameter as `position_of` writes it."""
    sent = parsed(call, "after", MICROSECOND, "Take this from the header Link of a list.")
    return ListPosition(*sent) if sent else None


def position_of(entry: Entry) -> str:
    return spelled(entry.position.created_at, entry.position.video_id, MICROSECOND)


def parsed(
    call: Call[Any], name: str, unit: timedelta, otherwise: str
) -> tuple[datetime, VideoId] | None:
    """Parse a parameter as `spelled` writes it; raise `InvalidInput` with a text `otherwise`."""
    text = call.query_text(name)
    if not text:
        return None
    since, _, video_id = text.partition("-")
    at = whole_number(since, largest=LARGEST_ID)
    number = whole_number(video_id, largest=LARGEST_ID)
    if at is not None and number is not None:
        with suppress(OverflowError):
            return EPOCH + at * unit, VideoId(number)
    raise InvalidInput(fields={name: [otherwise]})


def spelled(at: datetime, video_id: VideoId, unit: timedelta) -> str:
    return f"{(at - EPOCH) // unit}-{video_id}"


def link_to(next_url: str) -> Mapping[str, str]:
    """Return the header that names the URL of the rest of a list; none if the URL is empty."""
    return {"Link": f'<{next_url}>; rel="next"'} if next_url else {}
