"""Endpoints for the lists of a profile: continue watching, history, watchlist."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody
from chalicelib.api.core.chosen_profile import PROFILE, age_limit_of, profile_of
from chalicelib.api.core.list_position import LIMIT, cursor_in, limit_in, spelled_cursor
from chalicelib.api.core.video_lookup import to_video_id
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.operation import Query
from chalicelib.api.reply import Detail
from chalicelib.api.request import Call
from chalicelib.viewing.pages import E, Page
from chalicelib.viewing.progress import Progress
from chalicelib.wiring import viewing

api = Api(OFFICIAL, Blueprint(__name__))

_PAGED: Mapping[str, Query] = {
    **PROFILE,
    **LIMIT,
    "before": Query("The `next_before` of the previous page."),
}


class WatchedVideo(TypedDict):
    """A video by its id, and how far the profile is in it."""

    video: int
    position: float
    duration: float
    at: str
    finished: bool


class WatchedPage(TypedDict):
    results: Sequence[WatchedVideo]
    next_before: str | None


class WatchlistedVideo(TypedDict):
    video: int
    added_at: str


class WatchlistPage(TypedDict):
    results: Sequence[WatchlistedVideo]
    next_before: str | None


@api.get("/continue-watching", access=Access.SIGNED_IN, query=_PAGED)
def continue_watching(call: Call[NoBody]) -> WatchedPage:
    """List videos that were begun and not finished, the last watched first."""
    return _watched(_page(call, viewing.tracking().continue_watching))


@api.get("/history", access=Access.SIGNED_IN, query=_PAGED)
def list_history(call: Call[NoBody]) -> WatchedPage:
    """List all videos that were watched, the last watched first."""
    return _watched(_page(call, viewing.tracking().history))


@api.delete("/history", NoBody, access=Access.SIGNED_IN, query=PROFILE)
def clear_history(call: Call[NoBody]) -> Detail:
    """Remove all videos from the history, and forget their positions."""
    viewing.tracking().clear_all(call.identity.account_id, profile_of(call))
    return {"detail": "The history has been cleared."}


@api.delete("/history/{video_id}", NoBody, access=Access.SIGNED_IN, query=PROFILE)
def clear_video(call: Call[NoBody], video_id: str) -> Detail:
    """Remove a video from the history, and forget its position."""
    viewing.tracking().clear(call.identity.account_id, profile_of(call), to_video_id(video_id))
    return {"detail": "The video has been removed from the history."}


@api.get("/watchlist", access=Access.SIGNED_IN, query=_PAGED)
def list_watchlist(call: Call[NoBody]) -> WatchlistPage:
    """List the videos of the watchlist, the last added first."""
    page = _page(call, viewing.watchlists().entries)
    results: list[WatchlistedVideo] = [
        {"video": each.video_id, "added_at": each.at.isoformat()} for each in page.entries
    ]
    return {"results": results, "next_before": _next_before(page)}


@api.put("/watchlist/{video_id}", NoBody, access=Access.SIGNED_IN, query=PROFILE)
def add_to_watchlist(call: Call[NoBody], video_id: str) -> Detail:
    """Add a video to the watchlist; one that is in it stays where it is."""
    viewing.watchlists().add(
        call.identity.account_id,
        profile_of(call),
        to_video_id(video_id),
        age_limit=age_limit_of(call),
    )
    return {"detail": "The video is in the watchlist."}


@api.delete("/watchlist/{video_id}", NoBody, access=Access.SIGNED_IN, query=PROFILE)
def remove_from_watchlist(call: Call[NoBody], video_id: str) -> Detail:
    """Remove a video from the watchlist."""
    viewing.watchlists().remove(call.identity.account_id, profile_of(call), to_video_id(video_id))
    return {"detail": "The video is not in the watchlist."}


def _watched(page: Page[Progress]) -> WatchedPage:
    rule = viewing.continue_rule()
    results: list[WatchedVideo] = [
        {
            "video": each.video_id,
            "position": each.position,
            "duration": each.duration,
            "at": each.at.isoformat(),
            "finished": rule.is_finished(each),
        }
        for each in page.entries
    ]
    return {"results": results, "next_before": _next_before(page)}


def _page(call: Call[Any], entries: Callable[..., Page[E]]) -> Page[E]:
    """Return the page that the request asks for of a list of its profile."""
    profile_id = profile_of(call)
    limit = limit_in(call)
    return entries(
        call.identity.account_id,
        profile_id,
        limit=limit,
        before=cursor_in(call),
        age_limit=age_limit_of(call),
    )


def _next_before(page: Page[Any]) -> str | None:
    cursor = page.next_before
    return spelled_cursor(cursor) if cursor else None
