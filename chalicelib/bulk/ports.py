"""Ports of bulk changes: their store, the queue of their slices, and pauses between videos."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.bulk.message import SliceMessage
from chalicelib.bulk.model import (
    BulkChange,
    BulkChangeState,
    SliceResult,
    VideoFailure,
)
from chalicelib.catalogue.model import BulkChangeId, VideoId


class BulkChangeStore(Protocol):
    def add(self, bulk: BulkChange, video_ids: Sequence[VideoId]) -> None:
        """Store it with its videos; raise `TooManyBulkChanges` if as many have not ended."""

    def get(self, bulk_id: BulkChangeId) -> BulkChange:
        """Return it; raise `BulkChangeNotFound`, also if it began too long ago."""

    def recent(self, *, most: int, before: BulkChangeId | None = None) -> Sequence[BulkChange]:
        """Return the newest ones, of those that began before another one."""

    def running(self) -> Sequence[BulkChangeId]:
        """Return those that have not ended."""

    def videos_of(self, bulk_id: BulkChangeId) -> Sequence[VideoId]:
        """Return the videos as they were stored, in their order."""

    def slices_done(self, bulk_id: BulkChangeId) -> frozenset[int]: ...

    def take(self, bulk_id: BulkChangeId, number: int) -> datetime | None:
        """Take a slice for as long as a function may run, and return since when it is taken.

        Return None if it is done. Raise `SliceBusy` if another process has taken it.
        """

    def record(
        self, bulk_id: BulkChangeId, number: int, taken_at: datetime, result: SliceResult
    ) -> None:
        """Count a slice as done, once; raise `SliceBusy` if it was taken by another since."""

    def failures(self, bulk_id: BulkChangeId, *, most: int) -> Sequence[VideoFailure]:
        """Return the first failures, in the order of slices."""

    def end(self, bulk_id: BulkChangeId, state: BulkChangeState) -> BulkChange:
        """Store how it ended, and return it; raise `BulkChangeEnded` if it had ended before."""


class SliceQueue(Protocol):
    def put(self, messages: Iterable[SliceMessage]) -> None:
        """Send all messages; some may arrive twice, late, or in another order."""


class Pause(Protocol):
    def wait(self, seconds: float) -> None:
        """Wait, so that writes do not come faster than readers follow."""
