"""How many transcoders run, and when that is checked again."""

import json
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Protocol, Self

from chalicelib.clock import Clock

CHECK_SECONDS = 30
# The longest that a message can be delayed on its queue.
LONGEST_DELAY_SECONDS = 900
# Between two steps of an encode the queues are empty for a moment, and SQS counts late.
QUIET_CHECKS = 3
# One check may not take longer than its Lambda function.
MOST_STARTS = 10
# For this long a slot is filled only once: a worker may be listed late.
WINDOW_SECONDS = 60


class UnreadableScaleCheck(Exception):
    """A message on the queue of scale checks is not one of ours."""


@dataclass(frozen=True, slots=True)
class ScaleCheck:
    """A message: start the transcoders that are missing."""

    # Tasks that the sender knows of, though they may not have reached their queue yet.
    expected: int = 0
    # State that a check hands to the next one: when that is due, in seconds; how many checks in a
    # row had no tasks; how many workers were to start; how many checks in a row saw none start.
    due: float = 0
    quiet: int = 0
    wanted: int = 0
    misses: int = 0
    version: int = 1

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        try:
            sent = json.loads(text)
            if sent["version"] != 1:
                raise UnreadableScaleCheck(f"version {sent['version']}")
            return cls(
                expected=int(sent.get("expected", 0)),
                due=float(sent.get("due", 0)),
                quiet=int(sent.get("quiet", 0)),
                wanted=int(sent.get("wanted", 0)),
                misses=int(sent.get("misses", 0)),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableScaleCheck(str(error)) from error


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

    def start_worker(self, slot: WorkerSlot) -> bool:
        """Start a transcoder; return False if there is no such capacity."""


class ScaleCheckQueue(Protocol):
    def send(self, check: ScaleCheck, *, after_seconds: int = 0) -> None: ...


@dataclass(frozen=True, slots=True)
class ScaleResult:
    """The findings and actions of one check, for the log."""

    waiting: int
    working: int
    hired: int
    refused: int
    misses: int
    again_after_seconds: int | None


@dataclass(slots=True)
class NextCheck:
    """The last check this process requested: where two series of checks meet, one ends."""

    due: float = 0

    def covers(self, check: ScaleCheck, *, now: float, seconds: int) -> bool:
        # Later than the check itself, which may come a little early: the last series never ends.
        return max(check.due, now) < self.due <= now + seconds


@dataclass(frozen=True, slots=True)
class Scaling:
    work: WorkDepth
    workers: Workers
    queue: ScaleCheckQueue
    clock: Clock
    most: int
    uses_on_demand: bool = True
    next_check: NextCheck = field(default_factory=NextCheck)

    def request(self) -> None:
        """Request a check; if no task waits, it changes nothing."""
        self.queue.send(ScaleCheck())

    def check(self, check: ScaleCheck) -> ScaleResult:
        """Start missing transcoders, and request the next check while tasks are left."""
        waiting = max(self.work.depth(), check.expected)
        working = self.workers.count()
        misses = 0 if working else check.misses + (check.wanted > 0)
        missing = min(self.most, waiting) - working
        # Where none started, one start shows whether there is capacity again.
        starts = max(0, min(missing, 1 if misses else MOST_STARTS))
        numbers = range(working + 1, working + starts + 1)
        started = sum(self._start_worker(number, misses) for number in numbers)
        following = ScaleCheck(
            quiet=0 if waiting else check.quiet + 1, wanted=starts, misses=misses
        )
        return ScaleResult(
            waiting=waiting,
            working=working,
            hired=started,
            refused=starts - started,
            misses=misses,
            again_after_seconds=self._request_next(check, following),
        )

    def _start_worker(self, number: int, misses: int) -> bool:
        capacity = [Capacity.SPOT, Capacity.ON_DEMAND] if self.uses_on_demand else [Capacity.SPOT]
        window = int(self.clock.now().timestamp() // WINDOW_SECONDS)
        # ECS may accept a task on Spot and never start it.
        ordered = reversed(capacity) if misses else capacity
        return any(self.workers.start_worker(WorkerSlot(number, window, each)) for each in ordered)

    def _request_next(self, check: ScaleCheck, following: ScaleCheck) -> int | None:
        if following.quiet >= QUIET_CHECKS:
            return None
        seconds = min(CHECK_SECONDS << min(following.misses, 10), LONGEST_DELAY_SECONDS)
        now = self.clock.now().timestamp()
        if self.next_check.covers(check, now=now, seconds=seconds):
            return None
        due = now + seconds
        self.queue.send(replace(following, due=due), after_seconds=seconds)
        self.next_check.due = due
        return seconds
