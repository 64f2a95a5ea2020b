"""Forms of videos with a field for each text and language, as django-modeltranslation has them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from typing_extensions import override

from chalicelib.api.body import REQUIRED, text
from chalicelib.api.core.curation import NO_TRANSLATION, TEXTS, Reader, VideoChanges, as_read
from chalicelib.catalogue.model import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_TITLE,
    LONGEST_URL,
    Card,
    Translation,
)
from chalicelib.errors import InvalidInput
from chalicelib.language import Language

# What becomes empty if the whole video is sent without it: each is in the answers.
EMPTIED: Mapping[str, Any] = {
    "description": "",
    "category": "",
    "is_trailer": False,
    **dict.fromkeys(TEXTS, ""),
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
        named = {
            each: form.changed_in(each, translations.get(each, NO_TRANSLATION)) for each in Language
        }
        own = named[reader.language]
        if NO_TRANSLATION not in (own, card.translations.get(reader.language, NO_TRANSLATION)):
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

    title: str | None = text(longest=LONGEST_TITLE, required=False)

    @override
    def written_on(self, card: Card, reader: Reader, /) -> Card:
        """Return the written card; without a title, one of a language is that of a new video."""
        name = self.title or self._name_by_language(reader.language)
        if not name:
            raise InvalidInput(fields={"title": [REQUIRED]})
        sent: dict[str, Any] = {
            name: value for name, value in EMPTIED.items() if getattr(self, name) is None
        }
        if not card.title:
            sent["title"] = name
        return ChangesByLanguage.written_on(replace(self, **sent), card, reader)

    def _name_by_language(self, own: Language) -> str | None:
        """Return the title in the caller's language, else in English, else in any."""
        return next(filter(None, (self.text_in(each, "title") for each in (own, *Language))), None)


def _as_read(card: Card, reader: Reader) -> Mapping[str, Any]:
    """Return all that the reader gets; texts by language are never HTML."""
    by_language = {
        f"{name}_{language}": getattr(card.translations.get(language, NO_TRANSLATION), name)
        for name in ("title", "description")
        for language in Language
    }
    return {**as_read(card, reader), **by_language}


def _without_empty(
    translations: Mapping[Language, Translation],
) -> Mapping[Language, Translation]:
    return {language: each for language, each in translations.items() if each != NO_TRANSLATION}


def _first(*texts: str | None) -> str:
    return next(each for each in texts if each is not None)
