"""The catalogue for viewers: what can be watched, all of it or some."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import TypeVar
from urllib.parse import urlencode

from chalice.app import Blueprint

from chalicelib import bootstrap
from chalicelib.accounts.model import NotAnAdmin
from chalicelib.api.body import NoBody
from chalicelib.api.core.video_shapes import ListedVideo, Style, VideoPage
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.reply import Prerendered
from chalicelib.api.request import Call, whole_number
from chalicelib.catalogue.model import VideoId, VideoNotFound
from chalicelib.catalogue.snapshot import Audience, Entry, Selection, Snapshot
from chalicelib.errors import InvalidInput, NotFound
from chalicelib.identifiers import LARGEST_ID

T = TypeVar("T")

api = Api(OFFICIAL, Blueprint(__name__))

_USUAL_PAGE = 20
_LARGEST_PAGE = 100
_LONGEST_SEARCH = 200
_MOST_REMEMBERED = 32
_PAGED_BY = ("category", "trailer", "search", "page_size", "include", "text")
_AUDIENCES = {
    "": Audience.VIEWERS,
    "playable": Audience.EARLY_VIEWERS,
    "drafts": Audience.CURATORS,
}
_TRAILER: Mapping[str, bool | None] = {"": None, "true": True, "false": False}
_PLAIN = {"": False, "html": False, "plain": True}
_STYLE = {
    "include": "`playable`: also what can be watched while it is being made. "
    "`drafts`: everything there is, for administrators.",
    "text": "`plain`: text as it was written, and not as HTML.",
}


class NoSuchPage(NotFound):
    code = "no_such_page"


@api.get(
    "/video",
    access=Access.SIGNED_IN,
    query={
        "category": "Only titles of this category, by its name or slug.",
        "trailer": "`true`: only trailers; `false`: no trailers.",
        "search": "Only titles with all of these words in title or description, in any language.",
        "page": "Answer with this page, from 1, and not with a bare array.",
        "page_size": f"How many to a page: {_USUAL_PAGE}, or what you say up to {_LARGEST_PAGE}.",
        **_STYLE,
    },
)
def list_videos(call: Call[NoBody]) -> Prerendered[Sequence[ListedVideo] | VideoPage]:
    """Titles, the newest first; a bare array unless a page is asked for."""
    style = style_of(call)
    selection = Selection(
        style.audience,
        category=call.query_text("category"),
        is_trailer=_one_of(_TRAILER, call, "trailer"),
        search=_search(call),
    )
    number = call.query_number("page", largest=LARGEST_ID)
    size = call.query_number("page_size", largest=_LARGEST_PAGE)
    snapshot = bootstrap.shelf().snapshot()
    key = selection, style, number, size
    remembered: Prerendered[Sequence[ListedVideo] | VideoPage] | None
    remembered = snapshot.renderings.get(key)
    if remembered is None:
        chosen = snapshot.chosen(selection)
        is_paged = bool(number or size)
        paged = _page(call, style, chosen, number or 1, size or _USUAL_PAGE) if is_paged else None
        remembered = paged or style.all(chosen)
        if not selection.search:  # of which there is no end
            _remember(snapshot, key, remembered)
    return remembered


@api.get("/video/{video_id}", access=Access.SIGNED_IN, query=_STYLE)
def show_video(call: Call[NoBody], video_id: str) -> Prerendered[ListedVideo]:
    """One title; administrators also get those that nobody else sees."""
    number = number_of(video_id)
    style = style_of(call)
    if style.audience is not Audience.CURATORS:
        snapshot = bootstrap.shelf().snapshot()
        try:
            return style.one(snapshot.find(number, style.audience))
        except VideoNotFound:
            _hide_from_viewers(call)
            style = replace(style, audience=Audience.CURATORS)
    return style.one(Entry.of(bootstrap.curation().get(number)))


def style_of(call: Call[NoBody]) -> Style:
    audience = _one_of(_AUDIENCES, call, "include")
    if audience is Audience.CURATORS:
        bootstrap.administration().require_admin(call.identity)
    is_plain = _one_of(_PLAIN, call, "text")
    return Style(audience, call.visitor.language, is_plain, bootstrap.settings().media_url)


def number_of(video_id: str) -> VideoId:
    number = whole_number(video_id, largest=LARGEST_ID)
    if number is None:
        raise VideoNotFound("There is no such video.")
    return VideoId(number)


def _hide_from_viewers(call: Call[NoBody]) -> None:
    """Raise `VideoNotFound` for all but administrators: a draft is as if it were not there."""
    try:
        bootstrap.administration().require_admin(call.identity)
    except NotAnAdmin:
        raise VideoNotFound("There is no such video.") from None


def _page(
    call: Call[NoBody], style: Style, chosen: Sequence[Entry], number: int, size: int
) -> Prerendered[Sequence[ListedVideo] | VideoPage]:
    last = max(1, ceil(len(chosen) / size))
    if number > last:
        raise NoSuchPage("There is no such page.")
    frame = {
        "count": len(chosen),
        "next": _address(call, number + 1) if number < last else None,
        "previous": _address(call, number - 1) if number > 1 else None,
    }
    return style.page(chosen[(number - 1) * size : number * size], frame)


def _address(call: Call[NoBody], number: int) -> str:
    """The address of another page, on whatever host we are.

    Made of nothing but what was understood: a host or a parameter that a stranger made up would
    be remembered, and told to everybody.
    """
    understood = {name: call.query_text(name) for name in _PAGED_BY}
    query = {name: text for name, text in understood.items() if text}
    return f"{OFFICIAL.url_prefix}/video/?{urlencode({**query, 'page': number})}"


def _search(call: Call[NoBody]) -> str:
    text = call.query_text("search")
    if len(text) > _LONGEST_SEARCH:
        raise InvalidInput(fields={"search": [f"Send at most {_LONGEST_SEARCH} characters."]})
    return text


def _one_of(known: Mapping[str, T], call: Call[NoBody], name: str) -> T:
    text = call.query_text(name)
    if text not in known:
        names = ", ".join(filter(None, known))
        raise InvalidInput(fields={name: [f"Must be one of: {names}."]})
    return known[text]


def _remember(snapshot: Snapshot, key: Hashable, made: object) -> None:
    if len(snapshot.renderings) >= _MOST_REMEMBERED:
        snapshot.renderings.clear()
    snapshot.renderings[key] = made
