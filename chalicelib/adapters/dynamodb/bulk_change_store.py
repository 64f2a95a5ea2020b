"""Bulk changes in DynamoDB: what began, its tally, its videos, and a state of each slice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from pynamodb.connection import Connection
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition, size
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.accounts.model import AccountId
from chalicelib.adapters.dynamodb.attributes import milliseconds, moment
from chalicelib.adapters.dynamodb.bulk_change_items import (
    BulkChangeItem,
    RunningBulkChangesItem,
    SelectedVideosItem,
    SliceItem,
)
from chalicelib.adapters.dynamodb.receipt_log import TAKEN_FOR
from chalicelib.adapters.dynamodb.transactions import WriteRefused, commit, refused_as, saves
from chalicelib.bulk.change import Change
from chalicelib.bulk.model import (
    KEPT_FOR,
    MOST_AT_ONCE,
    BulkChange,
    BulkChangeEnded,
    BulkChangeNotFound,
    BulkChangeState,
    SliceBusy,
    SliceResult,
    Tally,
    TooManyBulkChanges,
    VideoFailure,
)
from chalicelib.catalogue.model import BulkChangeId, VideoId
from chalicelib.clock import Clock
from chalicelib.language import Text

_PK = "BULK_CHANGES"
_PREFIX = "CHANGE#"
_TALLY = "#TALLY"
_VIDEOS, _SLICE = "VIDEOS#", "SLICE#"
_RUNNING = "RUNNING"
# An item holds 400 KB, and an id has up to 16 digits.
_VIDEOS_PER_ITEM = 10_000
# Each bulk change is two of them.
_ITEMS = 2

_HAS_ROOM: Condition = RunningBulkChangesItem.ids.does_not_exist() | (
    size(RunningBulkChangesItem.ids) < MOST_AT_ONCE  # type: ignore[no-untyped-call]
)


@dataclass(frozen=True, slots=True)
class DynamoBulkChangeStore:
    connection: Connection
    clock: Clock

    def add(self, bulk: BulkChange, video_ids: Sequence[VideoId]) -> None:
        # Most refusals are known before all videos are written.
        if len(self.running()) >= MOST_AT_ONCE:
            raise TooManyBulkChanges
        expires_at = bulk.created_at + KEPT_FOR
        for number, start in enumerate(range(0, len(video_ids), _VIDEOS_PER_ITEM)):
            some = list(video_ids[start : start + _VIDEOS_PER_ITEM])
            sk = _sk(_VIDEOS, number)
            SelectedVideosItem(_pk(bulk.id), sk, ids=some, expires_at=expires_at).save()
        begun = partial(
            TransactWrite.update,
            model=RunningBulkChangesItem(_PK, _RUNNING),
            actions=[RunningBulkChangesItem.ids.add({bulk.id})],
            condition=_HAS_ROOM,
        )
        try:
            commit(self.connection, *saves(_to_items(bulk, expires_at)), begun)
        except WriteRefused:
            raise TooManyBulkChanges from None

    def get(self, bulk_id: BulkChangeId) -> BulkChange:
        items = BulkChangeItem.query(
            _PK, BulkChangeItem.sk.startswith(_meta(bulk_id)), consistent_read=True
        )
        for bulk in self._read(items):
            return bulk
        raise BulkChangeNotFound

    def recent(self, *, most: int, before: BulkChangeId | None = None) -> Sequence[BulkChange]:
        keys: Condition = BulkChangeItem.sk.startswith(_PREFIX)
        if before is not None:
            # The end of the one before it, if that has the next smaller id.
            last = f"{_meta(BulkChangeId(before - 1))}{_TALLY}"
            keys = BulkChangeItem.sk.between(_PREFIX, last)
        items = BulkChangeItem.query(_PK, keys, scan_index_forward=False, limit=most * _ITEMS)
        return list(self._read(items))

    def running(self) -> Sequence[BulkChangeId]:
        try:
            item = RunningBulkChangesItem.get(_PK, _RUNNING, consistent_read=True)
        except DoesNotExist:
            return []
        return sorted(BulkChangeId(int(each)) for each in item.ids or ())

    def videos_of(self, bulk_id: BulkChangeId) -> Sequence[VideoId]:
        items = SelectedVideosItem.query(_pk(bulk_id), SelectedVideosItem.sk.startswith(_VIDEOS))
        return [VideoId(int(each)) for item in items for each in item.ids]

    def slices_done(self, bulk_id: BulkChangeId) -> frozenset[int]:
        items = SliceItem.query(_pk(bulk_id), SliceItem.sk.startswith(_SLICE), consistent_read=True)
        return frozenset(_number(item) for item in items if item.is_done)

    def take(self, bulk_id: BulkChangeId, number: int) -> datetime | None:
        now = self.clock.now()
        item = SliceItem(_pk(bulk_id), _sk(_SLICE, number))
        is_free = SliceItem.taken_at.does_not_exist() | (
            SliceItem.is_done.does_not_exist() & (SliceItem.taken_at < now - TAKEN_FOR)
        )
        try:
            with refused_as(WriteRefused()):
                item.update(
                    [SliceItem.taken_at.set(now), SliceItem.expires_at.set(now + KEPT_FOR)],
                    condition=is_free,
                )
        except WriteRefused:
            item.refresh(consistent_read=True)
            if item.is_done:
                return None
            raise SliceBusy("Another process makes this slice.") from None
        # As it is stored.
        return moment(milliseconds(now))

    def record(
        self, bulk_id: BulkChangeId, number: int, taken_at: datetime, result: SliceResult
    ) -> None:
        done: list[Action] = [SliceItem.is_done.set(True)]
        if result.failures:
            done.append(SliceItem.failures.set([_plain(each) for each in result.failures]))
        counted: list[Action] = [
            BulkChangeItem.changed.add(result.changed),
            BulkChangeItem.unchanged.add(result.unchanged),
            BulkChangeItem.failed.add(len(result.failures)),
            BulkChangeItem.moved_at.set(self.clock.now()),
        ]
        try:
            commit(
                self.connection,
                partial(
                    TransactWrite.update,
                    model=SliceItem(_pk(bulk_id), _sk(_SLICE, number)),
                    actions=done,
                    condition=SliceItem.is_done.does_not_exist() & (SliceItem.taken_at == taken_at),
                ),
                partial(
                    TransactWrite.update,
                    model=BulkChangeItem(_PK, _meta(bulk_id) + _TALLY),
                    actions=counted,
                    condition=BulkChangeItem.pk.exists(),
                ),
            )
        except WriteRefused:
            raise SliceBusy("Another process has taken this slice.") from None

    def failures(self, bulk_id: BulkChangeId, *, most: int) -> Sequence[VideoFailure]:
        items = SliceItem.query(
            _pk(bulk_id), SliceItem.sk.startswith(_SLICE), SliceItem.failures.exists()
        )
        every = (_failure(each) for item in items for each in item.failures)
        return list(islice(every, most))

    def end(self, bulk_id: BulkChangeId, state: BulkChangeState) -> BulkChange:
        ended = partial(
            TransactWrite.update,
            model=BulkChangeItem(_PK, _meta(bulk_id)),
            actions=[
                BulkChangeItem.state.set(state),
                BulkChangeItem.ended_at.set(self.clock.now()),
            ],
            condition=BulkChangeItem.state == BulkChangeState.RUNNING,
        )
        freed = partial(
            TransactWrite.update,
            model=RunningBulkChangesItem(_PK, _RUNNING),
            actions=[RunningBulkChangesItem.ids.delete({bulk_id})],
        )
        try:
            commit(self.connection, ended, freed)
        except WriteRefused:
            self.get(bulk_id)
            raise BulkChangeEnded from None
        return self.get(bulk_id)

    def _read(self, items: Iterator[BulkChangeItem]) -> Iterator[BulkChange]:
        """Yield the bulk changes of items, each of which has its tally beside it."""
        by_id: dict[int, dict[bool, BulkChangeItem]] = {}
        for item in items:
            by_id.setdefault(int(item.id), {})[item.sk.endswith(_TALLY)] = item
        for pair in by_id.values():
            if len(pair) == _ITEMS and pair[False].expires_at > self.clock.now():
                yield _to_bulk_change(pair[False], pair[True])


def _pk(bulk_id: BulkChangeId) -> str:
    return f"BULK_CHANGE#{bulk_id}"


def _meta(bulk_id: BulkChangeId) -> str:
    return f"{_PREFIX}{bulk_id:016}"


def _sk(prefix: str, number: int) -> str:
    return f"{prefix}{number:06}"


def _number(item: SliceItem) -> int:
    return int(item.sk.removeprefix(_SLICE))


def _to_items(bulk: BulkChange, expires_at: datetime) -> Sequence[BulkChangeItem]:
    begun = BulkChangeItem(
        _PK,
        _meta(bulk.id),
        id=bulk.id,
        account_id=bulk.account_id,
        created_at=bulk.created_at,
        change=bulk.change.stored_text(),
        videos=bulk.videos,
        videos_per_slice=bulk.videos_per_slice,
        state=bulk.state,
        expires_at=expires_at,
    )
    tally = BulkChangeItem(
        _PK,
        _meta(bulk.id) + _TALLY,
        id=bulk.id,
        changed=bulk.tally.changed,
        unchanged=bulk.tally.unchanged,
        failed=bulk.tally.failed,
        expires_at=expires_at,
    )
    return begun, tally


def _to_bulk_change(item: BulkChangeItem, tally: BulkChangeItem) -> BulkChange:
    return BulkChange(
        id=BulkChangeId(int(item.id)),
        account_id=AccountId(int(item.account_id)),
        created_at=item.created_at,
        change=Change.of_text(item.change),
        videos=int(item.videos),
        videos_per_slice=int(item.videos_per_slice),
        state=BulkChangeState(item.state),
        ended_at=item.ended_at,
        tally=Tally(int(tally.changed), int(tally.unchanged), int(tally.failed)),
        moved_at=tally.moved_at,
    )


def _plain(failure: VideoFailure) -> dict[str, Any]:
    """Return a failure with its template, by which it can be translated."""
    text = failure.text
    values = dict(text.values) if isinstance(text, Text) else {}
    template = text.template if isinstance(text, Text) else text
    return {"video": failure.video_id, "text": template, "values": values, "field": failure.field}


def _failure(plain: dict[str, Any]) -> VideoFailure:
    text = Text(plain["text"], **plain["values"]) if plain["values"] else plain["text"]
    return VideoFailure(VideoId(int(plain["video"])), text, plain["field"])
