"""Endpoints for administrators: add, change, publish and delete videos."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal, NamedTuple, Self, TypeVar

from chalice.app import Blueprint
from typing_extensions import override

from chalicelib.api.body import NoBody, flag, moment, per, text, texts, whole
from chalicelib.api.core.text_form import TEXT_FORM, said
from chalicelib.api.core.video_lookup import to_video_id
from chalicelib.api.core.video_shapes import ListedVideo, Style
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.preconditions import known_versions
from chalicelib.api.reply import Detail
from chalicelib.api.request import Call
from chalicelib.catalogue.category_names import CategoryNames
from chalicelib.catalogue.model import (
    DATES,
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_TITLE,
    LONGEST_URL,
    MOST_CAST,
    MOST_TAGS,
    NO_AGE_LIMIT,
    Card,
    Translation,
    Video,
)
from chalicelib.catalogue.versions import KnownVersions
from chalicelib.clock import LARGEST_ID
from chalicelib.language import Language
from chalicelib.wiring import catalogue

api = Api(OFFICIAL, Blueprint(__name__))


_NUMBERS = ("age_rating", "trailer")
TEXTS = ("director", "genre", "release", "license_type", "license_url")
NO_TRANSLATION = Translation("", "")


def _words(longest: int = LONGEST_NAME) -> Any:
    return text(longest=longest, required=False, may_be_blank=True)


class Reader(NamedTuple):
    """In which language and form the caller reads texts."""

    language: Language
    is_plain: bool
    names: CategoryNames


@dataclass(frozen=True, slots=True)
class TranslationForm:
    title: str = text(longest=LONGEST_TITLE)
    description: str | None = _words(LONGEST_DESCRIPTION)


@dataclass(frozen=True, slots=True)
class VideoChanges:
    title: str | None = text(longest=LONGEST_TITLE, required=False)
    description: str | None = _words(LONGEST_DESCRIPTION)
    category: str | None = _words()
    is_trailer: bool | None = flag()
    director: str | None = _words()
    cast: tuple[str, ...] | None = texts(most=MOST_CAST, longest=LONGEST_NAME)
    tags: tuple[str, ...] | None = texts(most=MOST_TAGS, longest=LONGEST_NAME)
    original_language: str | None = _words()
    genre: str | None = _words()
    release: str | None = _words()
    license_type: str | None = _words()
    license_url: str | None = _words(LONGEST_URL)
    age_rating: int | Literal[""] | None = whole(
        smallest=0, largest=NO_AGE_LIMIT, required=False, may_be_null=True
    )
    publish_at: str | None = moment(may_be_blank=True)
    rights_until: str | None = moment(may_be_blank=True)
    # 0 stands for none, too.
    trailer: int | Literal[""] | None = whole(
        smallest=0, largest=LARGEST_ID, required=False, may_be_null=True
    )
    translations: dict[Language, TranslationForm] | None = per(Language, TranslationForm)
    is_published: bool | None = flag()

    def written_on(self, card: Card, reader: Reader, /) -> Card:
        """Return the card with the fields that were sent; this form may lack some of a card."""
        return replace(card, **self.as_stored(card, reader).fields_of_card())

    def as_stored(self, card: Card, reader: Reader) -> Self:
        """Return it with stored texts instead of those that were sent as the reader gets them.

        With translations, title and description are the texts for all languages.
        """
        known = as_read(
            card if self.translations is None else replace(card, translations={}), reader
        )
        stored = {
            name: getattr(card, name)
            for name, value in known.items()
            if getattr(self, name) == value
        }
        return replace(self, **stored)

    def fields_of_card(self) -> dict[str, Any]:
        """Return the fields of a card that were sent, by name."""
        names = {each.name for each in fields(Card)} & {each.name for each in fields(self)}
        sent = {name: value for name in names if (value := getattr(self, name)) is not None}
        for name in _NUMBERS:
            if sent.get(name) == "":
                sent[name] = None
        for name in DATES:
            if name in sent:
                sent[name] = datetime.fromisoformat(sent[name]) if sent[name] else None
        if self.translations is not None:
            sent["translations"] = {
                language: Translation(each.title, each.description or "")
                for language, each in self.translations.items()
            }
        return sent


@dataclass(frozen=True, slots=True)
class WholeVideo(VideoChanges):
    """A whole video: what answers have and it has not is empty, apart from translations."""

    title: str = text(longest=LONGEST_TITLE)

    @override
    def written_on(self, card: Card, reader: Reader, /) -> Card:
        empty = Card("", translations=card.translations)
        return replace(empty, **self.as_stored(card, reader).fields_of_card())


def as_read(card: Card, reader: Reader) -> Mapping[str, Any]:
    """Return the texts of a card in the form in which the reader gets them."""
    own = card.translations.get(reader.language, NO_TRANSLATION)
    texts = {name: getattr(card, name) for name in TEXTS} | {
        "title": own.title or card.title,
        "description": own.description or card.description,
        "category": reader.names.present_name(card.category, reader.language),
    }
    read = {name: said(each, is_plain=reader.is_plain) for name, each in texts.items()}
    lists = {
        name: tuple(said(each, is_plain=reader.is_plain) for each in getattr(card, name))
        for name in ("cast", "tags")
    }
    return {**read, **lists}


C = TypeVar("C", bound=VideoChanges)


@api.post("/video", WholeVideo, access=Access.ADMIN, success=201, query=TEXT_FORM)
def add_video(call: Call[WholeVideo]) -> ListedVideo:
    """Add a video without media; viewers see it once it is published and has media."""
    style = _style(call)
    return _shape(style, added(call))


@api.patch(
    "/video/{video_id}",
    VideoChanges,
    access=Access.ADMIN,
    query=TEXT_FORM,
)
def change_video(call: Call[VideoChanges], video_id: str) -> ListedVideo:
    """Change the fields that are sent; all others stay.

    What is sent as the answer shows it stays as it is.
    """
    style = _style(call)
    return _shape(style, changed(call, video_id, known=known_versions(call)))


@api.put("/video/{video_id}", WholeVideo, access=Access.ADMIN, query=TEXT_FORM)
def replace_video(call: Call[WholeVideo], video_id: str) -> ListedVideo:
    """Replace the texts of a video; fields that are not sent become empty.

    Translations and `is_published` stay unless they are sent. What is sent as the answer shows it
    stays as it is.
    """
    style = _style(call)
    return _shape(style, changed(call, video_id, known=known_versions(call)))


@api.delete("/video/{video_id}", NoBody, access=Access.ADMIN)
def remove_video(call: Call[NoBody], video_id: str) -> Detail:
    """Delete a video and its media, and cancel its encode."""
    remove(video_id, known=known_versions(call))
    return {"detail": "The video has been deleted."}


def added(call: Call[C]) -> Video:
    card = call.body.written_on(Card(""), _reader(call))
    return catalogue.curation().add(card, is_published=bool(call.body.is_published))


def changed(call: Call[C], video_id: str, *, known: KnownVersions | None = None) -> Video:
    return catalogue.curation().change(
        to_video_id(video_id),
        lambda card: call.body.written_on(card, _reader(call)),
        is_published=call.body.is_published,
        known=known,
    )


def remove(video_id: str, *, known: KnownVersions | None = None) -> None:
    catalogue.curation().remove(to_video_id(video_id), known=known)


def _reader(call: Call[Any]) -> Reader:
    names = catalogue.catalogue_cache().snapshot().names
    return Reader(call.visitor.language, call.text_is_plain, names)


def _style(call: Call[Any]) -> Style:
    return Style.for_administrators(call.visitor.language, is_plain=call.text_is_plain)


def _shape(style: Style, video: Video) -> ListedVideo:
    return style.shape(catalogue.catalogue_cache().snapshot().entry_of(video))
