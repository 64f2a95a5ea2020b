"""Translation of messages."""

import copy
from pathlib import Path

import pytest

from chalicelib.api import translation
from chalicelib.api.translation import translate_body, translate_refusal, translated
from chalicelib.encoding.failures import SENTENCES, Reason, failure
from chalicelib.errors import InvalidInput
from chalicelib.language import Language, Text

LONGEST = Text("Ensure this field has no more than {most} characters.", most=5)


def test_english_texts_stay_unchanged() -> None:
    assert translated("Anything at all.", Language.ENGLISH) == "Anything at all."
    assert str(LONGEST) == "Ensure this field has no more than 5 characters."


def test_a_language_without_translations_gets_english(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(translation, "LANGUAGES", tmp_path)
    monkeypatch.setattr(translation, "_texts", translation._texts.__wrapped__)
    assert translated("Please sign in.", Language.GERMAN) == "Please sign in."
    assert translated(LONGEST, Language.GERMAN) == LONGEST


def test_a_sentence_with_values_keeps_them() -> None:
    assert translated(LONGEST, Language.GERMAN) == "Dieses Feld darf höchstens 5 Zeichen haben."


def test_a_sentence_inside_another_is_translated_too() -> None:
    inside = Text("{option}, {field}: {said}", option="de", field="title", said=LONGEST)
    assert translated(inside, Language.GERMAN) == (
        "de, title: Dieses Feld darf höchstens 5 Zeichen haben."
    )


@pytest.mark.parametrize(
    ("reason", "measured", "german"),
    [
        (Reason.DAMAGED, "Only 12% of it can be read.", "Nur 12 % davon sind lesbar."),
        (
            Reason.DAMAGED,
            "Only 12% of its pictures and 7% of its sound can be read.",
            "Nur 12 % der Bilder und 7 % des Tons sind lesbar.",
        ),
        (Reason.CORRUPT, "Its clock jumps backwards.", "Ihre Uhr springt zurück."),
        (
            Reason.TOO_COSTLY,
            "It would take about 101 minutes of one core, or 0.08 dollars.",
            "Das wären etwa 101 Minuten eines Prozessorkerns, oder 0,08 Dollar.",
        ),
        (Reason.TOO_LONG, "The limit is 1.5 min.", "Die Grenze ist 1,5 min."),
        (
            Reason.TOO_MANY_PIXELS,
            "The limit is 8192 by 4608 pixels.",
            "Die Grenze ist 8192 mal 4608 Bildpunkte.",
        ),
        (Reason.NOT_PROVEN, "(frames, duration)", "(frames, duration)"),
        (Reason.DAMAGED, "Half of it is noise.", "Half of it is noise."),
    ],
)
def test_a_stored_reason_is_translated_with_its_numbers(
    reason: Reason, measured: str, german: str
) -> None:
    stored = failure(reason, measured).text
    assert translated(stored, Language.ENGLISH) == stored
    sentence = translated(SENTENCES[reason], Language.GERMAN)
    assert translated(stored, Language.GERMAN) == f"{sentence} {german}"
    assert sentence != SENTENCES[reason]


@pytest.mark.parametrize(
    ("stored", "german", "names"),
    [
        (
            "Subtitles 12: letters that are not Unicode were read as {}.",
            "Untertitel 12: Buchstaben, die nicht in Unicode stehen, wurden als {} gelesen.",
            ("Windows-1252", "Shift_JIS", "UTF-16"),
        ),
        (
            "Sound track 2: some of its channels ({}) are not heard.",
            "Tonspur 2: einige ihrer Kanäle ({}) sind nicht zu hören.",
            ("22.2", "hexadecagonal"),
        ),
    ],
)
def test_a_stored_sentence_is_translated_around_the_name_in_it(
    stored: str, german: str, names: tuple[str, ...]
) -> None:
    for name in names:
        assert translated(stored.format(name), Language.ENGLISH) == stored.format(name)
        assert translated(stored.format(name), Language.GERMAN) == german.format(name)


def test_a_note_is_translated_before_names_that_look_like_sentences() -> None:
    known = SENTENCES[Reason.NOT_VIDEO]
    named = f'{known} "Mr. Robot. A tale.srt"'
    german = f'{translated(known, Language.GERMAN)} "Mr. Robot. A tale.srt"'
    assert translated(named, Language.GERMAN) == german


def test_a_reason_stored_by_an_earlier_version_is_translated_with_its_numbers() -> None:
    stored = "The picture is larger than this site allows."
    assert translated(stored, Language.GERMAN) == "Das Bild ist größer, als hier erlaubt ist."
    stored = "This file is not a video. It is a still picture."
    assert (
        translated(stored, Language.GERMAN) == "Diese Datei ist kein Video. Es ist ein Standbild."
    )


@pytest.mark.parametrize("language", Language)
def test_a_value_of_a_user_is_escaped_as_html(
    language: Language,
) -> None:
    template = "{option}, {field}: {said}"
    inside = Text(template, option="{x}", field="title", said='<b> & "it\'s"')
    assert translated(inside, language) == '{x}, title: &lt;b&gt; &amp; "it\'s"'
    outside = Text(template, option="a", field="b", said=inside)
    assert translated(outside, language) == 'a, b: {x}, title: &lt;b&gt; &amp; "it\'s"'
    plain = translated(outside, language, is_plain=True)
    assert plain == 'a, b: {x}, title: <b> & "it\'s"'


@pytest.mark.parametrize(
    "unknown",
    [
        "",
        "{braces}",
        "This has no translation.",
        "a. b. c.",
        "Only 1 {}.",
        " . 7",
        "X. Only {}% of it can be read.",
        "Hi. Use at least {least} characters.",
        "Subtitles {}: letters that are not Unicode were read as Windows-1252.",
        "Subtitles 1: letters that are not Unicode were read as .",
        "Subtitles 1: letters that are not Unicode were read as Windows-1252",
        "Subtitles x: letters that are not Unicode were read as Windows-1252.",
        "Sound track 2: some of its channels (22.2) are heard.",
    ],
)
def test_a_text_without_a_translation_stays_unchanged(unknown: str) -> None:
    assert translated(unknown, Language.GERMAN) == unknown


def test_every_leaf_of_a_refusal_is_translated() -> None:
    assert translate_refusal(Language.GERMAN, {"a": "Please sign in.", "b": [LONGEST, "?"]}) == {
        "a": "Bitte melde dich an.",
        "b": ["Dieses Feld darf höchstens 5 Zeichen haben.", "?"],
    }


def test_only_the_sentences_of_an_answer_are_translated() -> None:
    title = {"title": "Please sign in."}
    assert translate_body(Language.GERMAN, title) == (title, False)
    assert translate_body(Language.GERMAN, [title]) == ([title], False)
    assert translate_body(Language.GERMAN, {"detail": "Please sign in.", **title}) == (
        {"detail": "Bitte melde dich an.", **title},
        True,
    )


def test_an_error_keeps_its_translatable_text() -> None:
    assert InvalidInput(LONGEST).text is LONGEST
    assert str(InvalidInput(LONGEST)) == LONGEST


def test_a_copy_of_a_text_is_the_same_text() -> None:
    copied = copy.deepcopy(LONGEST)
    assert translated(copied, Language.GERMAN) == translated(LONGEST, Language.GERMAN)
