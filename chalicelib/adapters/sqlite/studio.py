"""Filters and orders of administrators as conditions of SQL, and the indexes that serve them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.adapters.sqlite.rows import SORTED, bits_of
from chalicelib.catalogue.studio import (
    NO_BEGINNING,
    NO_END,
    NO_SIZE,
    Order,
    Period,
    Sorting,
    SortPosition,
    StudioFilters,
    Visibility,
    microseconds,
)

Condition = tuple[str, Sequence[Any]]

# An index for each order, and one of all facts that are filtered: only listed videos are read.
FACTS = "of_facts"
INDEXES = f"""
CREATE INDEX by_title ON video (heading);
CREATE INDEX by_publish_at ON video (opens_at);
CREATE INDEX by_rights_until ON video (closes_at);
CREATE INDEX by_duration ON video (duration);
CREATE INDEX by_size ON video (size);
CREATE INDEX {FACTS} ON video (
    state, stage, is_published, gaps, filed, rating, is_rated, language, is_trailer,
    own_poster, created, changed, opens_at, closes_at, duration, size, heading
);
"""
INDEX_OF: Mapping[Order, str] = {
    Order.CREATED: "by_age",
    Order.CHANGED: "by_change",
    Order.TITLE: "by_title",
    Order.PUBLISH_AT: "by_publish_at",
    Order.RIGHTS_UNTIL: "by_rights_until",
    Order.DURATION: "by_duration",
    Order.SIZE: "by_size",
}
# With as many moments as there are marks.
_VISIBLE: Mapping[Visibility, str] = {
    Visibility.DRAFT: "NOT is_published",
    Visibility.SCHEDULED: "is_published AND opens_at > ?",
    Visibility.LIVE: "is_published AND opens_at <= ? AND closes_at > ?",
    Visibility.EXPIRED: "is_published AND opens_at <= ? AND closes_at <= ?",
}
# The values that stand for no date, which are in no period.
_UNDATED: Mapping[Order, str] = {
    Order.PUBLISH_AT: f"opens_at > {NO_BEGINNING}",
    Order.RIGHTS_UNTIL: f"closes_at < {NO_END}",
}


def conditions(filters: StudioFilters, at: datetime | None) -> Iterator[Condition]:
    if filters.states:
        states = sorted(filters.states)
        yield f"state IN ({','.join('?' * len(states))})", states
    if filters.visibilities and at is not None:
        each_of = [_VISIBLE[each] for each in sorted(filters.visibilities)]
        moments = [microseconds(at)] * "".join(each_of).count("?")
        yield f"({' OR '.join(each_of)})", moments
    if filters.missing:
        bits = bits_of(filters.missing)
        yield "gaps & ? = ?", (bits, bits)
    if filters.age_rating is not None:
        yield "rating = ? AND is_rated", (filters.age_rating,)
    if filters.has_own_poster is not None:
        yield f"own_poster {'>' if filters.has_own_poster else '='} 0", ()
    for period in filters.periods:
        yield from _within(period)
    yield from _sized(filters)


def after(sorting: Sorting, position: SortPosition) -> Condition:
    sign = ">" if sorting.is_ascending else "<"
    return f"({SORTED[sorting.order]}, id) {sign} (?, ?)", (position.key, position.video_id)


def order_of(sorting: Sorting) -> str:
    direction = "" if sorting.is_ascending else " DESC"
    return f"{SORTED[sorting.order]}{direction}, id{direction}"


def _sized(filters: StudioFilters) -> Iterator[Condition]:
    if filters.smallest is not None:
        yield "size >= ?", (filters.smallest,)
    if filters.largest is not None:
        yield f"size > {NO_SIZE} AND size <= ?", (filters.largest,)


def _within(period: Period) -> Iterator[Condition]:
    column = SORTED[period.order]
    if undated := _UNDATED.get(period.order):
        yield undated, ()
    if period.since is not None:
        yield f"{column} >= ?", (microseconds(period.since),)
    if period.until is not None:
        yield f"{column} < ?", (microseconds(period.until),)
