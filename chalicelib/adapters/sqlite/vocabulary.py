"""The words of the catalogue that answer a word of a search: itself, longer and similar ones."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.catalogue.spelling import (
    errors_in,
    mistyped_once,
    tolerance,
    with_another_beginning,
    with_umlauts,
)

# Of all words with a beginning these are sought: in a large catalogue each of them has many videos.
MOST_LONGER = 48
_MOST_SORTED = 4_000
_MOST_SIMILAR = 12
_MOST_COMPARED = 20_000
_AFTER_ALL = "\U0010ffff"
# Words with a beginning that may have been mistyped, of each spelling of it.
_MOST_BEGUN = 8


@dataclass(frozen=True, slots=True)
class Vocabulary:
    connection: sqlite3.Connection
    # The terms of categories by the words of their present names.
    categories: Mapping[str, Sequence[str]]

    def spellings(self, word: str) -> Sequence[str]:
        """Return the word or, if there is no such word, those that have umlauts in it."""
        if self._known([word]):
            return [word]
        return self._known(with_umlauts(word)) or [word]

    def exact(self, word: str) -> Sequence[str]:
        return [*self.spellings(word), *self.categories.get(word, ())]

    def longer(self, word: str, *, most: int = MOST_LONGER) -> Sequence[str]:
        """Return words that begin like this one, also with umlauts, and the word itself."""
        beginnings = [word, *with_umlauts(word)]
        terms: dict[str, None] = dict.fromkeys(self.exact(word))
        for beginning in beginnings:
            rows = self.connection.execute(
                "SELECT word FROM (SELECT * FROM vocabulary WHERE word >= ? AND word < ? LIMIT ?)"
                " ORDER BY is_of_names DESC, length(word) LIMIT ?",
                (beginning, beginning + _AFTER_ALL, _MOST_SORTED, max(0, most - len(terms))),
            )
            terms |= dict.fromkeys(each for [each] in rows)
        for name, categories in self.categories.items():
            if name.startswith(word):
                terms |= dict.fromkeys(categories)
        return list(terms)

    def similar(self, word: str, *, most: int, as_beginning: bool) -> Sequence[tuple[int, str]]:
        """Return words of which this one may be a misspelling, with the number of errors."""
        most = min(most, tolerance(word))
        # Looking each spelling up is far less work than comparing words, if there are few.
        if most == 1 and word.isascii():
            candidates = self._spelled_alike(word, as_beginning=as_beginning)
        else:
            candidates = self._candidates(word, most, as_beginning=as_beginning)
        return [
            (number, term)
            for number, each in _nearest(word, candidates, most, as_beginning=as_beginning)
            for term in (each, *self.categories.get(each, ()))
        ]

    def _candidates(
        self, word: str, most: int, *, as_beginning: bool
    ) -> Iterator[tuple[str, bool]]:
        longest = -1 if as_beginning else len(word) + most
        yield from self.connection.execute(
            "SELECT word, is_of_names FROM vocabulary WHERE word >= ?1 AND word < ?2"
            " AND length(word) >= ?3 AND (?4 < 0 OR length(word) <= ?4) LIMIT ?5",
            (word[0], word[0] + _AFTER_ALL, len(word) - most, longest, _MOST_COMPARED),
        )
        if most:
            yield from ((each, True) for each in self._known([*with_another_beginning(word)]))
        yield from ((each, True) for each in self.categories)

    def _spelled_alike(self, word: str, *, as_beginning: bool) -> Iterator[tuple[str, bool]]:
        spellings = json.dumps([word, *mistyped_once(word)])
        yield from self.connection.execute(
            "SELECT word, is_of_names FROM vocabulary"
            " WHERE word IN (SELECT value FROM json_each(?))",
            (spellings,),
        )
        if as_beginning:
            begun = self.connection.execute(
                "SELECT (SELECT json_group_array(json_array(word, is_of_names)) FROM"
                " (SELECT * FROM vocabulary WHERE word >= value AND word < value || ? LIMIT ?))"
                " FROM json_each(?)",
                (_AFTER_ALL, _MOST_BEGUN, spellings),
            )
            yield from (each for [some] in begun for each in json.loads(some))
        yield from ((each, True) for each in self.categories)

    def _known(self, words: Sequence[str]) -> Sequence[str]:
        marks = ",".join("?" * len(words))
        rows = self.connection.execute(
            f"SELECT word FROM vocabulary WHERE word IN ({marks})", tuple(words)
        )
        return [word for [word] in rows]


def _nearest(
    word: str, candidates: Iterable[tuple[str, bool]], most: int, *, as_beginning: bool
) -> Sequence[tuple[int, str]]:
    characters, reach = set(word), len(word) + most
    groups = _groups(word, most)
    # As much of a longer word was certainly meant.
    least = max(0, len(word) - most)
    errors: dict[str, tuple[int, bool]] = {}
    for each, is_of_names in candidates:
        # Far less work than counting errors, and enough for most words.
        if (
            not any(map(each.__contains__, groups))
            or len(characters.difference(each[:reach])) > most
            or len({*each[:least]} - characters) > most
        ):
            continue
        number = errors_in(word, each, most=most, as_beginning=as_beginning)
        if number <= most:
            errors[each] = number, not is_of_names
    nearest = sorted(errors, key=lambda each: (*errors[each], len(each)))[:_MOST_SIMILAR]
    return [(errors[each][0], each) for each in nearest]


def _groups(word: str, most: int) -> Collection[str]:
    """Return groups of characters, one of which at least is right: an error spoils two."""
    size = max(1, -((2 * most - len(word)) // (most + 1)))
    return {word[start : start + size] for start in range(len(word) - size + 1)}
