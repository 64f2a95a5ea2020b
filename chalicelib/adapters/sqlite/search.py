"""Searches in the index of words: the best hits first, within a limited time."""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from chalicelib.adapters.sqlite.limited import limited
from chalicelib.adapters.sqlite.queries import Query
from chalicelib.adapters.sqlite.vocabulary import Vocabulary
from chalicelib.adapters.sqlite.words import CATEGORY, wholes
from chalicelib.catalogue.model import VideoId
from chalicelib.catalogue.spelling import MOST_ERRORS

# After so much of the processor a search ends with the hits that it has.
MOST_SECONDS = 0.1
_MOST_SPELLINGS = 8
# Longer words than one that is not the last, which is hardly the beginning of one.
_MOST_INNER = 12
_MANY_WORDS = 4
# Too many titles have the same shorter beginning.
_SHORTEST_BEGINNING = 4

# Columns of the index, by weight.
_TITLE = "title"
_NAMES = "title people"
_ABOUT = "title people subject"
_ALL = "title people subject description"

Terms = Sequence[str]
# Words, with their numbers of errors.
Similar = Sequence[tuple[int, str]]


@dataclass(slots=True)
class Search:
    connection: sqlite3.Connection
    vocabulary: Vocabulary
    words: Sequence[str]
    most: int
    hits: dict[VideoId, None] = field(default_factory=dict)
    _ends_at: float = 0.0

    def run(self, videos: Query, within: Query | None) -> Sequence[VideoId]:
        """Return the best of these videos; `within` are those that have the words inside others."""
        self._ends_at = time.thread_time() + MOST_SECONDS
        with limited(self.connection, self._is_late):
            self._collect(videos, within)
        return list(self.hits)[: self.most]

    def _collect(self, videos: Query, within: Query | None) -> None:
        self._match(self._as_typed(), videos)
        # Of several words, any may be in a compound: too much, unless there is nothing else.
        if within and not self._is_done and (len(self.words) == 1 or not self.hits):
            self._add(
                f"SELECT id FROM video WHERE {within.condition} ORDER BY id DESC LIMIT ?",
                (*within.values, self.most),
            )
        if not self.hits:
            self._match(self._corrected(), videos)

    def _match(self, expressions: Iterable[str], videos: Query) -> None:
        tried = set[str]()
        for expression in expressions:
            if self._is_done:
                return
            if expression in tried:
                continue  # as some are for a single word
            tried.add(expression)
            self._add(
                "SELECT words.rowid FROM words CROSS JOIN video ON video.id = words.rowid"
                f" WHERE words MATCH ? AND {videos.condition} ORDER BY words.rowid DESC LIMIT ?",
                (expression, *videos.values, self.most),
            )

    def _add(self, statement: str, values: Sequence[object]) -> None:
        for [number] in self.connection.execute(statement, values):
            self.hits[VideoId(number)] = None

    @property
    def _is_done(self) -> bool:
        return len(self.hits) >= self.most or self._is_late()

    def _is_late(self) -> bool:
        return time.thread_time() > self._ends_at

    def _as_typed(self) -> Iterator[str]:
        """Yield expressions by rank; what an earlier one has is a hit of later ones as well."""
        whole = _wholes([self.vocabulary.spellings(each) for each in self.words])
        yield _any("whole", whole)
        exact = [self.vocabulary.exact(each) for each in self.words]
        # With many words few videos are left, and the order of those matters less than the time.
        is_short = len(self.words) < _MANY_WORDS
        if is_short:
            yield _every(_TITLE, exact)
            yield _every(_NAMES, exact)
        if any(len(each) > _SHORTEST_BEGINNING for each in whole):
            yield _beginning("whole", whole)
        last = [*exact[:-1], self.vocabulary.longer(self.words[-1])]
        yield _every(_TITLE, last)
        inner = (self.vocabulary.longer(each, most=_MOST_INNER) for each in self.words[:-1])
        longer = [*inner, last[-1]]
        if is_short:
            yield _every(_ABOUT, exact)
            yield _every(_ABOUT, last)
            yield _every(_ABOUT, longer)
            yield _every(_ALL, exact)
        yield _every(_ALL, last)
        yield _every(_ALL, longer)

    def _corrected(self) -> Iterator[str]:
        """Yield expressions with the nearest words first."""
        for similar in self._alike():
            if not all(similar):
                continue
            nearest = [[term for errors, term in each if errors == each[0][0]] for each in similar]
            farther = [[term for _, term in each] for each in similar]
            yield _any("whole", _wholes(nearest))
            for terms in (nearest, farther):
                for columns in (_TITLE, _NAMES, _ABOUT, _ALL):
                    yield _every(columns, terms)

    def _alike(self) -> Iterator[Sequence[Similar]]:
        """Yield words that are like those of the search, with more errors until there are hits."""
        # Most words have one error, and few spellings have one: both are found soonest.
        near = [self._similar(number, 1) for number in range(len(self.words))]
        yield near
        if self.hits:
            return
        far = [each or self._similar(number, MOST_ERRORS) for number, each in enumerate(near)]
        yield far
        if self.hits:
            return
        yield [
            self._similar(number, MOST_ERRORS) if each else far[number]
            for number, each in enumerate(near)
        ]

    def _similar(self, number: int, most: int) -> Similar:
        is_last = number == len(self.words) - 1
        return self.vocabulary.similar(self.words[number], most=most, as_beginning=is_last)


def _wholes(words: Sequence[Terms]) -> Terms:
    """Return the terms of titles that are the search, each word in one of its spellings."""
    some = islice(product(*words), _MOST_SPELLINGS)
    return [*dict.fromkeys(term for spelling in some for term in wholes(spelling))]


def _every(columns: str, words: Sequence[Terms]) -> str:
    if columns in (_TITLE, _NAMES):
        words = [[term for term in terms if term[0] != CATEGORY] for terms in words]
    return f"{{{columns}}} : ({' AND '.join(_alternatives(terms) for terms in words)})"


def _any(columns: str, terms: Terms) -> str:
    return f"{{{columns}}} : {_alternatives(terms)}"


def _beginning(columns: str, terms: Terms) -> str:
    long = [f'"{each}" *' for each in terms if len(each) > _SHORTEST_BEGINNING]
    return f"{{{columns}}} : ({' OR '.join(long)})"


def _alternatives(terms: Terms) -> str:
    # The words of a search hold no quotes.
    return "({})".format(" OR ".join(f'"{each}"' for each in terms) or '""')
