"""Queue length and started transcoders in memory."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from chalicelib.encoding.scaling import WINDOW_SECONDS, Capacity, WorkerSlot


@dataclass
class CountedWork:
    # Includes messages in flight.
    waiting: int = 0

    def depth(self) -> int:
        return self.waiting


@dataclass
class InMemoryWorkers:
    # Capacity that is used up.
    scarce: Collection[Capacity] = ()
    # Whether a started transcoder is listed at once.
    is_listed: bool = True
    # Whether a started transcoder ends at once.
    is_broken: bool = False
    failed: list[WorkerSlot] = field(default_factory=list)
    started: list[WorkerSlot] = field(default_factory=list)
    working: int = 0

    def count(self) -> int:
        return self.working

    def failures(self, now: datetime) -> Sequence[datetime]:
        assert now.tzinfo
        if self.working:
            return []
        return [datetime.fromtimestamp(each.window * WINDOW_SECONDS, UTC) for each in self.failed]

    def start_worker(self, slot: WorkerSlot) -> bool:
        if slot in self.started:
            return True
        if slot.capacity in self.scarce:
            return False
        self.started.append(slot)
        if self.is_broken:
            self.failed.append(slot)
        else:
            self.working += self.is_listed
        return True
