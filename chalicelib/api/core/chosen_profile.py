"""The profile that a request chooses, and the parameters of lists of a profile."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalicelib.api.operation import Query
from chalicelib.api.request import Call, header, whole_number
from chalicelib.catalogue.model import NO_AGE_LIMIT, VideoId
from chalicelib.catalogue.snapshot import Snapshot
from chalicelib.clock import EPOCH, LARGEST_ID
from chalicelib.errors import InvalidInput
from chalicelib.viewing.model import Cursor, ProfileId
from chalicelib.wiring import catalogue, viewing

LARGEST_PAGE = 100
USUAL_PAGE = 20

PROFILE: Mapping[str, Query] = {
    "profile": Query("The id of a profile; the default profile if none is named.")
}
PAGED: Mapping[str, Query] = {
    **PROFILE,
    "limit": Query(
        f"Number of entries, at most {LARGEST_PAGE}; {USUAL_PAGE} by default.",
        largest=LARGEST_PAGE,
    ),
    "before": Query("The `next_before` of the previous page."),
}

_MILLISECOND = timedelta(milliseconds=1)


def profile_of(call: Call[Any]) -> ProfileId:
    """Return the profile of the request; raise `ProfileLocked` if it needs its token."""
    return viewing.choice().chosen(
        call.identity, call.query_text("profile"), token=profile_token(call)
    )


def age_limit_of(call: Call[Any]) -> int:
    """Return the age limit of that profile; raise as `profile_of`."""
    return age_limit_in(catalogue.catalogue_cache().snapshot(), call)


def age_limit_in(snapshot: Snapshot, call: Call[Any]) -> int:
    """Return the age limit for what is read from this snapshot; raise as `profile_of`."""
    profile = call.query_text("profile")
    if not (profile or snapshot.has_ratings):
        return NO_AGE_LIMIT  # as the use case would, in a notable share of the time of a kept list
    token = profile_token(call) if profile else ""
    return viewing.choice().age_limit(call.identity, snapshot, profile, token=token)


def profile_token(call: Call[Any]) -> str:
    return header(call.request, "x-profile-token")


def limit_of(call: Call[Any]) -> int:
    return call.query_number("limit", largest=LARGEST_PAGE) or USUAL_PAGE


def cursor_of(call: Call[Any]) -> Cursor | None:
    """Parse a cursor as `spelled` writes it."""
    text = call.query_text("before")
    if not text:
        return None
    milliseconds, _, video_id = text.partition("-")
    at = whole_number(milliseconds, largest=LARGEST_ID)
    number = whole_number(video_id, largest=LARGEST_ID)
    if at is None or number is None:
        raise InvalidInput(fields={"before": ["Take this from `next_before` of a page."]})
    try:
        return Cursor(EPOCH + at * _MILLISECOND, VideoId(number))
    except OverflowError:
        raise InvalidInput(fields={"before": ["Take this from `next_before` of a page."]}) from None


def spelled(cursor: Cursor | None) -> str | None:
    if cursor is None:
        return None
    return f"{(cursor.at - EPOCH) // _MILLISECOND}-{cursor.video_id}"
