"""Endpoints for the catalogue: list and show videos."""

from collections.abc import Iterable, Mapping
from math import ceil

from chalice.app import Blueprint

from chalicelib.api.body import NoBody
from chalicelib.api.core.chosen_profile import PROFILE, age_limit_in
from chalicelib.api.core.list_position import AFTER, kept, position_in, position_of, url_of
from chalicelib.api.core.text_form import TEXT_FORM
from chalicelib.api.core.video_lookup import find_also_draft, to_video_id
from chalicelib.api.core.video_shapes import ListedVideo, Listing, Style
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.operation import Query
from chalicelib.api.reply import Prerendered
from chalicelib.api.request import Call
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.labels import NO_LANGUAGE, is_language
from chalicelib.catalogue.listing import Entry, Selection
from chalicelib.catalogue.model import (
    LONGEST_NAME,
    LONGEST_SLUG,
    NO_AGE_LIMIT,
)
from chalicelib.catalogue.search import LONGEST_QUERY
from chalicelib.catalogue.snapshot import Snapshot
from chalicelib.clock import LARGEST_ID
from chalicelib.errors import InvalidInput, NotFound
from chalicelib.language import Text
from chalicelib.wiring import accounts, catalogue, stage

api = Api(OFFICIAL, Blueprint(__name__))

_USUAL_PAGE = 20
_LARGEST_PAGE = 100
# The parameters that the links to other pages of a list repeat.
_KEPT = (
    "category",
    "person",
    "tag",
    "language",
    "rating_max",
    "trailer",
    "search",
    "page_size",
    "limit",
    "include",
    "text",
    "profile",
)
_AUDIENCES = {
    "": Audience.VIEWERS,
    "playable": Audience.EARLY_VIEWERS,
    "drafts": Audience.ADMINISTRATORS,
}
YES_OR_NO: Mapping[str, bool | None] = {"": None, "true": True, "false": False}
_RATINGS: Mapping[str, int | None] = {
    "": None,
    **{str(age): age for age in range(NO_AGE_LIMIT + 1)},
}


STYLE = {
    "include": Query(
        "`playable`: also videos that are playable during their encode. "
        "`drafts`: all videos, for administrators.",
        options=[*filter(None, _AUDIENCES)],
    ),
    **TEXT_FORM,
    **PROFILE,
}


class NoSuchPage(NotFound):
    code = "no_such_page"


@api.get(
    "/video",
    access=Access.SIGNED_IN,
    query={
        "category": Query("Only videos of this category, by its name or slug."),
        "person": Query("Only videos with this person in the cast or as director."),
        "tag": Query("Only videos with this tag."),
        "language": Query("Only videos of this original language, such as `de`."),
        "rating_max": Query(
            "Only videos that may be watched from this age on; unrated ones count as 18.",
            options=[*filter(None, _RATINGS)],
        ),
        "trailer": Query(
            "`true`: only trailers; `false`: no trailers.", options=[*filter(None, YES_OR_NO)]
        ),
        "search": Query(
            "Only videos with all of these words in title or description, in any language."
        ),
        **AFTER,
        "limit": Query(
            f"An array of so many videos, at most {_LARGEST_PAGE}; the header `Link` holds the "
            "URL of the next ones.",
            largest=_LARGEST_PAGE,
        ),
        "page": Query("Answer with this page, from 1, instead of an array.", largest=LARGEST_ID),
        "page_size": Query(
            f"Videos per page, at most {_LARGEST_PAGE}; {_USUAL_PAGE} by default.",
            largest=_LARGEST_PAGE,
        ),
        **STYLE,
    },
)
def list_videos(call: Call[NoBody]) -> Listing:
    """List videos, the newest first; an array unless a page is requested.

    An array that would exceed the size of an answer, or `limit`, holds the newest videos, and the
    header `Link` holds the URL of the next ones (`rel="next"`).
    """
    style = style_of(call)
    number = call.query_number("page", largest=LARGEST_ID)
    size = call.query_number("page_size", largest=_LARGEST_PAGE)
    limit = call.query_number("limit", largest=_LARGEST_PAGE)
    is_paged = bool(number or size)
    if limit and is_paged:
        raise InvalidInput(fields={"limit": ["Send this or a page, not both."]})
    snapshot = catalogue.catalogue_cache().snapshot()
    selection = _selection(call, style.audience, snapshot, is_paged=is_paged)
    # The links to other pages repeat the parameter `text`, which the style does not tell.
    key = selection, style, number, size, limit, call.query_text("text")
    remembered: Listing | None = snapshot.renderings.get(key)
    if remembered is None or _is_personal(call, remembered, is_paged=is_paged):
        if is_paged:
            remembered = _page(call, style, snapshot, selection, number or 1, size or _USUAL_PAGE)
        else:
            remembered = _array(call, style, snapshot, selection, limit)
        is_shared = not _is_personal(call, remembered, is_paged=is_paged)
        # Few lists are requested often; a search or a position is seldom requested twice.
        is_seldom = selection.search or selection.person or selection.after
        if is_shared and not is_seldom and selection.audience is not Audience.ADMINISTRATORS:
            snapshot.remember(key, remembered, characters=len(remembered.text))
    return remembered


@api.get("/video/{video_id}", access=Access.SIGNED_IN, query=STYLE)
def show_video(call: Call[NoBody], video_id: str) -> Prerendered[ListedVideo]:
    """Show one video; administrators also get drafts."""
    number = to_video_id(video_id)
    style = style_of(call)
    snapshot = catalogue.catalogue_cache().snapshot()
    if style.audience is Audience.ADMINISTRATORS:
        return style.one(snapshot.entry_of(catalogue.curation().in_use(number)))
    age_limit = age_limit_in(snapshot, call)
    entry, style = find_also_draft(call, number, snapshot, style, age_limit=age_limit)
    return style.one(entry)


def style_of(call: Call[NoBody]) -> Style:
    audience = call.query_option("include", _AUDIENCES)
    if audience is Audience.ADMINISTRATORS:
        accounts.administration().require_admin(call.identity)
    is_plain, language = call.text_is_plain, call.visitor.language
    if audience is Audience.ADMINISTRATORS:
        return Style.for_administrators(language, is_plain=is_plain)
    return Style(audience, language, is_plain, stage.settings().media_url)


def _selection(
    call: Call[NoBody], audience: Audience, snapshot: Snapshot, *, is_paged: bool
) -> Selection:
    after = position_in(call)
    if after and is_paged:
        raise InvalidInput(fields={"after": ["Send this or a page, not both."]})
    return Selection(
        audience,
        age_limit_in(snapshot, call),
        category=short_text(call.query_text("category"), "category", LONGEST_SLUG),
        person=short_text(call.query_text("person"), "person", LONGEST_NAME),
        tag=short_text(call.query_text("tag"), "tag", LONGEST_NAME),
        language=language_code(call.query_text("language")),
        rating_max=call.query_option("rating_max", _RATINGS),
        is_trailer=call.query_option("trailer", YES_OR_NO),
        search=short_text(call.query_text("search"), "search", LONGEST_QUERY),
        after=after,
    )


def language_code(text: str) -> str:
    code = text.lower()
    if code and not is_language(code):
        raise InvalidInput(fields={"language": [NO_LANGUAGE]})
    return code


def _is_personal(call: Call[NoBody], listing: Listing, *, is_paged: bool) -> bool:
    """Return whether the request names a profile, which the links of the list repeat."""
    return bool(call.query_text("profile")) and (is_paged or bool(listing.headers))


def _array(
    call: Call[NoBody], style: Style, snapshot: Snapshot, selection: Selection, limit: int | None
) -> Listing:
    chosen: Iterable[Entry] = snapshot.chosen(selection)
    if limit:
        chosen = snapshot.page(selection, skip=0, most=limit + 1)
    fitting, is_cut = style.fitting(chosen)
    if limit and len(fitting) > limit:
        fitting, is_cut = fitting[:limit], True
    return style.all(fitting, next_url=_url(call, after=position_of(fitting[-1])) if is_cut else "")


def _page(
    call: Call[NoBody],
    style: Style,
    snapshot: Snapshot,
    selection: Selection,
    number: int,
    size: int,
) -> Listing:
    count = snapshot.count(selection)
    last = max(1, ceil(count / size))
    if number > last:
        raise NoSuchPage("There is no such page.")
    frame = {
        "count": count,
        "next": _url(call, page=str(number + 1)) if number < last else None,
        "previous": _url(call, page=str(number - 1)) if number > 1 else None,
    }
    on_page = snapshot.page(selection, skip=(number - 1) * size, most=size)
    _, is_cut = style.fitting(on_page)
    if is_cut:
        raise InvalidInput(
            fields={"page_size": ["These videos have long texts: ask for fewer at once."]}
        )
    return style.page(on_page, frame)


def _url(call: Call[NoBody], **where: str) -> str:
    """Return the relative URL of another part of the list.

    It contains only known parameters and no host: answers are cached for all callers.
    """
    return url_of("/video/", {**kept(call, _KEPT), **where})


def short_text(text: str, name: str, longest: int) -> str:
    if len(text) > longest:
        raise InvalidInput(fields={name: [Text("Send at most {most} characters.", most=longest)]})
    return text
