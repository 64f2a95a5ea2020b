"""Watched seconds in DynamoDB: from the progress of viewers into aggregates of videos."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial, reduce
from operator import and_
from typing import Any

from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.accounts.model import AccountId
from chalicelib.adapters.dynamodb.transactions import Write, WriteRefused, commit, refused_as
from chalicelib.adapters.dynamodb.viewing_keys import PROGRESS, account_key, parsed, sort_key
from chalicelib.adapters.dynamodb.viewing_tables import (
    UNSETTLED,
    ProgressItem,
    ViewingRow,
    WatchedItem,
)
from chalicelib.adapters.dynamodb.watched_attributes import codec_named, watched_in
from chalicelib.catalogue.model import VideoId
from chalicelib.viewing.model import ViewingKey
from chalicelib.viewing.progress import Watched

# A transaction has at most 100 items: these, and the progress.
_MOST_AT_ONCE = 50
# Sorts after the codecs of a day, which follow a #.
_AFTER_CODECS = "$"

Counted = Mapping[str, Watched]


@dataclass(frozen=True, slots=True)
class DynamoWatchedStore:
    connection: Connection

    def unsettled(self, *, before: date, most: int) -> Sequence[ViewingKey]:
        items = ProgressItem.by_day.query(
            UNSETTLED, ProgressItem.unsettled_day < before.isoformat(), limit=most
        )
        return [parsed(item.pk, item.sk) for item in items]

    def settle(self, key: ViewingKey, *, before: date) -> bool:
        stored = self._stored(key)
        counted = dict(watched_in(stored.items()))
        over = sorted((each.day, name) for name, each in counted.items() if each.day < before)
        due = {name: counted[name] for _, name in over[:_MOST_AT_ONCE]}
        if not due:
            return False
        later = [each.day for name, each in counted.items() if name not in due]
        item = ProgressItem(account_key(key.account_id), sort_key(PROGRESS, key))
        removal = partial(
            TransactWrite.update,
            model=item,
            actions=[*_removals(due), *_next_day(later)],
            condition=_is_unchanged(stored, due),
        )
        try:
            commit(self.connection, removal, *_additions(key.video_id, due))
        except WriteRefused:
            return False
        return True

    def of(
        self, video_id: VideoId, *, since: date = date.min, until: date = date.max
    ) -> Sequence[Watched]:
        days = WatchedItem.sk.between(since.isoformat(), f"{until.isoformat()}{_AFTER_CODECS}")
        items = WatchedItem.query(_pk(video_id), days, consistent_read=True)
        return [_to_watched(item) for item in items]

    def unsettled_of(self, account_id: AccountId) -> Sequence[tuple[VideoId, Watched]]:
        keys = [
            parsed(item.pk, item.sk)
            for item in ProgressItem.query(
                account_key(account_id),
                ProgressItem.sk.startswith(PROGRESS),
                ProgressItem.unsettled.exists(),
                consistent_read=True,
            )
        ]
        return [
            (key.video_id, watched)
            for key in keys
            for _, watched in watched_in(self._stored(key).items())
        ]

    def restore(self, video_id: VideoId, watched: Watched) -> bool:
        item = WatchedItem(_pk(video_id), _sk(watched), seconds=watched.seconds)
        try:
            with refused_as(WriteRefused()):
                item.save(WatchedItem.seconds.does_not_exist())
        except WriteRefused:
            return False
        return True

    def _stored(self, key: ViewingKey) -> Mapping[str, Any]:
        """Return all attributes of progress; the model names those of watched seconds not."""
        pk, sk = account_key(key.account_id), sort_key(PROGRESS, key)
        raw = self.connection.get_item(ViewingRow.Meta.table_name, pk, sk, consistent_read=True)
        stored: Mapping[str, Any] = raw.get("Item", {})
        return stored


def _removals(due: Counted) -> list[Action]:
    return [Path(name).remove() for name in due]


def _next_day(later: Sequence[date]) -> list[Action]:
    if later:
        return [ProgressItem.unsettled_day.set(min(later).isoformat())]
    return [ProgressItem.unsettled.remove(), ProgressItem.unsettled_day.remove()]


def _is_unchanged(stored: Mapping[str, Any], due: Counted) -> Condition:
    """Every report changes the time; a concurrent settlement removes the attributes."""
    at = Path("at_ms") == int(stored["at_ms"]["N"])
    return reduce(and_, (Path(name).exists() for name in due), at)


def _additions(video_id: VideoId, due: Counted) -> Iterator[Write]:
    totals: dict[str, float] = {}
    for each in due.values():
        sk = _sk(each)
        totals[sk] = totals.get(sk, 0.0) + each.seconds
    for sk, seconds in totals.items():
        item = WatchedItem(_pk(video_id), sk)
        yield partial(TransactWrite.update, model=item, actions=[WatchedItem.seconds.add(seconds)])


def _pk(video_id: VideoId) -> str:
    return f"WATCHED#{video_id}"


def _sk(watched: Watched) -> str:
    return f"{watched.day.isoformat()}#{watched.codec}"


def _to_watched(item: WatchedItem) -> Watched:
    day, _, codec = item.sk.partition("#")
    return Watched(date.fromisoformat(day), codec_named(codec), float(item.seconds))
