"""The profile that a request chooses, and its age limit."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api.operation import Query
from chalicelib.api.request import Call, header
from chalicelib.catalogue.model import NO_AGE_LIMIT
from chalicelib.catalogue.snapshot import Snapshot
from chalicelib.viewing.model import ProfileId
from chalicelib.wiring import catalogue, viewing

PROFILE: Mapping[str, Query] = {
    "profile": Query("The id of a profile; the default profile if none is named.")
}


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
