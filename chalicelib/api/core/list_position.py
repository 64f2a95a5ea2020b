"""Where a list goes on: parameters of a request, and the header `Link` of an answer."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.operation import Query
from chalicelib.api.request import Call, whole_number
from chalicelib.catalogue.listing import Entry, ListPosition, TrashPosition
from chalicelib.catalogue.model import VideoId
from chalicelib.catalogue.ranking import RankPosition
from chalicelib.catalogue.studio import NO_END, Order, Sorting, SortPosition
from chalicelib.clock import EPOCH, LARGEST_ID, MICROSECOND, MILLISECOND
from chalicelib.errors import InvalidInput
from chalicelib.viewing.model import Cursor

AFTER: Mapping[str, Query] = {
    "after": Query(
        "Continue a list after this position; the header `Link` of an answer holds the value.",
        is_from_link=True,
    )
}
# Imported videos may be of any time, also before the first moment of computers.
_UNITS = re.compile(r"-?\d{1,18}", re.ASCII)
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
    sent = _parsed(call, "after", MICROSECOND, "Take this from the header Link of a list.")
    return ListPosition(*sent) if sent else None


def position_of(entry: Entry) -> str:
    return spelled_position(entry.position)


def spelled_position(position: ListPosition) -> str:
    return _spelled(position.created_at, position.video_id, MICROSECOND)


def trash_position_in(call: Call[Any]) -> TrashPosition | None:
    """Parse the parameter as `spelled_trash_position` writes it."""
    sent = _parsed(call, "after", MILLISECOND, "Take this from `next` of a list.")
    return TrashPosition(*sent) if sent else None


def spelled_trash_position(position: TrashPosition) -> str:
    return _spelled(position.trashed_at, position.video_id, MILLISECOND)


def cursor_in(call: Call[Any]) -> Cursor | None:
    """Parse the parameter as `spelled_cursor` writes it."""
    sent = _parsed(call, "before", MILLISECOND, "Take this from `next_before` of a page.")
    return Cursor(*sent) if sent else None


def spelled_cursor(cursor: Cursor) -> str:
    return _spelled(cursor.at, cursor.video_id, MILLISECOND)


def rank_in(call: Call[Any], *, most: int, otherwise: str) -> RankPosition | None:
    """Parse the parameter as `spelled_rank` writes it; raise `InvalidInput` with `otherwise`."""
    text = call.query_text("after")
    if not text:
        return None
    entries, _, last_id = text.partition("-")
    read, number = whole_number(entries, largest=most), whole_number(last_id, largest=LARGEST_ID)
    if read is None or number is None:
        raise InvalidInput(fields={"after": [otherwise]})
    return RankPosition(read, number)


def spelled_rank(position: RankPosition) -> str:
    return f"{position.entries}-{position.last_id}"


def sort_position_in(call: Call[Any], sorting: Sorting) -> SortPosition | None:
    """Parse the parameter as `spelled_sorting` writes it; raise `InvalidInput`."""
    text = call.query_text("after")
    if not text:
        return None
    with suppress(ValueError, RecursionError):
        match json.loads(urlsafe_b64decode(text.encode())):
            case [sorting.order.value, sorting.is_ascending, int() | str() as key, int(number)] if (
                isinstance(key, str) is (sorting.order is Order.TITLE)
                and abs(number) <= LARGEST_ID
                and (isinstance(key, str) or abs(key) <= NO_END)
            ):
                # Half of a surrogate pair raises an error, as it is no text of SQLite.
                str(key).encode()
                return SortPosition(key, VideoId(number))
    raise InvalidInput(fields={"after": ["Take this from `next` of a list in the same order."]})


def spelled_sorting(sorting: Sorting, position: SortPosition) -> str:
    values = [sorting.order, sorting.is_ascending, position.key, position.video_id]
    return urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode()


def _parsed(
    call: Call[Any], name: str, unit: timedelta, otherwise: str
) -> tuple[datetime, VideoId] | None:
    """Parse a parameter as `_spelled` writes it; raise `InvalidInput` with a text `otherwise`."""
    text = call.query_text(name)
    if not text:
        return None
    since, _, video_id = text.rpartition("-")
    number = whole_number(video_id, largest=LARGEST_ID)
    if _UNITS.fullmatch(since) and number is not None:
        with suppress(OverflowError):
            return EPOCH + int(since) * unit, VideoId(number)
    raise InvalidInput(fields={name: [otherwise]})


def _spelled(at: datetime, video_id: VideoId, unit: timedelta) -> str:
    return f"{(at - EPOCH) // unit}-{video_id}"


def kept(call: Call[Any], names: Iterable[str]) -> Mapping[str, str]:
    """Return the parameters of these names that the request has, for the URL of another page."""
    return {name: text for name in names if (text := call.query_text(name))}


def url_of(path: str, query: Mapping[str, str]) -> str:
    """Return a URL without host: answers are cached for all callers."""
    return f"{OFFICIAL.url_prefix}{path}?{urlencode(query)}"


def link_to(next_url: str) -> Mapping[str, str]:
    """Return the header that names the URL of the rest of a list; none if the URL is empty."""
    return {"Link": f'<{next_url}>; rel="next"'} if next_url else {}
