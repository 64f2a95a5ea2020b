"""Queue length, started transcoders and scale checks in memory."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.clock import Clock
from chalicelib.encoding.scaling import Call, Place, Terms


@dataclass
class CountedWork:
    # Includes messages in flight.
    waiting: int = 0

    def depth(self) -> int:
        return self.waiting


@dataclass
class InMemoryHiring:
    # Terms without capacity.
    scarce: Collection[Terms] = ()
    # Whether a started transcoder is listed at once.
    is_listed: bool = True
    hired: list[Place] = field(default_factory=list)
    working: int = 0

    def size(self) -> int:
        return self.working

    def hire(self, place: Place) -> bool:
        if place in self.hired:
            return True
        if place.terms in self.scarce:
            return False
        self.hired.append(place)
        self.working += self.is_listed
        return True


@dataclass
class InMemorySummons:
    clock: Clock
    calls: list[tuple[datetime, Call]] = field(default_factory=list)

    def send(self, call: Call, *, after_seconds: int = 0) -> None:
        self.calls.append((self.clock.now() + timedelta(seconds=after_seconds), call))

    def due(self) -> list[Call]:
        """Take the scale checks that are due."""
        now = self.clock.now()
        due = [call for at, call in self.calls if at <= now]
        self.calls = [each for each in self.calls if each[0] > now]
        return due
