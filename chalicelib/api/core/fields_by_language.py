"""Forms of videos with a field for each text and language, as django-modeltranslation has them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from typing_extensions import override

from chalicelib.api.body import text
from chalicelib.api.core.curation import VideoChanges
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
    def written_on(self, card: Card, language: Language, /) -> Card:
        """Return the changed card; a text without a language is also that of the caller's."""
        written = VideoChanges.written_on(self, card, language)
        own = {each: self._translation(written, each, language) for each in Language}
        return replace(written, translations=_without_empty({**written.translations, **own}))

    def _translation(self, card: Card, language: Language, callers: Language) -> Translation:
        before = card.translations.get(language, _NONE)
        is_read = language is callers and before != _NONE
        return Translation(
            _first(
                getattr(self, f"title_{language}"), self.title if is_read else None, before.title
            ),
            _first(
                getattr(self, f"description_{language}"),
                self.description if is_read else None,
                before.description,
            ),
        )


@dataclass(frozen=True, slots=True)
class WholeByLanguage(ChangesByLanguage):
    title: str = text(longest=LONGEST_TITLE)


def _without_empty(
    translations: Mapping[Language, Translation],
) -> Mapping[Language, Translation]:
    return {language: each for language, each in translations.items() if each != _NONE}


def _first(*texts: str | None) -> str:
    return next(each for each in texts if each is not None)
