"""How a title looks to clients: the fields of the official API, text as HTML, addresses whole."""

import html
import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from chalicelib.api.reply import Prerendered
from chalicelib.catalogue import media_keys
from chalicelib.catalogue.model import ConversionStatus, Video
from chalicelib.catalogue.snapshot import Audience, Entry
from chalicelib.language import Language

_ALL = 100


class FailureShape(TypedDict):
    code: str
    text: str


class TextShape(TypedDict):
    title: str
    description: str


class WrittenText(TypedDict):
    """What an administrator wrote, in the language of the house and in others, never as HTML."""

    title: str
    description: str
    translations: dict[str, TextShape]


class ListedVideo(TypedDict):
    """Text is HTML, because pages put it into themselves as such; see the parameter `text`."""

    id: int
    title: str
    description: str
    created_at: str
    category: str
    thumbnail_url: str
    poster_url: str
    hero_url: str
    conversion_status: str
    progress: int
    playable: bool
    duration: float | None
    resolutions: Sequence[str]
    is_trailer: bool
    director: str
    genre: str
    release: str
    license_type: str
    license_url: str
    # For administrators only.
    is_published: NotRequired[bool]
    failure: NotRequired[FailureShape | None]
    written: NotRequired[WrittenText]


class VideoPage(TypedDict):
    count: int
    next: str | None
    previous: str | None
    results: Sequence[ListedVideo]


@dataclass(frozen=True, slots=True)
class Style:
    """For whom a title is put into words."""

    audience: Audience
    language: Language
    is_plain: bool
    media_url: str

    def one(self, entry: Entry) -> Prerendered[ListedVideo]:
        key = "one", *self._key
        made: Prerendered[ListedVideo] | None = entry.renderings.get(key)
        if made is None:
            made = entry.renderings[key] = Prerendered.written(self._text(entry))
        return made

    def all(self, entries: Iterable[Entry]) -> Prerendered[Sequence[ListedVideo] | VideoPage]:
        return Prerendered.written(f"[{self._joined(entries)}]")

    def page(
        self, entries: Iterable[Entry], frame: Mapping[str, int | str | None]
    ) -> Prerendered[Sequence[ListedVideo] | VideoPage]:
        opened = json.dumps(frame, separators=(",", ":")).removesuffix("}")
        return Prerendered.written(f'{opened},"results":[{self._joined(entries)}]}}')

    def _joined(self, entries: Iterable[Entry]) -> str:
        return ",".join(map(self._text, entries))

    def _text(self, entry: Entry) -> str:
        key = self._key
        text: str | None = entry.renderings.get(key)
        if text is None:
            shape = self.shape(entry.video)
            text = json.dumps(shape, ensure_ascii=False, separators=(",", ":"))
            entry.renderings[key] = text
        return text

    @property
    def _key(self) -> tuple[Hashable, ...]:
        return self.audience is Audience.CURATORS, self.language, self.is_plain

    def shape(self, video: Video) -> ListedVideo:
        for_curators = self.audience is Audience.CURATORS
        card, shown, conversion = video.card, video.shown, video.conversion
        title, description = _in_language(video, self.language)
        # To viewers an earlier revision is complete, while a newer one is being made.
        is_done = shown is not None and not for_curators
        listed: ListedVideo = {
            "id": video.id,
            "title": self._said(title),
            "description": self._said(description),
            "created_at": video.created_at.isoformat(),
            "category": self._said(card.category),
            "thumbnail_url": self._picture(video, "thumbnail"),
            "poster_url": self._picture(video, "poster"),
            "hero_url": self._picture(video, "hero"),
            "conversion_status": ConversionStatus.COMPLETED if is_done else conversion.status,
            "progress": _ALL if is_done else conversion.percent,
            "playable": video.is_playable,
            "duration": round(shown.duration_seconds, 3) if shown else None,
            "resolutions": [f"{height}p" for height in shown.heights] if shown else [],
            "is_trailer": card.is_trailer,
            "director": self._said(card.director),
            "genre": self._said(card.genre),
            "release": self._said(card.release),
            "license_type": self._said(card.license_type),
            "license_url": self._said(card.license_url),
        }
        if for_curators:
            listed["is_published"] = video.is_published
            listed["failure"] = _failure(video)
            listed["written"] = _written(video)
        return listed

    def _said(self, text: str) -> str:
        return text if self.is_plain else html.escape(text)

    def _picture(self, video: Video, name: str) -> str:
        shown = video.shown
        key = media_keys.image(video.id, shown.revision, name) if shown else media_keys.PLACEHOLDER
        return f"{self.media_url}/{key}"


def _in_language(video: Video, language: Language) -> tuple[str, str]:
    card = video.card
    translation = card.translations.get(language)
    if translation is None:
        return card.title, card.description
    return translation.title or card.title, translation.description or card.description


def _failure(video: Video) -> FailureShape | None:
    failure = video.conversion.failure
    return {"code": failure.code, "text": failure.text} if failure else None


def _written(video: Video) -> WrittenText:
    return {
        "title": video.card.title,
        "description": video.card.description,
        "translations": {
            language.value: {"title": each.title, "description": each.description}
            for language, each in video.card.translations.items()
        },
    }
