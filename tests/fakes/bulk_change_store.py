"""Bulk changes in dictionaries, thread-safe."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import RLock

from chalicelib.adapters.dynamodb.receipt_log import TAKEN_FOR
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
from chalicelib.clock import Clock, to_the_millisecond


@dataclass
class _Slice:
    taken_at: datetime
    result: SliceResult | None = None


class InMemoryBulkChangeStore:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self._bulk_changes: dict[BulkChangeId, BulkChange] = {}
        self._videos: dict[BulkChangeId, tuple[VideoId, ...]] = {}
        self._slices: dict[tuple[BulkChangeId, int], _Slice] = {}

    def add(self, bulk: BulkChange, video_ids: Sequence[VideoId]) -> None:
        with self._lock:
            if len(self.running()) >= MOST_AT_ONCE:
                raise TooManyBulkChanges
            self._bulk_changes[bulk.id] = bulk
            self._videos[bulk.id] = tuple(video_ids)

    def get(self, bulk_id: BulkChangeId) -> BulkChange:
        return self._stored(bulk_id)

    def _stored(self, bulk_id: BulkChangeId) -> BulkChange:
        bulk = self._bulk_changes.get(bulk_id)
        if bulk is None or not self._is_kept(bulk):
            raise BulkChangeNotFound
        return bulk

    def recent(self, *, most: int, before: BulkChangeId | None = None) -> Sequence[BulkChange]:
        kept = [each for each in self._bulk_changes.values() if self._is_kept(each)]
        earlier = [each for each in kept if before is None or each.id < before]
        return sorted(earlier, key=lambda each: -each.id)[:most]

    def running(self) -> Sequence[BulkChangeId]:
        return sorted(each.id for each in self._bulk_changes.values() if each.is_running)

    def videos_of(self, bulk_id: BulkChangeId) -> Sequence[VideoId]:
        return self._videos[bulk_id]

    def slices_done(self, bulk_id: BulkChangeId) -> frozenset[int]:
        done = [key for key, each in self._slices.items() if each.result]
        return frozenset(number for of, number in done if of == bulk_id)

    def take(self, bulk_id: BulkChangeId, number: int) -> datetime | None:
        now = to_the_millisecond(self._clock.now())
        with self._lock:
            known = self._slices.get((bulk_id, number))
            if known and known.result:
                return None
            if known and known.taken_at >= now - TAKEN_FOR:
                raise SliceBusy("Another process makes this slice.")
            self._slices[bulk_id, number] = _Slice(now)
            return now

    def record(
        self, bulk_id: BulkChangeId, number: int, taken_at: datetime, result: SliceResult
    ) -> None:
        with self._lock:
            known = self._slices[bulk_id, number]
            if known.result or known.taken_at != taken_at:
                raise SliceBusy("Another process has taken this slice.")
            known.result = result
            bulk = self._bulk_changes[bulk_id]
            tally = Tally(
                bulk.tally.changed + result.changed,
                bulk.tally.unchanged + result.unchanged,
                bulk.tally.failed + len(result.failures),
            )
            self._bulk_changes[bulk_id] = replace(
                bulk, tally=tally, moved_at=to_the_millisecond(self._clock.now())
            )

    def failures(self, bulk_id: BulkChangeId, *, most: int) -> Sequence[VideoFailure]:
        keys = sorted(key for key in self._slices if key[0] == bulk_id)
        results = [result for key in keys if (result := self._slices[key].result)]
        return [failure for result in results for failure in result.failures][:most]

    def end(self, bulk_id: BulkChangeId, state: BulkChangeState) -> BulkChange:
        with self._lock:
            bulk = self._stored(bulk_id)
            if not bulk.is_running:
                raise BulkChangeEnded
            ended = replace(bulk, state=state, ended_at=to_the_millisecond(self._clock.now()))
            self._bulk_changes[bulk_id] = ended
            return ended

    def _is_kept(self, bulk: BulkChange) -> bool:
        return bulk.created_at + KEPT_FOR > self._clock.now()
