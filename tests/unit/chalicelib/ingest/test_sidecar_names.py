"""The name of a subtitle file says its language and kind, in any order and case."""

import pytest

from chalicelib.ingest.sidecar_names import Meaning, meaning_of, parted


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("DE", Meaning("de")),
        ("de-DE", Meaning("de-DE")),
        ("pt_br", Meaning("pt-BR")),
        ("deu", Meaning("de")),
        ("GER", Meaning("de")),
        ("german", Meaning("de")),
        ("Deutsch", Meaning("de")),
        ("Englisch", Meaning("en")),
        ("fran\u00e7ais", Meaning("fr")),
        ("franc\u0327ais", Meaning("fr")),
        ("de.forced", Meaning("de", is_forced=True)),
        ("forced.de", Meaning("de", is_forced=True)),
        ("sdh", Meaning("und", is_for_deaf=True)),
        ("CC.de", Meaning("de", is_for_deaf=True)),
        ("de.hi", Meaning("de", is_for_deaf=True)),
        ("hi", Meaning("hi")),
        ("hi.forced", Meaning("hi", is_forced=True)),
        ("hi.sdh", Meaning("hi", is_for_deaf=True)),
        ("sdh.forced.eng", Meaning("en", is_forced=True, is_for_deaf=True)),
    ],
)
def test_words_say_language_and_kind(words: str, meaning: Meaning) -> None:
    assert meaning_of(words.split(".")) == meaning
    assert meaning_of(meaning.words.split(".")) == meaning


def test_no_words_say_nothing() -> None:
    assert meaning_of([]) == Meaning("und")


@pytest.mark.parametrize("words", ["klingonese", "de.en", "x", "", "de.final", "e\n"])
def test_other_words_are_not_read(words: str) -> None:
    assert meaning_of(words.split(".")) is None


@pytest.mark.parametrize(
    ("stem", "video", "unread"),
    [
        ("Drama/Tape", "Drama/Tape", ""),
        ("Tape.de.sdh", "Tape", ""),
        ("My.Long.Tape.de", "My.Long.Tape", "Tape"),
        ("Tape.klingonese", "Tape.klingonese", "klingonese"),
        ("Tape.de.en", "Tape.de", "de"),
    ],
)
def test_a_name_is_parted_into_its_video_and_the_words(stem: str, video: str, unread: str) -> None:
    assert parted(stem) == (video, unread)
