"""Videos in the shape of another dialect, made from the core's fields and the MP4 files."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypedDict, TypeVar

from chalicelib.api.answer_size import bytes_in_answer, fitting
from chalicelib.api.core import list_position
from chalicelib.api.core.categories import ListedCategory, listed_category
from chalicelib.api.core.chosen_profile import PROFILE, age_limit_in
from chalicelib.api.core.list_position import link_to, position_in, position_of, url_of
from chalicelib.api.core.video_lookup import find_also_draft, is_administrator, to_video_id
from chalicelib.api.core.video_shapes import ListedVideo, Style, TextShape
from chalicelib.api.reply import Prerendered
from chalicelib.api.request import Call
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.listing import Entry, Selection
from chalicelib.catalogue.model import Video
from chalicelib.catalogue.snapshot import Snapshot
from chalicelib.language import Language
from chalicelib.playback.files import Mp4Files
from chalicelib.wiring import catalogue, playback, stage

S = TypeVar("S")


class ForAdministrators(TypedDict, total=False):
    """Fields for administrators only; texts by language, null without a translation."""

    is_published: bool
    title_en: str | None
    title_de: str | None
    description_en: str | None
    description_de: str | None


class Fields(NamedTuple):
    """What a shape is made from."""

    listed: ListedVideo
    files: Mp4Files
    category: ListedCategory | None
    # None instead of an empty text.
    release: str | None
    license_url: str | None
    # Empty for viewers.
    for_administrators: ForAdministrators


class _Rendering(NamedTuple):
    renewed_at: datetime
    text: str
    bytes_in_answer: int


@dataclass(frozen=True, slots=True)
class DialectVideos(Generic[S]):
    """Videos in the shape of a dialect; JSON texts are kept until their URLs are renewed."""

    shape: Callable[[Fields], S]

    def all(
        self,
        call: Call[Any],
        path: str,
        *,
        is_trailer: bool | None = None,
        has_drafts: bool = False,
    ) -> Prerendered[Sequence[S]]:
        """Return the videos, the newest first, and a `Link` if not all fit.

        A list that has drafts shows them to administrators, as far as their tokens say that they
        are some: viewers cost no read.
        """
        snapshot = catalogue.catalogue_cache().snapshot()
        style = (
            _administrators_style(call) if has_drafts and _is_administrator(call) else _style(call)
        )
        renewed_at = playback.file_urls().renewed_at()
        after = position_in(call)
        age_limit = age_limit_in(snapshot, call)
        key = self.shape, style, after, is_trailer, age_limit
        kept: tuple[datetime, Prerendered[Sequence[S]]] | None = snapshot.renderings.get(key)
        if kept and kept[0] == renewed_at:
            return kept[1]
        selection = Selection(style.audience, age_limit, is_trailer=is_trailer, after=after)
        listed, is_cut = fitting(
            (
                (entry, self._rendering(snapshot, style, entry, renewed_at))
                for entry in snapshot.chosen(selection)
                if entry.video.card.is_within(age_limit)
            ),
            lambda each: each[1].bytes_in_answer,
        )
        rest = ""
        if is_cut:
            chosen = list_position.kept(call, PROFILE)
            rest = url_of(f"{path}/", {**chosen, "after": position_of(listed[-1][0])})
        text = f"[{','.join(rendering.text for _, rendering in listed)}]"
        listing: Prerendered[Sequence[S]] = Prerendered.written(text, link_to(rest))
        # The link of a list that goes on names the profile.
        is_personal = is_cut and bool(call.query_text("profile"))
        if style.audience is Audience.VIEWERS and not is_personal:
            snapshot.remember(key, (renewed_at, listing), characters=len(text))
        return listing

    def one(self, call: Call[Any], video_id: str) -> Prerendered[S]:
        """Return one video; administrators also get drafts."""
        snapshot = catalogue.catalogue_cache().snapshot()
        age_limit = age_limit_in(snapshot, call)
        entry, style = find_also_draft(
            call, to_video_id(video_id), snapshot, _style(call), age_limit=age_limit
        )
        if _is_administrator(call):
            style = _administrators_style(call)
        renewed_at = playback.file_urls().renewed_at()
        return Prerendered.written(self._rendering(snapshot, style, entry, renewed_at).text)

    def written(self, call: Call[Any], video: Video) -> S:
        """Return a video that an administrator has just written."""
        snapshot = catalogue.catalogue_cache().snapshot()
        style = _administrators_style(call)
        return self.shape(_fields(snapshot, style, snapshot.entry_of(video)))

    def _rendering(
        self, snapshot: Snapshot, style: Style, entry: Entry, renewed_at: datetime
    ) -> _Rendering:
        key = self.shape, style
        kept: _Rendering | None = entry.renderings.get(key)
        if kept is None or kept.renewed_at != renewed_at:
            shaped = self.shape(_fields(snapshot, style, entry))
            text = json.dumps(shaped, ensure_ascii=False, separators=(",", ":"))
            kept = entry.renderings[key] = _Rendering(renewed_at, text, bytes_in_answer(text))
        return kept


def _style(call: Call[Any]) -> Style:
    media_url, language = stage.settings().media_url, call.visitor.language
    return Style(Audience.VIEWERS, language, call.text_is_plain, media_url)


def _administrators_style(call: Call[Any]) -> Style:
    return Style.for_administrators(call.visitor.language, is_plain=call.text_is_plain)


def _is_administrator(call: Call[Any]) -> bool:
    return call.identity.may_be_admin and is_administrator(call)


def _fields(snapshot: Snapshot, style: Style, entry: Entry) -> Fields:
    listed = style.shape(entry)
    category = snapshot.names.category_called(entry.category)
    return Fields(
        listed,
        playback.file_urls().of(entry.video),
        listed_category(category, style.language, is_plain=style.is_plain) if category else None,
        release=listed["release"] or None,
        license_url=listed["license_url"] or None,
        for_administrators=_for_administrators(listed),
    )


def _for_administrators(listed: ListedVideo) -> ForAdministrators:
    if "written" not in listed:
        return {}
    translations = listed["written"]["translations"]
    nothing: TextShape = {"title": "", "description": ""}
    english = translations.get(Language.ENGLISH, nothing)
    german = translations.get(Language.GERMAN, nothing)
    return {
        "is_published": listed["is_published"],
        "title_en": english["title"] or None,
        "title_de": german["title"] or None,
        "description_en": english["description"] or None,
        "description_de": german["description"] or None,
    }
