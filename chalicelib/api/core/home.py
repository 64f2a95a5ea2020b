"""Endpoint for the rows of the first page."""

from collections.abc import Sequence
from typing import Annotated, Any, TypedDict

from chalice.app import Blueprint

from chalicelib.api.answer_size import bytes_in_answer, fitting
from chalicelib.api.body import NoBody
from chalicelib.api.core.chosen_profile import age_limit_in, profile_of
from chalicelib.api.core.list_position import (
    kept,
    spelled_cursor,
    spelled_position,
    spelled_rank,
    url_of,
)
from chalicelib.api.core.text_form import said
from chalicelib.api.core.video_shapes import ListedVideo, Style
from chalicelib.api.core.videos import STYLE, style_of
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.reply import Prerendered
from chalicelib.api.request import Call
from chalicelib.api.translation import translated
from chalicelib.catalogue.listing import ListPosition, Selection
from chalicelib.catalogue.ranking import RankPosition
from chalicelib.viewing.home import MOST_IN_ROW, Reason, Row
from chalicelib.viewing.model import Cursor
from chalicelib.wiring import catalogue, viewing

api = Api(OFFICIAL, Blueprint(__name__))

_NAMES = {
    Reason.CONTINUE_WATCHING: "Continue watching",
    Reason.WATCHLIST: "My list",
    Reason.BECAUSE_YOU_WATCHED: "Because you watched {video}",
    Reason.NEW: "New",
}
_LIST_OF_VIDEOS = ("include", "text", "profile")
_LIST_OF_PROFILE = ("profile",)


class ListedRow(TypedDict):
    """Videos with something in common; `more` is the URL that continues them, if there are any."""

    reason: Annotated[str, Reason]
    title: str
    # The slug of the category, or the id of the watched video, that is the reason.
    category: str | None
    video: int | None
    more: str | None
    results: Sequence[ListedVideo]


class HomePage(TypedDict):
    rows: Sequence[ListedRow]


@api.get("/home", access=Access.SIGNED_IN, query=STYLE)
def show_home(call: Call[NoBody]) -> Prerendered[HomePage]:
    """List rows of videos for a first page; empty rows are left out.

    They are what the profile has begun, its watchlist, videos like the one that it watched last to
    its end or, without one, most, new ones, and those of categories: of the arranged ones, then of
    those with most videos. A video is in two rows at most.
    The URLs of the first two rows answer with ids of videos, all others with videos.
    """
    style = style_of(call)
    snapshot = catalogue.catalogue_cache().snapshot()
    selection = Selection(style.audience, age_limit_in(snapshot, call), is_trailer=False)
    rows = viewing.home().rows(call.identity.account_id, profile_of(call), snapshot, selection)
    texts = (style.framed(row.entries, _frame(call, style, row)) for row in rows)
    fit, _ = fitting(texts, bytes_in_answer)
    return Prerendered.written(f'{{"rows":[{",".join(fit)}]}}')


def _frame(call: Call[Any], style: Style, row: Row) -> dict[str, int | str | None]:
    return {
        "reason": row.reason,
        "title": _name_of(style, row),
        "category": row.category.slug if row.category else None,
        "video": row.watched.video.id if row.watched else None,
        "more": _more(call, row),
    }


def _name_of(style: Style, row: Row) -> str:
    if row.category:
        return said(row.category.name_in(style.language), is_plain=style.is_plain)
    watched = style.title(row.watched) if row.watched else ""
    return translated(_NAMES[row.reason], style.language).format(video=watched)


def _more(call: Call[Any], row: Row) -> str | None:
    limit = {"limit": str(MOST_IN_ROW)}
    match row.rest:
        case Cursor():
            is_begun = row.reason is Reason.CONTINUE_WATCHING
            path = "/continue-watching/" if is_begun else "/watchlist/"
            before = {"before": spelled_cursor(row.rest)}
            return url_of(path, {**kept(call, _LIST_OF_PROFILE), **limit, **before})
        case RankPosition() if row.watched:
            after = {"after": spelled_rank(row.rest)}
            path = f"/video/{row.watched.video.id}/similar/"
            return url_of(path, {**kept(call, _LIST_OF_VIDEOS), **limit, **after})
        case ListPosition():
            after = {"after": spelled_position(row.rest)}
            category = {"category": row.category.slug} if row.category else {}
            chosen = {**category, "trailer": "false", **kept(call, _LIST_OF_VIDEOS)}
            return url_of("/video/", {**chosen, **limit, **after})
        case _:
            return None
