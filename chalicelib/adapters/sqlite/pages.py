"""Pages of lists and their lengths; those of administrators within a limited time."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.adapters.sqlite.limited import limited
from chalicelib.adapters.sqlite.queries import Query, query_of
from chalicelib.adapters.sqlite.studio import FACTS, INDEX_OF
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import VideoId
from chalicelib.catalogue.studio import TooCostly

# After so much of the processor, a list is no longer read in its order until enough was read, but
# all facts are; then it is refused; a number is left out.
_WALK_SECONDS = 0.002
_LONGEST_SECONDS = 0.1
_COUNT_SECONDS = 0.02

NamesFiled = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Pages:
    connection: sqlite3.Connection
    # Returns all names by which videos refer to a category.
    names_filed: NamesFiled

    def numbers(self, selection: Selection, *, skip: int, most: int) -> Sequence[VideoId]:
        whole = query_of(selection, self.names_filed)
        if selection.studio is None:
            return self._page("", whole, skip, most)
        if selection.audience is Audience.TRASH:
            # It has few videos, and an index of its own.
            return self._page("", whole, skip, most)
        walk = query_of(selection, self.names_filed, is_walk=True)
        attempts = (
            (f"INDEXED BY {INDEX_OF[selection.sorting.order]}", walk, _WALK_SECONDS),
            (_facts_for(whole), whole, _LONGEST_SECONDS),
        )
        for index, query, seconds in attempts:
            with limited(self.connection, _timer(seconds)):
                return self._page(index, query, skip, most)
        raise TooCostly.of(selection.search)

    def count(self, selection: Selection) -> int:
        query = query_of(selection, self.names_filed)
        return self._number("", query)

    def count_in_time(self, selection: Selection) -> int | None:
        query = query_of(selection, self.names_filed)
        with limited(self.connection, _timer(_COUNT_SECONDS)):
            return self._number(_facts_for(query), query)
        return None

    def _page(self, index: str, query: Query, skip: int, most: int) -> Sequence[VideoId]:
        return self._all(
            f"SELECT id FROM video {index} WHERE {query.condition}"
            f" ORDER BY {query.order} LIMIT ? OFFSET ?",
            (*query.values, most, skip),
        )

    def _number(self, index: str, query: Query) -> int:
        [number] = self._all(
            f"SELECT count(*) FROM video {index} WHERE {query.condition}", query.values
        )
        return int(number)

    def _all(self, statement: str, values: Sequence[Any]) -> list[Any]:
        return [value for [value] in self.connection.execute(statement, values).fetchall()]


def _facts_for(query: Query) -> str:
    """Return the index of all facts, unless an index of texts has fewer videos."""
    return "" if query.is_of_texts else f"INDEXED BY {FACTS}"


def _timer(seconds: float) -> Callable[[], bool]:
    ends_at = time.thread_time() + seconds
    return lambda: time.thread_time() > ends_at
