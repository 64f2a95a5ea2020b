"""How many transcoders run, and how many are started when tasks wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from chalicelib.clock import Clock

# One check may not take longer than its Lambda function.
MOST_STARTS = 10
# For this long a slot is filled only once: a worker may be listed late.
WINDOW_SECONDS = 60
# The longest time between two starts while none succeeds.
LONGEST_PAUSE = timedelta(minutes=15)
# After the longest pause, a start may take a while to fail.
_FAILURES_COUNT_FOR = 2 * LONGEST_PAUSE
# By then, expected tasks have reached their queue, and its depth says how many are left.
_EXPECTED_FOR = timedelta(seconds=30)


class Capacity(StrEnum):
    SPOT = "spot"
    ON_DEMAND = "on-demand"


@dataclass(frozen=True, slots=True)
class WorkerSlot:
    """The identity of one start: two starts with the same slot are one."""

    number: int
    window: int
    capacity: Capacity


class WorkDepth(Protocol):
    def depth(self) -> int:
        """Return about how many tasks wait or are being processed."""


class Workers(Protocol):
    def count(self) -> int:
        """Return how many transcoders run or start, without those that are stopping."""

    def failures(self, now: datetime) -> Sequence[datetime]:
        """Return when transcoders were requested that failed, since the last success."""

    def start_worker(self, slot: WorkerSlot) -> bool:
        """Start a transcoder; return False if there is no such capacity."""


@dataclass(frozen=True, slots=True)
class ScaleResult:
    """The findings and actions of one check, for the log."""

    waiting: int
    working: int
    started: int
    refused: int
    misses: int


@dataclass(frozen=True, slots=True)
class Scaling:
    work: WorkDepth
    workers: Workers
    clock: Clock
    most: int
    uses_on_demand: bool = True

    def check(self, expected: int = 0, since: datetime | None = None) -> ScaleResult:
        """Start missing transcoders; `expected` tasks may not have reached their queue yet."""
        now = self.clock.now()
        if since is not None and now - since > _EXPECTED_FOR:
            expected = 0
        waiting = max(self.work.depth(), expected)
        working = self.workers.count()
        starts = max(0, min(self.most, waiting) - working)
        failures = self._recent_failures(now) if starts else ()
        if len(failures) > 1:
            # One start shows whether they succeed. Each pause is as long as failures have lasted.
            pause = min(max(failures) - min(failures), LONGEST_PAUSE)
            starts = int(not working and (expected > 0 or now - max(failures) >= pause))
        numbers = range(working + 1, working + min(starts, MOST_STARTS) + 1)
        capacity = [Capacity.SPOT, Capacity.ON_DEMAND] if self.uses_on_demand else [Capacity.SPOT]
        # ECS may accept a task on Spot and never start it.
        ordered = capacity[::-1] if failures else capacity
        window = int(now.timestamp() // WINDOW_SECONDS)
        started = sum(
            any(self.workers.start_worker(WorkerSlot(number, window, each)) for each in ordered)
            for number in numbers
        )
        return ScaleResult(waiting, working, started, len(numbers) - started, len(failures))

    def _recent_failures(self, now: datetime) -> Sequence[datetime]:
        failures = self.workers.failures(now)
        return failures if failures and now - max(failures) < _FAILURES_COUNT_FOR else ()
