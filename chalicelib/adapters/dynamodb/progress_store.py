"""Progress in DynamoDB: one item for each video of a profile, one conditional write per report."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from pynamodb.connection import Connection
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib.accounts.model import AccountId
from chalicelib.adapters.dynamodb.transactions import WriteRefused, refused_as
from chalicelib.adapters.dynamodb.viewing_keys import (
    PROGRESS,
    account_key,
    parsed,
    prefix_of,
    sort_key,
)
from chalicelib.adapters.dynamodb.viewing_tables import UNSETTLED, ProgressItem
from chalicelib.adapters.dynamodb.watched_attributes import name_of
from chalicelib.viewing.model import ProfileId, ViewingKey
from chalicelib.viewing.progress import DatedReport, Progress, Watched

# Longer than it takes until watched seconds are in an aggregate, and a late event arrives.
CLEARED_KEPT_FOR = timedelta(days=7)
# DynamoDB refuses positive numbers below 1E-130.
SMALLEST = 1e-100


@dataclass(frozen=True, slots=True)
class DynamoProgressStore:
    connection: Connection

    def record(self, key: ViewingKey, report: DatedReport) -> bool:
        actions: list[Action] = [
            ProgressItem.position.set(_storable(report.position)),
            ProgressItem.duration.set(_storable(report.duration)),
            ProgressItem.at.set(report.at),
            ProgressItem.expires_at.remove(),
            *_counting(report.watched),
        ]
        is_newer = ProgressItem.at.does_not_exist() | (ProgressItem.at < report.at)
        if report.wins_ties:
            is_newer |= _is_another_of_its_time(report)
        try:
            with refused_as(WriteRefused()):
                _item(key).update(actions, condition=is_newer)
        except WriteRefused:
            return False
        return True

    def get(self, key: ViewingKey) -> Progress | None:
        try:
            item = ProgressItem.get(
                account_key(key.account_id), sort_key(PROGRESS, key), consistent_read=True
            )
        except DoesNotExist:
            return None
        return _to_progress(item)

    def every(
        self, account_id: AccountId, profile_id: ProfileId | None = None
    ) -> Sequence[Progress]:
        items = ProgressItem.query(
            account_key(account_id),
            ProgressItem.sk.startswith(prefix_of(PROGRESS, profile_id)),
            consistent_read=True,
        )
        return [each for item in items if (each := _to_progress(item))]

    def clear(self, key: ViewingKey, *, at: datetime) -> None:
        actions: list[Action] = [
            ProgressItem.position.remove(),
            ProgressItem.duration.remove(),
            ProgressItem.at.set(at),
            ProgressItem.expires_at.set(at + CLEARED_KEPT_FOR),
        ]
        with suppress(WriteRefused), refused_as(WriteRefused()):
            _item(key).update(actions, condition=ProgressItem.position.exists())


def _item(key: ViewingKey) -> ProgressItem:
    return ProgressItem(account_key(key.account_id), sort_key(PROGRESS, key))


def _is_another_of_its_time(report: DatedReport) -> Condition:
    """Not of a cleared item, which has no position, nor of the same report sent again."""
    condition: Condition = (
        (ProgressItem.at == report.at)
        & ProgressItem.position.exists()
        & (ProgressItem.position != _storable(report.position))
    )
    return condition


def _counting(watched: Watched) -> Iterator[Action]:
    if watched.seconds < SMALLEST:
        return
    yield Path(name_of(watched.day, watched.codec)).add(watched.seconds)
    yield ProgressItem.unsettled.set(ProgressItem.unsettled | UNSETTLED)
    day = watched.day.isoformat()
    yield ProgressItem.unsettled_day.set(ProgressItem.unsettled_day | day)


def _storable(seconds: float) -> float:
    return seconds if seconds >= SMALLEST else 0.0


def _to_progress(item: ProgressItem) -> Progress | None:
    """Return the progress; None if it was cleared."""
    position: float | None = item.position
    if position is None:
        return None
    key = parsed(item.pk, item.sk)
    return Progress(key.profile_id, key.video_id, float(position), float(item.duration), item.at)
