"""Videos like another one: those that share people, tags, genre, category or seldom words."""

import json
import math
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.adapters.sqlite.people import people_of
from chalicelib.adapters.sqlite.queries import Query
from chalicelib.adapters.sqlite.words import filed_as, labels_of
from chalicelib.catalogue.model import VideoId
from chalicelib.catalogue.ranking import Alike, Likeness
from chalicelib.catalogue.spelling import words_in

# Of each fact so many videos count, the newest ones.
_MOST_SHARING = 100
# A word that more videos have, or every fourth one, says nothing; few are never too many.
_COMMON_SHARE = 4
_FEW = 3
_MOST_TITLE_WORDS = 6
_MOST_DESCRIPTION_WORDS = 12
_FEWEST_CHARACTERS = 4
_READ_AT_ONCE = 200

_WEIGHTS = {
    Likeness.PERSON: 3.0,
    Likeness.TAG: 2.0,
    Likeness.GENRE: 2.0,
    Likeness.CATEGORY: 1.5,
}
_TITLE, _DESCRIPTION = 1.5, 1.0


@dataclass(frozen=True, slots=True)
class Similar:
    connection: sqlite3.Connection
    # Of all videos that there are.
    number: int
    # Returns all names by which videos refer to a category.
    names_filed: Callable[[str], Sequence[str]]

    def run(self, video_id: VideoId, videos: Query, most: int) -> Alike:
        row = self.connection.execute(
            "SELECT id, filed, card FROM video WHERE id = ?", (video_id,)
        ).fetchone()
        scores = self._scores(row) if row else {}
        totals: dict[int, float] = defaultdict(float)
        for some in scores.values():
            for each, score in some.items():
                totals[each] += score
        totals.pop(video_id, None)
        ranked = sorted(totals, key=lambda each: (totals[each], each), reverse=True)
        similar: list[VideoId] = []
        for start in range(0, len(ranked), _READ_AT_ONCE):
            similar += self._among(videos, ranked[start : start + _READ_AT_ONCE])
            if len(similar) >= most:
                break
        return {
            each: max(scores, key=lambda kind: scores[kind].get(each, 0)) for each in similar[:most]
        }

    def _scores(self, row: sqlite3.Row) -> Mapping[Likeness, Mapping[int, float]]:
        """Return the sums of what others share, by kind."""
        card = json.loads(row["card"])
        scores: dict[Likeness, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for kind, expression in self._facts(row, card):
            sharing = self._sharing(expression)[:_MOST_SHARING]
            score = _WEIGHTS[kind] * self._rarity(len(sharing))
            for each in sharing:
                scores[kind][each] += score
        usual = max(self.number / _COMMON_SHARE, _FEW)
        for weight, word in _seldom(card):
            sharing = self._sharing(f'{{title description}} : "{word}"')
            if len(sharing) <= min(usual, _MOST_SHARING):
                score = weight * self._rarity(len(sharing))
                for each in sharing:
                    scores[Likeness.WORDS][each] += score
        return scores

    def _facts(self, row: sqlite3.Row, card: Mapping[str, Any]) -> Iterator[tuple[Likeness, str]]:
        for name in people_of(row).values():
            yield Likeness.PERSON, _every("labels", labels_of(person=name))
        for tag in card.get("tags", ()):
            yield Likeness.TAG, _every("labels", labels_of(tag=tag))
        if words := words_in(card.get("genre", "")):
            yield Likeness.GENRE, _every("subject", words)
        if row["filed"]:
            terms = dict.fromkeys(map(filed_as, self.names_filed(row["filed"])))
            yield Likeness.CATEGORY, f"{{subject}} : ({' OR '.join(map(_quoted, terms))})"

    def _sharing(self, expression: str) -> Sequence[int]:
        rows = self.connection.execute(
            "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?",
            (expression, _MOST_SHARING + 1),
        )
        return [number for [number] in rows.fetchall()]

    def _rarity(self, sharing: int) -> float:
        """Return the weight of a term as BM25 has it."""
        # The index cannot compute BM25 itself: it has neither texts nor places of words.
        return math.log(1 + (self.number - sharing + 0.5) / (sharing + 0.5))

    def _among(self, videos: Query, numbers: Sequence[int]) -> Sequence[VideoId]:
        marks = ",".join("?" * len(numbers))
        rows = self.connection.execute(
            f"SELECT id FROM video WHERE id IN ({marks}) AND {videos.condition}",
            (*numbers, *videos.values),
        )
        seen = {number for [number] in rows}
        return [VideoId(each) for each in numbers if each in seen]


def _seldom(card: Mapping[str, Any]) -> Iterator[tuple[float, str]]:
    """Yield words of title and description that may be seldom ones: the longest."""
    title = _longest(card, "title", _MOST_TITLE_WORDS)
    for word in title:
        yield _TITLE, word
    for word in _longest(card, "description", _MOST_DESCRIPTION_WORDS):
        if word not in title:
            yield _DESCRIPTION, word


def _longest(card: Mapping[str, Any], name: str, most: int) -> Sequence[str]:
    texts = [card.get(name, ""), *(each[name] for each in card.get("translations", {}).values())]
    words = {word for word in words_in("\n".join(texts)) if len(word) >= _FEWEST_CHARACTERS}
    return sorted(words, key=lambda word: (-len(word), word))[:most]


def _every(column: str, words: Sequence[str]) -> str:
    return f"{{{column}}} : ({' AND '.join(map(_quoted, words))})"


def _quoted(term: str) -> str:
    return f'"{term}"'
