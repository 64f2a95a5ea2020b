"""The hourly clean-up of bulk changes: requests what was lost on its way, and ends what hangs."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.bulk.model import (
    BulkChange,
    BulkChangeEnded,
    BulkChangeNotFound,
    BulkChangeState,
)
from chalicelib.bulk.ports import BulkChangeStore
from chalicelib.bulk.slices import Slices
from chalicelib.catalogue.model import BulkChangeId
from chalicelib.clock import Clock

# If no slice of any bulk change is done for so long, no message waits for its turn.
LOST_AFTER = timedelta(minutes=15)
ABANDONED_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BulkCleanUpResult:
    slices_sent: int = 0
    abandoned: int = 0


@dataclass(frozen=True, slots=True)
class BulkCleanUp:
    store: BulkChangeStore
    slices: Slices
    clock: Clock

    def run(self) -> BulkCleanUpResult:
        running, now = [*self._running()], self.clock.now()
        if any(now - each.last_seen_at < LOST_AFTER for each in running):
            return BulkCleanUpResult()
        lost = [each for each in running if now - each.last_seen_at < ABANDONED_AFTER]
        sent = sum(map(self.slices.send_missing, lost))
        abandoned = sum(self._abandon(each.id) for each in running if each not in lost)
        return BulkCleanUpResult(sent, abandoned)

    def _running(self) -> Iterator[BulkChange]:
        for bulk_id in self.store.running():
            with suppress(BulkChangeNotFound):
                yield self.store.get(bulk_id)

    def _abandon(self, bulk_id: BulkChangeId) -> bool:
        try:
            self.store.end(bulk_id, BulkChangeState.ABANDONED)
        except BulkChangeEnded:
            return False
        return True
