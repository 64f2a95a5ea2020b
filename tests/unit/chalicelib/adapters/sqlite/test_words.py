"""What the index of words has of a video, and what stays of a removed one."""

import sqlite3

import pytest

from chalicelib.adapters.sqlite.rows import to_row
from chalicelib.adapters.sqlite.words import TABLES, WordIndex, filed_as, wholes
from chalicelib.catalogue.model import Card, Translation
from chalicelib.language import Language
from tests.builders.videos import a_published_video
from tests.fakes.clock import HandClock

CARD = Card(
    "The Spider-Man", "A tale.", "Science Fiction", director="Jean-Luc Ærø", genre="Drama",
    translations={Language.GERMAN: Translation("Die Spinne", "Ein Märchen.")},
)  # fmt: skip
ROW = to_row(a_published_video(HandClock().now(), card=CARD))
HITS = {
    "whole": ["=thespiderman", "=spiderman", "=diespinne", "=spinne"],
    "title": ["the", "spider", "man", "spiderman", "die", "spinne"],
    "people": ["jean", "luc", "aeroe", "jeanluc"],
    "subject": ["@sciencefiction", "drama"],
    "description": ["a", "tale", "ein", "maerchen"],
}


@pytest.fixture
def connection() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(TABLES)
    return connection


def hits(connection: sqlite3.Connection, column: str, term: str) -> list[int]:
    rows = connection.execute(
        "SELECT rowid FROM words WHERE words MATCH ?", (f'{{{column}}} : "{term}"',)
    )
    return [number for [number] in rows]


@pytest.mark.parametrize("column", HITS)
def test_each_column_has_its_words(connection: sqlite3.Connection, column: str) -> None:
    WordIndex(connection).add(ROW)
    for term in HITS[column]:
        assert hits(connection, column, term) == [ROW["id"]]
    others = {each for name in HITS if name != column for each in HITS[name]} - {*HITS[column]}
    assert [each for each in others if hits(connection, column, each)] == []


def test_nothing_leads_to_a_removed_video(connection: sqlite3.Connection) -> None:
    index = WordIndex(connection)
    index.add(ROW)
    index.remove(ROW)
    for column, terms in HITS.items():
        assert [each for each in terms if hits(connection, column, each)] == []


def test_the_vocabulary_knows_words_of_names_from_others(connection: sqlite3.Connection) -> None:
    index = WordIndex(connection)
    index.add(ROW)
    known = dict(connection.execute("SELECT word, is_of_names FROM vocabulary").fetchall())
    assert {word for word, is_of_names in known.items() if is_of_names} == {
        *HITS["title"],
        *HITS["people"],
    }
    assert {word for word, is_of_names in known.items() if not is_of_names} == {
        "drama", *HITS["description"],
    }  # fmt: skip
    index.add(to_row(a_published_video(HandClock().now(), "Tale of a Drama")))
    [[is_of_names]] = connection.execute("SELECT is_of_names FROM vocabulary WHERE word = 'tale'")
    assert is_of_names


def test_a_name_is_one_term_with_and_without_its_article() -> None:
    assert [*wholes(["the", "blue", "angel"])] == ["=theblueangel", "=blueangel"]
    assert [*wholes(["the"])] == ["=the"]
    assert [*wholes(["m"])] == ["=m"]


def test_names_of_a_category_that_look_alike_are_one_term() -> None:
    assert filed_as("Science-Fiction") == filed_as("science FICTION") == "@sciencefiction"
