"""Forms of videos with a field for each text and language, as django-modeltranslation has them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from typing_extensions import override

from chalicelib.api.body import text
from chalicelib.api.core.curation import Reader, VideoChanges
from chalicelib.api.core.text_form import said
from chalicelib.catalogue.model import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_TITLE,
    LONGEST_URL,
    Card,
    Translation,
)
from chalicelib.language import Language

_NONE = Translation("", "")
_TEXTS = ("director", "genre", "release", "license_type", "license_url")
# What becomes empty if the whole video is sent without it: each is in the answers.
EMPTIED: Mapping[str, Any] = {
    "description": "",
    "category": "",
    "is_trailer": False,
    **dict.fromkeys(_TEXTS, ""),
}


def _text(longest: int) -> Any:
    return text(longest=longest, required=False, may_be_blank=True, may_be_null=True)


@dataclass(frozen=True, slots=True)
class ChangesByLanguage(VideoChanges):
    """Changes, in which null is an empty text, so that an answer can be sent back as it came."""

    release: str | None = _text(LONGEST_NAME)
    license_url: str | None = _text(LONGEST_URL)
    title_en: str | None = _text(LONGEST_TITLE)
    title_de: str | None = _text(LONGEST_TITLE)
    description_en: str | None = _text(LONGEST_DESCRIPTION)
    description_de: str | None = _text(LONGEST_DESCRIPTION)

    @override
    def written_on(self, card: Card, reader: Reader, /) -> Card:
        """Return the changed card; what is sent as the reader gets it stays as it is.

        A text without a language is that of the reader's, if the video has any texts in it.
        """
        form = self._without_known(card, reader)
        translations = {**card.translations, **form.fields_of_card().get("translations", {})}
        named = {each: form.changed_in(each, translations.get(each, _NONE)) for each in Language}
        own = named[reader.language]
        if _NONE not in (own, card.translations.get(reader.language, _NONE)):
            named[reader.language] = Translation(
                _first(form.text_in(reader.language, "title"), form.title, own.title),
                _first(
                    form.text_in(reader.language, "description"), form.description, own.description
                ),
            )
            form = replace(form, title=None, description=None)
        written = VideoChanges.written_on(form, card, reader)
        return replace(written, translations=_without_empty(named))

    def text_in(self, language: Language, name: str) -> str | None:
        sent: str | None = getattr(self, f"{name}_{language}")
        return sent

    def changed_in(self, language: Language, before: Translation) -> Translation:
        return Translation(
            _first(self.text_in(language, "title"), before.title),
            _first(self.text_in(language, "description"), before.description),
        )

    def _without_known(self, card: Card, reader: Reader) -> Self:
        known = _as_read(card, reader)
        same = [name for name, value in known.items() if getattr(self, name) == value]
        return replace(self, **dict.fromkeys(same))


@dataclass(frozen=True, slots=True)
class WholeByLanguage(ChangesByLanguage):
    """A whole video: what answers have and it has not is empty, apart from other languages."""

    title: str = text(longest=LONGEST_TITLE)

    @override
    def written_on(self, card: Card, reader: Reader, /) -> Card:
        empty = {name: value for name, value in EMPTIED.items() if getattr(self, name) is None}
        return ChangesByLanguage.written_on(replace(self, **empty), card, reader)


def _as_read(card: Card, reader: Reader) -> Mapping[str, str]:
    """Return the texts of a card in the form in which the reader gets them."""
    own = card.translations.get(reader.language, _NONE)
    stored = {name: getattr(card, name) for name in _TEXTS} | {
        "title": own.title or card.title,
        "description": own.description or card.description,
        "category": reader.names.present_name(card.category),
    }
    by_language = {
        f"{name}_{language}": getattr(card.translations.get(language, _NONE), name)
        for name in ("title", "description")
        for language in Language
    }
    return {name: said(each, is_plain=reader.is_plain) for name, each in stored.items()} | (
        by_language
    )


def _without_empty(
    translations: Mapping[Language, Translation],
) -> Mapping[Language, Translation]:
    return {language: each for language, each in translations.items() if each != _NONE}


def _first(*texts: str | None) -> str:
    return next(each for each in texts if each is not None)
