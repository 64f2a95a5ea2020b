"""How many transcoders run, and how many are started when tasks wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.clock import Clock
from chalicelib.encoding.ports import Capacity, TaskDepth, Transcoders, TranscoderSlot

# One check may not take longer than its Lambda function.
MOST_STARTS = 10
# For this long a slot is filled only once: a transcoder may be listed late.
WINDOW_SECONDS = 60
# The longest time between two starts while none succeeds.
LONGEST_PAUSE = timedelta(minutes=15)
# After the longest pause, a start may take a while to fail.
_FAILURES_COUNT_FOR = 2 * LONGEST_PAUSE
# By then, expected tasks have reached their queue, and its depth says how many are left.
_EXPECTED_FOR = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class ScaleResult:
    """The findings and actions of one check, for the log."""

    waiting: int
    running: int
    started: int
    refused: int
    failures: int


@dataclass(frozen=True, slots=True)
class Scaling:
    work: TaskDepth
    transcoders: Transcoders
    clock: Clock
    most: int
    uses_on_demand: bool = True

    def check(self, expected: int = 0, since: datetime | None = None) -> ScaleResult:
        """Start missing transcoders; `expected` tasks may not have reached their queue yet."""
        now = self.clock.now()
        if since is not None and now - since > _EXPECTED_FOR:
            expected = 0
        waiting = max(self.work.depth(), expected)
        running = self.transcoders.count()
        starts = max(0, min(self.most, waiting) - running)
        failures = self._recent_failures(now) if starts else ()
        if len(failures) > 1:
            # One start shows whether they succeed. Each pause is as long as failures have lasted.
            pause = min(max(failures) - min(failures), LONGEST_PAUSE)
            starts = int(not running and (expected > 0 or now - max(failures) >= pause))
        numbers = range(running + 1, running + min(starts, MOST_STARTS) + 1)
        capacity = [Capacity.SPOT, Capacity.ON_DEMAND] if self.uses_on_demand else [Capacity.SPOT]
        # ECS may accept a task on Spot and never start it.
        ordered = capacity[::-1] if failures else capacity
        window = int(now.timestamp() // WINDOW_SECONDS)
        started = sum(
            any(
                self.transcoders.start_transcoder(TranscoderSlot(number, window, each))
                for each in ordered
            )
            for number in numbers
        )
        return ScaleResult(waiting, running, started, len(numbers) - started, len(failures))

    def _recent_failures(self, now: datetime) -> Sequence[datetime]:
        failures = self.transcoders.failures(now)
        return failures if failures and now - max(failures) < _FAILURES_COUNT_FOR else ()
