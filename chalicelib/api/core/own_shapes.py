"""Videos in the shape of another dialect, made from the core's fields and the MP4 files."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from chalicelib.api.answer_size import bytes_in_answer, fitting
from chalicelib.api.core.categories import ListedCategory, listed_category
from chalicelib.api.core.list_position import link_to, position_in, position_of
from chalicelib.api.core.video_shapes import ListedVideo, Style
from chalicelib.api.core.videos import draft_within, number_of
from chalicelib.api.reply import Prerendered
from chalicelib.api.request import Call
from chalicelib.catalogue.listing import Audience, Entry, Selection
from chalicelib.catalogue.model import Video, VideoNotFound
from chalicelib.catalogue.snapshot import Snapshot
from chalicelib.playback.files import Mp4Files
from chalicelib.wiring import catalogue, playback, stage, viewing

S = TypeVar("S")


class Fields(NamedTuple):
    """What a shape is made from."""

    listed: ListedVideo
    files: Mp4Files
    category: ListedCategory | None
    # None instead of an empty text.
    release: str | None
    license_url: str | None


class _Rendering(NamedTuple):
    renewed_at: datetime
    text: str
    bytes_in_answer: int


@dataclass(frozen=True, slots=True)
class OwnShape(Generic[S]):
    """Videos in the shape of a dialect; JSON texts are kept until their URLs are renewed."""

    shape: Callable[[Fields], S]

    def all(
        self, call: Call[Any], path: str, *, is_trailer: bool | None = None
    ) -> Prerendered[Sequence[S]]:
        """Return the videos for viewers, the newest first, and a `Link` if not all fit."""
        snapshot = catalogue.catalogue_cache().snapshot()
        style, renewed_at = _style(call), playback.file_urls().renewed_at()
        after = position_in(call)
        # Clients of other dialects choose no profile.
        age_limit = viewing.choice().age_limit(call.identity, snapshot)
        key = self.shape, style, after, is_trailer, age_limit
        kept: tuple[datetime, Prerendered[Sequence[S]]] | None = snapshot.renderings.get(key)
        if kept and kept[0] == renewed_at:
            return kept[1]
        chosen = snapshot.chosen(Selection(age_limit=age_limit, is_trailer=is_trailer, after=after))
        listed, is_cut = fitting(
            ((entry, self._rendering(snapshot, style, entry, renewed_at)) for entry in chosen),
            lambda each: each[1].bytes_in_answer,
        )
        rest = f"{path}/?after={position_of(listed[-1][0])}" if is_cut else ""
        text = f"[{','.join(rendering.text for _, rendering in listed)}]"
        listing: Prerendered[Sequence[S]] = Prerendered.written(text, link_to(rest))
        snapshot.remember(key, (renewed_at, listing), characters=len(text))
        return listing

    def one(self, call: Call[Any], video_id: str) -> Prerendered[S]:
        """Return one video; administrators also get drafts."""
        number, style = number_of(video_id), _style(call)
        snapshot = catalogue.catalogue_cache().snapshot()
        age_limit = viewing.choice().age_limit(call.identity, snapshot)
        try:
            entry = snapshot.find(number, Audience.VIEWERS, age_limit=age_limit)
        except VideoNotFound:
            entry = draft_within(age_limit, number, call)
            style = Style.for_administrators(style.language, is_plain=style.is_plain)
        renewed_at = playback.file_urls().renewed_at()
        return Prerendered.written(self._rendering(snapshot, style, entry, renewed_at).text)

    def written(self, call: Call[Any], video: Video) -> S:
        """Return a video that an administrator has just written."""
        snapshot = catalogue.catalogue_cache().snapshot()
        style = Style.for_administrators(call.visitor.language, is_plain=call.text_is_plain)
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


def _fields(snapshot: Snapshot, style: Style, entry: Entry) -> Fields:
    listed = style.shape(entry)
    category = snapshot.names.category_called(entry.category)
    return Fields(
        listed,
        playback.file_urls().of(entry.video),
        listed_category(category, is_plain=style.is_plain) if category else None,
        release=listed["release"] or None,
        license_url=listed["license_url"] or None,
    )
