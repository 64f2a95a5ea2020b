"""The JSON of videos in the official API: fields, text as HTML, absolute URLs."""

import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple, NotRequired, TypedDict

from chalicelib.api.answer_size import bytes_in_answer, fitting
from chalicelib.api.core.encode_shapes import (
    DamageShape,
    FailureShape,
    ReplacementShape,
    damage_of,
    failure_of,
    replacement_of,
)
from chalicelib.api.core.list_position import link_to, spelled_rank
from chalicelib.api.core.picture_urls import picture_url
from chalicelib.api.core.poster_shapes import OwnPosterShape, own_poster_of
from chalicelib.api.core.text_form import said
from chalicelib.api.reply import Prerendered
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.listing import Entry
from chalicelib.catalogue.model import EncodeStatus, Video
from chalicelib.catalogue.ranking import RankedPage
from chalicelib.catalogue.versions import version_of_video
from chalicelib.language import Language
from chalicelib.playback.media_urls import end_of_life
from chalicelib.wiring import stage

_COMPLETE_PERCENT = 100
# An open page reloads every 30 seconds, long before the URLs of its pictures expire.
_PICTURES_LAST_FOR = timedelta(hours=1)


class TextShape(TypedDict):
    title: str
    description: str


class WrittenText(TypedDict):
    """The texts as an administrator wrote them, with their translations, not as HTML."""

    title: str
    description: str
    translations: dict[str, TextShape]


class ListedVideo(TypedDict):
    """A video of the catalogue; text is HTML or plain, as the parameter `text` says."""

    id: int
    title: str
    description: str
    created_at: str
    category: str
    thumbnail_url: str
    poster_url: str
    hero_url: str
    conversion_status: Annotated[str, EncodeStatus]
    progress: int
    playable: bool
    duration: float | None
    resolutions: Sequence[str]
    is_trailer: bool
    director: str
    cast: Sequence[str]
    tags: Sequence[str]
    original_language: str
    genre: str
    release: str
    license_type: str
    license_url: str
    age_rating: int | None
    publish_at: str | None
    rights_until: str | None
    trailer: int | None
    # For administrators only; the version is for `If-Match`.
    is_published: NotRequired[bool]
    failure: NotRequired[FailureShape | None]
    damage: NotRequired[DamageShape | None]
    replacement: NotRequired[ReplacementShape | None]
    own_poster: NotRequired[OwnPosterShape]
    written: NotRequired[WrittenText]
    version: NotRequired[str]


class VideoPage(TypedDict):
    count: int
    next: str | None
    previous: str | None
    results: Sequence[ListedVideo]


class RankedVideos(TypedDict):
    """Videos, the best first; `next` is the `after` of the following ones, if there are any."""

    results: Sequence[ListedVideo]
    next: str | None


Listing = Prerendered[Sequence[ListedVideo] | VideoPage]


class _Rendering(NamedTuple):
    """A video as JSON text, and the length of the text inside an answer."""

    text: str
    bytes_in_answer: int


@dataclass(frozen=True, slots=True)
class Style:
    """Audience, language and text format of rendered videos."""

    audience: Audience
    language: Language
    is_plain: bool
    media_url: str
    # For administrators: when the signed URLs of the pictures of drafts expire.
    pictures_until: datetime | None = None

    def one(self, entry: Entry) -> Prerendered[ListedVideo]:
        key = "one", *self._key
        rendering: Prerendered[ListedVideo] | None = entry.renderings.get(key)
        if rendering is None:
            rendering = entry.renderings[key] = Prerendered.written(self._text(entry))
        return rendering

    def all(self, entries: Iterable[Entry], *, next_url: str = "") -> Listing:
        return Prerendered.written(f"[{self._joined(entries)}]", link_to(next_url))

    def page(self, entries: Iterable[Entry], frame: Mapping[str, Any]) -> Prerendered[Any]:
        return Prerendered.written(self.framed(entries, frame))

    def framed(self, entries: Iterable[Entry], frame: Mapping[str, Any]) -> str:
        opened = json.dumps(frame, ensure_ascii=False, separators=(",", ":")).removesuffix("}")
        return f'{opened},"results":[{self._joined(entries)}]}}'

    def ranked(self, page: RankedPage) -> Prerendered[Any]:
        """Return the videos of a page that fit into an answer, and where they go on."""
        entries, is_cut = self.fitting(page.entries)
        goes_on = entries and (is_cut or page.has_more)
        position = page.position_after(len(entries)) if goes_on else None
        reasons = {} if page.reasons is None else {"reasons": page.reasons[: len(entries)]}
        return self.page(entries, {"next": spelled_rank(position) if position else None, **reasons})

    def fitting(self, entries: Iterable[Entry]) -> tuple[Sequence[Entry], bool]:
        """Return the first entries that fit into an answer, and whether others do not."""
        return fitting(entries, lambda entry: self._rendering(entry).bytes_in_answer)

    def _joined(self, entries: Iterable[Entry]) -> str:
        return ",".join(self._text(entry) for entry in entries)

    def _text(self, entry: Entry) -> str:
        return self._rendering(entry).text

    def _rendering(self, entry: Entry) -> _Rendering:
        key = self._key
        rendering: _Rendering | None = entry.renderings.get(key)
        if rendering is None:
            shape = self.shape(entry)
            text = json.dumps(shape, ensure_ascii=False, separators=(",", ":"))
            rendering = entry.renderings[key] = _Rendering(text, bytes_in_answer(text))
        return rendering

    @classmethod
    def for_administrators(cls, language: Language, *, is_plain: bool) -> "Style":
        until = end_of_life(stage.clock().now(), _PICTURES_LAST_FOR)
        return cls(Audience.ADMINISTRATORS, language, is_plain, stage.settings().media_url, until)

    @property
    def _key(self) -> tuple[Hashable, ...]:
        # Without the audience: all viewers get the same JSON, and only administrators get
        # pictures whose URLs expire.
        return self.pictures_until, self.language, self.is_plain

    def shape(self, entry: Entry) -> ListedVideo:
        video = entry.video
        for_administrators = self.audience is Audience.ADMINISTRATORS
        card, media, summary = video.card, video.media, video.encode
        title, description = _in_language(video, self.language)
        # Viewers see a published revision as complete while a newer one is being encoded.
        is_done = media is not None and not for_administrators
        listed: ListedVideo = {
            "id": video.id,
            "title": self._said(title),
            "description": self._said(description),
            "created_at": video.created_at.isoformat(),
            "category": self._said(entry.category_in(self.language)),
            "thumbnail_url": self._picture(video, "thumbnail"),
            "poster_url": self._picture(video, "poster"),
            "hero_url": self._picture(video, "hero"),
            "conversion_status": EncodeStatus.COMPLETED if is_done else summary.status,
            "progress": _COMPLETE_PERCENT if is_done else summary.percent,
            "playable": video.is_playable,
            "duration": round(media.duration_seconds, 3) if media else None,
            "resolutions": [f"{height}p" for height in media.heights] if media else [],
            "is_trailer": card.is_trailer,
            "director": self._said(card.director),
            "cast": [self._said(each) for each in card.cast],
            "tags": [self._said(each) for each in card.tags],
            "original_language": card.original_language,
            "genre": self._said(card.genre),
            "release": self._said(card.release),
            "license_type": self._said(card.license_type),
            "license_url": self._said(card.license_url),
            "age_rating": card.age_rating,
            "publish_at": card.publish_at.isoformat() if card.publish_at else None,
            "trailer": card.trailer,
            "rights_until": card.rights_until.isoformat() if card.rights_until else None,
        }
        if for_administrators:
            listed["is_published"] = video.is_published
            listed["failure"] = failure_of(video, self.language)
            listed["damage"] = damage_of(video)
            listed["replacement"] = replacement_of(video, self.language)
            listed["own_poster"] = own_poster_of(video, self.language)
            listed["written"] = _written(video)
            listed["version"] = version_of_video(video)
        return listed

    def title(self, entry: Entry) -> str:
        return self._said(_in_language(entry.video, self.language)[0])

    def _said(self, text: str) -> str:
        return said(text, is_plain=self.is_plain)

    def _picture(self, video: Video, name: str) -> str:
        return picture_url(video, name, signed_until=self.pictures_until)


def _in_language(video: Video, language: Language) -> tuple[str, str]:
    card = video.card
    translation = card.translations.get(language)
    if translation is None:
        return card.title, card.description
    return translation.title or card.title, translation.description or card.description


def _written(video: Video) -> WrittenText:
    return {
        "title": video.card.title,
        "description": video.card.description,
        "translations": {
            language.value: {"title": each.title, "description": each.description}
            for language, each in video.card.translations.items()
        },
    }
