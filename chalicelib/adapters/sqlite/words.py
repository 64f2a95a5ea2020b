"""The index of words: what videos are found by, and all words that there are."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.catalogue.model import slug_of
from chalicelib.catalogue.spelling import hyphenated, words_in

# Words of a title in one, so that a search for all of it, or its beginning, reads one term.
WHOLE = "="
# The category of a video, by the name it is filed under; the present name is looked up.
CATEGORY = "@"
# What lists are filtered by, as one term each.
_PERSON, _TAG = "&#"
_BETWEEN_WORDS = "-"
_TERMS = WHOLE + CATEGORY + _PERSON + _TAG + _BETWEEN_WORDS
_LONGEST_WHOLE = 60
_ARTICLES = "a an the der die das ein eine le la les un une el los il lo"
# Words that were added lately need not be added again.
_MOST_RECENT = 50_000

TABLES = f"""
CREATE VIRTUAL TABLE words USING fts5 (
    whole, title, people, subject, description, labels, content = '', columnsize = 0,
    detail = column, tokenize = "ascii tokenchars '{_TERMS}'"
);
CREATE TABLE vocabulary (
    word TEXT PRIMARY KEY,
    is_of_names INTEGER NOT NULL
) WITHOUT ROWID;
"""
_COLUMNS = "whole, title, people, subject, description, labels"


class WordIndex:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._recent: tuple[set[str], set[str]] = set(), set()

    def add(self, row: Mapping[str, Any]) -> None:
        columns = _columns(row)
        self._connection.execute(
            f"INSERT INTO words (rowid, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (row["id"], *map(" ".join, columns)),
        )
        _, *names, subject, description, _ = columns
        self._learn([each for column in names for each in column], is_of_names=True)
        others = (each for column in (subject, description) for each in column)
        self._learn((each for each in others if each[0] != CATEGORY), is_of_names=False)

    def remove(self, row: Mapping[str, Any] | sqlite3.Row) -> None:
        """Remove a video; its words stay in the vocabulary, where they do no harm."""
        self._connection.execute(
            f"INSERT INTO words (words, rowid, {_COLUMNS}) VALUES ('delete', ?, ?, ?, ?, ?, ?, ?)",
            (row["id"], *map(" ".join, _columns(row))),
        )

    def _learn(self, words: Iterable[str], *, is_of_names: bool) -> None:
        recent = self._recent[is_of_names]
        fresh = set(words) - recent
        if not is_of_names:
            fresh -= self._recent[True]
        if len(recent) > _MOST_RECENT:
            recent.clear()
        recent |= fresh
        self._connection.executemany(
            "INSERT INTO vocabulary VALUES (?, ?) ON CONFLICT (word) DO UPDATE SET is_of_names = 1"
            " WHERE excluded.is_of_names AND NOT is_of_names",
            ((each, is_of_names) for each in fresh),
        )


def filed_as(category: str) -> str:
    """Return the term of a category by a name of it."""
    return CATEGORY + "".join(words_in(category))


def labels_of(*, person: str = "", tag: str = "") -> list[str]:
    """Return the terms that a video has which these labels fit."""
    labels = ((_PERSON, person), (_TAG, tag))
    return [kind + slug_of(name) for kind, name in labels if name]


def wholes(words: Sequence[str]) -> Iterator[str]:
    """Yield a title, or the text of a search, as one term, also without its article."""
    for some in (
        (words, words[1:]) if words[0] in _ARTICLES.split() and len(words) > 1 else (words,)
    ):
        yield WHOLE + "".join(some)[:_LONGEST_WHOLE]


def _columns(row: Mapping[str, Any] | sqlite3.Row) -> tuple[list[str], ...]:
    card = json.loads(row["card"])
    translations = card.get("translations", {}).values()
    titles = [card["title"], *(each["title"] for each in translations)]
    in_words = [words for each in titles if (words := words_in(each))]
    director, tags = card.get("director", ""), card.get("tags", ())
    people = [director, *card.get("cast", ())]
    descriptions = [card.get("description", ""), *(each["description"] for each in translations)]
    return (
        [term for words in in_words for term in wholes(words)],
        [word for words in in_words for word in words] + _hyphenated(titles),
        words_in("\n".join(people)) + _hyphenated(people),
        [filed_as(row["filed"]), *words_in("\n".join((card.get("genre", ""), *tags)))],
        words_in("\n".join(descriptions)),
        _labels({*people, *director.split(",")}, tags),
    )


def _labels(people: Iterable[str], tags: Iterable[str]) -> list[str]:
    return [
        *(term for each in sorted(people) for term in labels_of(person=each)),
        *(term for each in tags for term in labels_of(tag=each)),
    ]


def _hyphenated(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in hyphenated(text)]
