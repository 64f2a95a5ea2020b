"""Which spellings are one, what a word is, and how many errors are in it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalogue.spelling import (
    errors_in,
    hyphenated,
    mistyped_once,
    spelled,
    tolerance,
    with_another_beginning,
    with_umlauts,
    words_in,
)

MANY = 9
WORDS = st.text("abcd", max_size=7)


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("MÜNCHEN", "muenchen"),
        ("Mu\N{COMBINING DIAERESIS}nchen", "muenchen"),
        ("Straße", "strasse"),
        ("Amélie", "amelie"),
        ("Smørrebrød", "smoerrebroed"),
        ("Łódź", "lodz"),
        ("Ærø", "aeroe"),
        (
            "Y\N{LATIN SMALL LETTER DOTLESS I}ld\N{LATIN SMALL LETTER DOTLESS I}z İstanbul",
            "yildiz istanbul",
        ),
        ("Ἀθῆναι", "αθηναι"),
        ("\N{LATIN SMALL LIGATURE FI}lm \N{FULLWIDTH DIGIT TWO}", "film 2"),
        ("서울", "서울"),
    ],
)
def test_accents_case_and_width_make_no_difference(text: str, spelling: str) -> None:
    assert spelled(text) == spelling


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ocean's 11: don't!", ["oceans", "11", "dont"]),
        ("l'amour d\N{RIGHT SINGLE QUOTATION MARK}été", ["l", "amour", "d", "ete"]),
        ("Spider-Man_2", ["spider", "man", "2"]),
        ("हिन्दी फ़िल्म", ["हिनदी", "फिलम"]),
        ("“…” \N{EN DASH}", []),
        ("", []),
        ("x" * 100, ["x" * 60]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert words_in(text) == words


def test_words_with_hyphens_are_also_one_word() -> None:
    assert hyphenated("The Spider-Man of Baden-Württemberg - a film-") == [
        "spiderman",
        "badenwuerttemberg",
    ]


def test_vowels_may_stand_for_umlauts() -> None:
    assert with_umlauts("munchen") == ["munchen"[:1] + "uenchen"]
    assert set(with_umlauts("uber")) == {"ueber"}
    assert set(with_umlauts("alto")) == {"altoe", "aelto", "aeltoe"}
    assert with_umlauts("xyz") == []
    assert len(with_umlauts("aaaaaaaaaa")) == 15


@pytest.mark.parametrize(
    ("typed", "word", "errors"),
    [
        ("metropolis", "metropolis", 0),
        ("metroplis", "metropolis", 1),
        ("mettropolis", "metropolis", 1),
        ("metrupolis", "metropolis", 1),
        ("metrpoolis", "metropolis", 1),
        ("emtroplis", "metropolis", 2),
        ("", "abc", 3),
        ("abc", "", 3),
        ("ca", "abc", 3),
    ],
)
def test_errors_are_counted(typed: str, word: str, errors: int) -> None:
    assert errors_in(typed, word, most=MANY) == errors


def test_a_beginning_may_have_errors_too() -> None:
    assert errors_in("mertop", "metropolis", most=2, as_beginning=True) == 1
    assert errors_in("metrop", "metropolis", most=2) > 2


@given(WORDS, WORDS, st.integers(0, 3))
def test_the_bound_changes_no_number_within_it(typed: str, word: str, most: int) -> None:
    errors = errors_in(typed, word, most=MANY)
    assert errors == errors_in(word, typed, most=MANY)
    assert (errors_in(typed, word, most=most) == errors) or errors > most
    beginnings = [errors_in(typed, word[:end], most=MANY) for end in range(len(word) + 1)]
    bounded = errors_in(typed, word, most=most, as_beginning=True)
    assert bounded == min(beginnings) or min(bounded, *beginnings) > most


@given(WORDS, WORDS)
def test_every_spelling_with_one_error_is_among_those_that_were_mistyped_once(
    typed: str, word: str
) -> None:
    if errors_in(typed, word, most=MANY) == 1:
        assert word in set(mistyped_once(typed))


def test_no_spelling_has_more_errors_than_one() -> None:
    spellings = set(mistyped_once("moon")) - {"moon"}
    assert {"mon", "mooon", "m0on", "omon", "moons"} <= spellings
    assert {errors_in("moon", each, most=MANY) for each in spellings} == {1}


def test_longer_words_may_have_more_errors() -> None:
    tolerances = [tolerance("x" * length) for length in range(12)]
    assert all(shorter <= longer for shorter, longer in pairwise(tolerances))
    assert [tolerances[length] for length in (2, 3, 5, 6)] == [0, 1, 1, 2]


def test_words_with_an_error_at_their_beginning() -> None:
    words = set(with_another_beginning("emtropolis"))
    assert {"metropolis", "mtropolis", "aemtropolis", "zmtropolis"} <= words
    assert "metropolis" in set(with_another_beginning("etropolis"))
    assert "metropolis" in set(with_another_beginning("netropolis"))
