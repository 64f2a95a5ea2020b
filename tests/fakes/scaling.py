"""Queue length, started transcoders and scale checks in memory."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.clock import Clock
from chalicelib.encoding.scaling import Capacity, ScaleCheck, WorkerSlot


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
    hired: list[WorkerSlot] = field(default_factory=list)
    working: int = 0

    def count(self) -> int:
        return self.working

    def start_worker(self, slot: WorkerSlot) -> bool:
        if slot in self.hired:
            return True
        if slot.capacity in self.scarce:
            return False
        self.hired.append(slot)
        self.working += self.is_listed
        return True


@dataclass
class InMemoryScaleCheckQueue:
    clock: Clock
    checks: list[tuple[datetime, ScaleCheck]] = field(default_factory=list)

    def send(self, check: ScaleCheck, *, after_seconds: int = 0) -> None:
        self.checks.append((self.clock.now() + timedelta(seconds=after_seconds), check))

    def due(self) -> list[ScaleCheck]:
        """Take the scale checks that are due."""
        now = self.clock.now()
        due = [check for at, check in self.checks if at <= now]
        self.checks = [each for each in self.checks if each[0] > now]
        return due
