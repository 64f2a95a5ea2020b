"""Selections of videos as conditions of SQL."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.adapters.sqlite import studio, words
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.listing import ListPosition, Selection
from chalicelib.catalogue.model import NO_AGE_LIMIT, VideoId
from chalicelib.catalogue.names import folded
from chalicelib.catalogue.studio import NEWEST_FIRST, SortPosition, microseconds

# As the indexes have them, which are used for the same words alone.
_STAGES = {
    Audience.VIEWERS: "stage = 2",
    Audience.EARLY_VIEWERS: "stage >= 1",
    Audience.ADMINISTRATORS: "stage >= 0",
    Audience.TRASH: "stage = -1",
}
_OF_VIEWERS = (Audience.VIEWERS, Audience.EARLY_VIEWERS)
_LABELLED = "id IN (SELECT rowid FROM words WHERE words MATCH ?)"
_HAS_LABELS = "EXISTS (SELECT 1 FROM words WHERE words MATCH ? AND words.rowid = video.id)"
# Of the trigrams in the index.
TRIGRAM = 3


@dataclass(frozen=True, slots=True)
class Query:
    condition: str
    values: Sequence[Any]
    order: str = studio.order_of(NEWEST_FIRST)
    # Whether an index of texts is read for it.
    is_of_texts: bool = False


def query_of(
    selection: Selection, names_filed: Callable[[str], Sequence[str]], *, is_walk: bool = False
) -> Query:
    """Return the condition of a selection; `names_filed` are all names of its category.

    For a walk along an order, it is compared one video after the other.
    """
    conditions: list[tuple[str, Sequence[Any]]] = [(_STAGES[selection.audience], ())]
    if selection.audience in _OF_VIEWERS:
        if selection.at is not None:
            at = microseconds(selection.at)
            conditions.append(("opens_at <= ? AND closes_at > ?", (at, at)))
        if selection.age_limit < NO_AGE_LIMIT:
            conditions.append(("rating <= ?", (selection.age_limit,)))
    if selection.category:
        # Of an empty list, SQLite knows that nothing is in it, and then refuses any index by name.
        filed: Sequence[str | None] = names_filed(selection.category) or [None]
        conditions.append((f"filed IN ({','.join('?' * len(filed))})", filed))
    conditions += _filters(selection)
    of_texts = [*_labelled(selection, is_walk=is_walk), *_holding(selection, is_walk=is_walk)]
    conditions += of_texts
    if selection.studio:
        conditions += studio.conditions(selection.studio, selection.at)
    if selection.after:
        conditions.append(studio.after(selection.sorting, _sorted(selection.after)))
    return Query(
        " AND ".join(condition for condition, _ in conditions),
        [value for _, values in conditions for value in values],
        studio.order_of(selection.sorting),
        bool(of_texts),
    )


def numbers_filed(connection: sqlite3.Connection, query: Query) -> Iterator[tuple[str, int]]:
    """Yield the names that videos are filed under, with the numbers of these videos."""
    # Through any other index, every video itself would be read.
    yield from connection.execute(
        "SELECT filed, count(*) FROM video INDEXED BY counted"
        f" WHERE {query.condition} GROUP BY filed",
        query.values,
    )


def under_way(connection: sqlite3.Connection) -> Sequence[VideoId]:
    rows = connection.execute("SELECT id FROM video WHERE is_under_way")
    return [VideoId(number) for [number] in rows]


def _filters(selection: Selection) -> Iterator[tuple[str, Sequence[Any]]]:
    if selection.is_trailer is not None:
        yield "is_trailer = ?", (selection.is_trailer,)
    if selection.rating_max is not None:
        yield "rating <= ?", (selection.rating_max,)
    if selection.language:
        yield "language = ?", (selection.language,)


def _sorted(position: ListPosition | SortPosition) -> SortPosition:
    if isinstance(position, SortPosition):
        return position
    return SortPosition(microseconds(position.created_at), position.video_id)


def _labelled(selection: Selection, *, is_walk: bool) -> Iterator[tuple[str, Sequence[Any]]]:
    if labels := words.labels_of(person=selection.person, tag=selection.tag):
        every = " AND ".join(f'"{each}"' for each in labels)
        yield _HAS_LABELS if is_walk else _LABELLED, (f"{{labels}} : ({every})",)


def _holding(selection: Selection, *, is_walk: bool) -> Iterator[tuple[str, Sequence[Any]]]:
    """Yield the conditions that the texts hold all terms, also inside words."""
    terms = folded(selection.search).replace("\0", " ").split()
    groups = dict.fromkeys(
        term[start : start + TRIGRAM] for term in terms for start in range(len(term) - TRIGRAM + 1)
    )
    if groups and not is_walk:
        every = " ".join('"{}"'.format(each.replace('"', '""')) for each in groups)
        yield "id IN (SELECT rowid FROM trigrams WHERE trigrams MATCH ?)", (every,)
    # The index does not know in what order the trigrams are.
    for term in terms:
        yield "instr(texts, ?)", (term,)
