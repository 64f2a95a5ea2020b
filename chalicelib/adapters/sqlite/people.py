"""The index of people: who is named by which videos."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.adapters.sqlite.queries import Query
from chalicelib.catalogue.listing import Person
from chalicelib.catalogue.model import slug_of
from chalicelib.catalogue.names import one_line
from chalicelib.catalogue.spelling import words_in

# All spellings of a person have one slug; searches compare `words`.
TABLES = """
CREATE TABLE person (
    slug TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    words TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE credit (
    slug TEXT NOT NULL,
    video INTEGER NOT NULL,
    PRIMARY KEY (slug, video)
) WITHOUT ROWID;
"""


class PeopleIndex:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, row: Mapping[str, Any]) -> None:
        people = people_of(row)
        # The smallest spelling wins, in any order of writing.
        self._connection.executemany(
            "INSERT INTO person VALUES (?, ?, ?)"
            " ON CONFLICT (slug) DO UPDATE SET name = min(name, excluded.name)",
            [(slug, name, _words(name)) for slug, name in people.items()],
        )
        self._connection.executemany(
            "INSERT INTO credit VALUES (?, ?)", [(slug, row["id"]) for slug in people]
        )

    def remove(self, row: sqlite3.Row) -> None:
        """Remove the credits of a video; a name without one is not listed."""
        self._connection.executemany(
            "DELETE FROM credit WHERE slug = ? AND video = ?",
            [(slug, row["id"]) for slug in people_of(row)],
        )

    def page(
        self, videos: Query, words: Sequence[str], *, most: int, after: str
    ) -> Sequence[Person]:
        rows = self._connection.execute(
            "SELECT * FROM (SELECT slug, name, (SELECT count(*) FROM credit"
            " CROSS JOIN video ON video.id = credit.video"
            f" WHERE credit.slug = person.slug AND {videos.condition}) AS number"
            f" FROM person WHERE slug > ?{' AND instr(words, ?)' * len(words)} ORDER BY slug)"
            " WHERE number LIMIT ?",
            (*videos.values, after, *(f" {each}" for each in words), most),
        )
        return [Person(*row) for row in rows]


def people_of(row: Mapping[str, Any] | sqlite3.Row) -> Mapping[str, str]:
    """Return the names of people in the card of a video, by their slugs."""
    card = json.loads(row["card"])
    # Several directors are written with commas in between.
    names = map(one_line, (*card.get("director", "").split(","), *card.get("cast", ())))
    return {slug: name for name in names if (slug := slug_of(name))}


def _words(name: str) -> str:
    return "".join(f" {each}" for each in words_in(name))
