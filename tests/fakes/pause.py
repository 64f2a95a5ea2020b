"""A pause during which only the clock of a test goes on."""

from dataclasses import dataclass

from tests.fakes.clock import HandClock


@dataclass(slots=True)
class HandPause:
    clock: HandClock

    def wait(self, seconds: float) -> None:
        if seconds > 0:
            self.clock.advance(seconds=seconds)
