"""What a form with a field for each text and language writes on a card."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.api.core.curation import Reader
from chalicelib.api.core.fields_by_language import EMPTIED, ChangesByLanguage, WholeByLanguage
from chalicelib.api.dialects.djoser.videos import VideoWithVariants
from chalicelib.api.filling import fill
from chalicelib.catalogue.category_names import CategoryNames
from chalicelib.catalogue.model import Card, Translation, VideoId
from chalicelib.language import Language

_DAY = datetime(2026, 1, 2, tzinfo=UTC)
_GERMAN = Translation("Die Stadt & ich", "Stumm.")
_CARD = Card(
    "Metropolis & I",
    "A city.",
    "Drama & more",
    cast=("Brigitte Helm",),
    tags=("silent",),
    original_language="de",
    genre="Sci & Fi",
    age_rating=12,
    publish_at=_DAY,
    rights_until=datetime(2027, 1, 2, tzinfo=UTC),
    trailer=VideoId(7),
    translations={Language.GERMAN: _GERMAN},
)
_ESCAPED = {"category": "Drama &amp; more", "genre": "Sci &amp; Fi"}
_READ = {
    Language.ENGLISH: {"title": "Metropolis &amp; I", "description": "A city.", **_ESCAPED},
    Language.GERMAN: {"title": "Die Stadt &amp; ich", "description": "Stumm.", **_ESCAPED},
}


def reader(language: Language, *, is_plain: bool = False) -> Reader:
    return Reader(language, is_plain, CategoryNames.of(()))


def changed(card: Card, language: Language, **sent: object) -> Card:
    return fill(ChangesByLanguage, sent).written_on(card, reader(language, is_plain=True))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("form", [ChangesByLanguage, WholeByLanguage])
def test_what_is_sent_as_it_is_read_changes_nothing(
    form: type[ChangesByLanguage], language: Language
) -> None:
    texts = {"title_de": _GERMAN.title, "title_en": None, "release": None}
    for sent in (_READ[language], {**_READ[language], **texts}):
        assert fill(form, sent).written_on(_CARD, reader(language)) == _CARD


def test_a_whole_video_empties_what_answers_show_and_keeps_all_else() -> None:
    card = replace(_CARD, is_trailer=True, director="Lang", license_url="https://x.org")
    written = fill(WholeByLanguage, {"title": "M"}).written_on(card, reader(Language.ENGLISH))
    assert written == replace(card, title="M", **EMPTIED)


def test_all_that_is_emptied_is_in_the_answer() -> None:
    assert VideoWithVariants.__annotations__.keys() >= EMPTIED.keys()


def test_a_text_without_a_language_is_that_of_the_reader_alone() -> None:
    written = changed(_CARD, Language.GERMAN, title="Stadt")
    german = Translation("Stadt", "Stumm.")
    assert written == replace(_CARD, translations={Language.GERMAN: german})
    assert changed(_CARD, Language.ENGLISH, title="City") == replace(_CARD, title="City")


def test_without_texts_of_the_reader_it_is_the_text_of_all() -> None:
    card = replace(_CARD, translations={})
    assert changed(card, Language.GERMAN, title="Stadt") == replace(card, title="Stadt")
    both = changed(card, Language.GERMAN, title="City", title_de="Stadt")
    german = {Language.GERMAN: Translation("Stadt", "")}
    assert both == replace(card, title="City", translations=german)


def test_the_text_that_was_changed_counts_beside_one_that_was_sent_back() -> None:
    sent = {"title": "Stadt", "title_de": _GERMAN.title}
    assert changed(_CARD, Language.GERMAN, **sent).translations == {
        Language.GERMAN: Translation("Stadt", "Stumm.")
    }
    sent = {"title": "Stadt", "title_de": "Neu"}
    written = changed(_CARD, Language.GERMAN, **sent)
    assert (written.title, written.translations[Language.GERMAN].title) == (_CARD.title, "Neu")


def test_a_removed_translation_leaves_the_text_of_all_to_the_reader() -> None:
    written = changed(_CARD, Language.GERMAN, title="M", title_de=None, description_de="")
    assert written == replace(_CARD, title="M", translations={})
