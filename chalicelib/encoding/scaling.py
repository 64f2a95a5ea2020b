"""How many transcoders there should be, and when somebody looks again."""

import json
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Protocol, Self

from chalicelib.clock import Clock

LOOK_SECONDS = 30
# The longest that a message can be delayed on its queue.
LONGEST_PAUSE_SECONDS = 900
# Between two steps of an encode nothing waits for a moment, and depths are told late.
QUIET_LOOKS = 3
# One look may not take longer than its Lambda function.
MOST_AT_ONCE = 10
# So long a place is filled only once: who was hired a moment ago may not be listed yet.
WINDOW_SECONDS = 60


class UnreadableCall(Exception):
    """A message on the crew's queue is not one of ours."""


@dataclass(frozen=True, slots=True)
class Call:
    """What crosses the crew's queue: look whether transcoders are missing."""

    # Pieces of work that the caller knows of, though they may not have reached the queue yet.
    expected: int = 0
    # What the last look of the row leaves to the next: when that was to be, in seconds, how often
    # there was no work, how many it wanted, and how often nobody came who was wanted.
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
                raise UnreadableCall(f"version {sent['version']}")
            return cls(
                expected=int(sent.get("expected", 0)),
                due=float(sent.get("due", 0)),
                quiet=int(sent.get("quiet", 0)),
                wanted=int(sent.get("wanted", 0)),
                misses=int(sent.get("misses", 0)),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableCall(str(error)) from error


class Terms(StrEnum):
    SPOT = "spot"
    ON_DEMAND = "on-demand"


@dataclass(frozen=True, slots=True)
class Place:
    """One of the crew's places for a while; filled twice on the same terms, it is filled once."""

    number: int
    window: int
    terms: Terms


class WorkDepth(Protocol):
    def depth(self) -> int:
        """Return about how many pieces of work wait or are in somebody's hands."""


class Hiring(Protocol):
    def size(self) -> int:
        """Return how many transcoders work or are about to, without those who are leaving."""

    def hire(self, place: Place) -> bool:
        """Start a transcoder; False if none is to be had on these terms."""


class Summons(Protocol):
    def send(self, call: Call, *, after_seconds: int = 0) -> None: ...


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look found and did."""

    waiting: int
    working: int
    hired: int
    refused: int
    misses: int
    again_after_seconds: int | None


@dataclass(slots=True)
class Planned:
    """The last look this process has asked for: where two rows of looks meet, one ends."""

    due: float = 0

    def covers(self, call: Call, *, now: float, seconds: int) -> bool:
        # Later than the call itself, which may come a little early: the last one never ends.
        return max(call.due, now) < self.due <= now + seconds


@dataclass(frozen=True, slots=True)
class Crew:
    work: WorkDepth
    hiring: Hiring
    summons: Summons
    clock: Clock
    most: int
    may_hire_on_demand: bool = True
    planned: Planned = field(default_factory=Planned)

    def call(self) -> None:
        """Ask for a look; if nothing waits, it leads to nothing."""
        self.summons.send(Call())

    def look(self, call: Call) -> Looked:
        """Start the transcoders that are missing, and ask for another look while work is left."""
        waiting = max(self.work.depth(), call.expected)
        working = self.hiring.size()
        misses = 0 if working else call.misses + (call.wanted > 0)
        missing = min(self.most, waiting) - working
        # Where nobody came, one is enough to see whether anybody does by now.
        wanted = max(0, min(missing, 1 if misses else MOST_AT_ONCE))
        hired = sum(self._hire(working + number, misses) for number in range(1, wanted + 1))
        following = Call(quiet=0 if waiting else call.quiet + 1, wanted=wanted, misses=misses)
        return Looked(
            waiting=waiting,
            working=working,
            hired=hired,
            refused=wanted - hired,
            misses=misses,
            again_after_seconds=self._look_again(call, following),
        )

    def _hire(self, number: int, misses: int) -> bool:
        terms = [Terms.SPOT, Terms.ON_DEMAND] if self.may_hire_on_demand else [Terms.SPOT]
        window = int(self.clock.now().timestamp() // WINDOW_SECONDS)
        # Spot may be promised and never come.
        ordered = reversed(terms) if misses else terms
        return any(self.hiring.hire(Place(number, window, each)) for each in ordered)

    def _look_again(self, call: Call, following: Call) -> int | None:
        if following.quiet >= QUIET_LOOKS:
            return None
        seconds = min(LOOK_SECONDS << min(following.misses, 10), LONGEST_PAUSE_SECONDS)
        now = self.clock.now().timestamp()
        if self.planned.covers(call, now=now, seconds=seconds):
            return None
        due = now + seconds
        self.summons.send(replace(following, due=due), after_seconds=seconds)
        self.planned.due = due
        return seconds
