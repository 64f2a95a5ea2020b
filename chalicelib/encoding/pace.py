"""The pace of an encode, and the forecast of its end."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import sqrt

# It stands still without a finished task for this share of the whole, or for some chunks' time.
_IDLE_SHARE = 4 / 20
_IDLE_CHUNKS = 2
_LEAST_IDLE = timedelta(minutes=1)
# A forecast that is later by less than this share of the time left is noise.
_NOISE = 0.1


@dataclass(frozen=True, slots=True)
class RunningChunk:
    """A chunk that a worker encodes now; shares are of all work after the plan."""

    seconds: float
    share: float


@dataclass(frozen=True, slots=True)
class Remaining:
    """The work that is left of an encode, at one moment."""

    # Of the tasks that can run beside each other, and of what follows all of them.
    share: float
    share_of_end: float
    tasks: int
    running: tuple[RunningChunk, ...] = ()
    # The share of the longest chunk that no worker has taken yet.
    longest_waiting: float = 0.0
    # Those of all running tasks, and the one whose task has just ended: it may take the next.
    workers: int = 0

    @property
    def parallel(self) -> int:
        return max(1, min(self.workers, self.tasks))


@dataclass(frozen=True, slots=True)
class Pace:
    """Measured by finished chunks of one attempt: their time on workers, without any waiting."""

    measured_at: datetime
    # Of the measured chunks, together.
    seconds: float
    share: float
    # The forecast: one worker's seconds for the whole.
    whole_seconds: float
    # How many workers there were then.
    parallel: int
    # The forecast is later than the one before.
    is_slower: bool = False

    def seconds_left(self, remaining: Remaining) -> float:
        """Return the time to go while its tasks run; it stays the same while they wait."""
        expected = [each.share * self.whole_seconds for each in remaining.running]
        to_go = [
            max(0.0, seconds - each.seconds)
            for seconds, each in zip(expected, remaining.running, strict=True)
        ]
        work = max(0.0, remaining.share * self.whole_seconds - sum(expected)) + sum(to_go)
        # Workers come and go: as many as now, or as many as there were.
        workers = sqrt(remaining.parallel * max(remaining.parallel, self._most(remaining)))
        # No worker shares a chunk with another one.
        begins = min(to_go) if len(to_go) >= remaining.parallel else 0.0
        last = begins + remaining.longest_waiting * self.whole_seconds
        return max(work / workers, last, *to_go) + remaining.share_of_end * self.whole_seconds

    def has_fewer_workers(self, remaining: Remaining) -> bool:
        """Whether there are fewer workers than at the measurement, and work for more."""
        return remaining.parallel < self._most(remaining)

    def longest_idle(self, remaining: Remaining) -> timedelta:
        """Return how long no task may begin or end before it stands still."""
        chunk = max((each.share for each in remaining.running), default=0.0)
        share = max(_IDLE_SHARE / remaining.parallel, _IDLE_CHUNKS * chunk)
        return max(_LEAST_IDLE, timedelta(seconds=share * self.whole_seconds))

    def _most(self, remaining: Remaining) -> int:
        return min(self.parallel, remaining.tasks)


def measured(
    before: Pace | None, remaining: Remaining, *, seconds: float, share: float, now: datetime
) -> Pace:
    """Return the pace after a chunk, which took so long and is such a share of the whole."""
    if before:
        seconds, share = before.seconds + seconds, before.share + share
    pace = Pace(now, seconds, share, seconds / share, remaining.parallel)
    if before is None:
        return pace
    left, forecast = pace.seconds_left(remaining), before.seconds_left(remaining)
    if left <= forecast:
        return pace
    if left <= forecast * (1 + _NOISE):
        parallel = max(pace.parallel, before.parallel)
        return replace(pace, whole_seconds=before.whole_seconds, parallel=parallel)
    return replace(pace, is_slower=True)
