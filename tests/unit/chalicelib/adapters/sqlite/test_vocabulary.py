"""Which words answer a word of a search."""

import sqlite3
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.sqlite import vocabulary
from chalicelib.adapters.sqlite.vocabulary import Vocabulary
from chalicelib.adapters.sqlite.words import TABLES
from chalicelib.catalogue.spelling import errors_in, tolerance


def knowing(words: Iterable[str], **categories: list[str]) -> Vocabulary:
    connection = sqlite3.connect(":memory:")
    connection.executescript(TABLES)
    connection.executemany(
        "INSERT INTO vocabulary VALUES (?, ?)",
        ((each.removesuffix("!"), each.endswith("!")) for each in words),
    )
    return Vocabulary(connection, categories)


def test_a_word_is_itself_or_else_what_it_is_with_umlauts() -> None:
    words = knowing(["gust", "guest", "muenchen"])
    assert words.spellings("gust") == ["gust"]
    assert words.spellings("munchen") == ["muenchen"]
    assert words.spellings("unknown") == ["unknown"]


def test_a_word_of_a_category_answers_as_well() -> None:
    words = knowing(["crime"], crime=["@krimi", "@crime"])
    assert words.exact("crime") == ["crime", "@krimi", "@crime"]
    assert words.longer("cri") == ["cri", "crime", "@krimi", "@crime"]
    assert (1, "@krimi") in words.similar("crmie", most=1, as_beginning=True)


def test_longer_words_begin_alike_those_of_names_first() -> None:
    words = knowing(["moon", "moons", "moonlight!", "moor", "moeoen", "mo"])
    assert words.longer("moon") == ["moon", "moonlight", "moons", "moeoen"]


def test_of_many_longer_words_some_are_taken() -> None:
    words = knowing(f"moon{number}" for number in range(1000))
    assert len(words.longer("moon")) == vocabulary.MOST_LONGER
    assert len(words.longer("moon", most=5)) == 5


def test_similar_words_are_the_nearest_those_of_names_first() -> None:
    words = knowing(["metropolis!", "metropolit", "metropole!", "micropolis"])
    assert words.similar("metroplis", most=1, as_beginning=False) == [(1, "metropolis")]
    assert words.similar("metropolix", most=1, as_beginning=False) == [
        (1, "metropolis"),
        (1, "metropolit"),
    ]
    assert words.similar("mertop", most=1, as_beginning=True)[0] == (1, "metropole")
    assert words.similar("mertop", most=1, as_beginning=False) == []


def test_longer_words_may_have_two_errors() -> None:
    words = knowing(["metropolis", "moons"])
    assert words.similar("metorplis", most=1, as_beginning=False) == []
    assert words.similar("metorplis", most=2, as_beginning=False) == [(2, "metropolis")]
    assert words.similar("metorplsi", most=2, as_beginning=False) == []
    assert words.similar("mosns", most=2, as_beginning=False) == [(1, "moons")]
    assert words.similar("mosn", most=2, as_beginning=False) == []


@pytest.mark.parametrize("typed", ["etropolis", "emtropolis", "netropolis", "mmetropolis"])
def test_the_error_may_be_in_the_first_character(typed: str) -> None:
    assert knowing(["metropolis"]).similar(typed, most=1, as_beginning=False) == [(1, "metropolis")]


@given(
    st.text("abc", min_size=3, max_size=8), st.text("abc", min_size=1, max_size=9), st.booleans()
)
def test_no_word_with_so_few_errors_is_missed(typed: str, word: str, as_beginning: bool) -> None:
    words, most = knowing([word]), tolerance(typed)
    errors = errors_in(typed, word, most=most, as_beginning=as_beginning)
    begins_alike = word[:1] == typed[0] or most == 1
    if begins_alike and 0 < errors <= most:
        listed = words.similar(typed, most=most, as_beginning=as_beginning)
        assert (errors, word) in listed


def test_one_error_is_looked_up_and_not_sought_in_all_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = knowing(["metropolis", *(f"metr{number}" for number in range(3000))])
    compared: list[str] = []

    def counted(typed: str, word: str, **rules: Any) -> int:
        compared.append(word)
        return errors_in(typed, word, **rules)

    monkeypatch.setattr(vocabulary, "errors_in", counted)
    for as_beginning in (False, True):
        assert words.similar("metorpolis", most=1, as_beginning=as_beginning) == [(1, "metropolis")]
    assert len(compared) < 100
    # Of another alphabet, words are compared.
    russian = knowing(["метрополис"])
    assert russian.similar("метроплис", most=1, as_beginning=False) == [(1, "метрополис")]


def test_two_errors_are_counted_in_few_words_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    others = (f"m{number:x}nq" for number in range(4000))
    words = knowing(["metropolis", *others])
    compared: list[str] = []

    def counted(typed: str, word: str, **rules: Any) -> int:
        compared.append(word)
        return errors_in(typed, word, **rules)

    monkeypatch.setattr(vocabulary, "errors_in", counted)
    assert words.similar("metorplis", most=2, as_beginning=False) == [(2, "metropolis")]
    assert len(compared) < 100


def test_short_words_are_not_corrected() -> None:
    assert knowing(["on", "in", "it"]).similar("im", most=1, as_beginning=False) == []
