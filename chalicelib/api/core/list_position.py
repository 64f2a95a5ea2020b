"""Where a list goes on: the parameter `after` of a request, and the header `Link` of an answer."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalicelib.api.operation import Query
from chalicelib.api.request import Call, whole_number
from chalicelib.catalogue.listing import Entry, ListPosition
from chalicelib.catalogue.model import VideoId
from chalicelib.clock import EPOCH, LARGEST_ID
from chalicelib.errors import InvalidInput

AFTER: Mapping[str, Query] = {
    "after": Query(
        "Continue a list after this position; the header `Link` of an answer holds the value.",
        is_from_link=True,
    )
}


def position_in(call: Call[Any]) -> ListPosition | None:
    """Parse the parameter as `position_of` writes it."""
    text = call.query_text("after")
    if not text:
        return None
    microseconds, _, video_id = text.partition("-")
    at = whole_number(microseconds, largest=LARGEST_ID)
    number = whole_number(video_id, largest=LARGEST_ID)
    if at is None or number is None:
        raise InvalidInput(fields={"after": ["Take this from the header Link of a list."]})
    return ListPosition(EPOCH + timedelta(microseconds=at), VideoId(number))


def position_of(entry: Entry) -> str:
    position = entry.position
    return f"{(position.created_at - EPOCH) // timedelta(microseconds=1)}-{position.video_id}"


def link_to(next_url: str) -> Mapping[str, str]:
    """Return the header that names the URL of the rest of a list; none if the URL is empty."""
    return {"Link": f'<{next_url}>; rel="next"'} if next_url else {}
