"""Contract of `Pause`: the fake and the one of the operating system."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from chalicelib.adapters.system_pause import SystemPause
from chalicelib.bulk.ports import Pause
from tests.fakes.clock import HandClock
from tests.fakes.pause import HandPause

pytestmark = pytest.mark.contract(of=Pause)


@dataclass(frozen=True)
class Waiting:
    pause: Pause
    seconds: Callable[[], float]


@pytest.fixture(params=["hand", "system"])
def waiting(request: pytest.FixtureRequest, clock: HandClock) -> Waiting:
    if request.param == "hand":
        return Waiting(HandPause(clock), lambda: clock.now().timestamp())
    return Waiting(SystemPause(), time.monotonic)


def test_it_takes_as_long_as_it_was_asked_for(waiting: Waiting) -> None:
    before = waiting.seconds()
    waiting.pause.wait(0.02)
    assert waiting.seconds() - before >= 0.019


def test_time_that_is_over_is_no_wait(waiting: Waiting) -> None:
    before = waiting.seconds()
    waiting.pause.wait(-60)
    assert waiting.seconds() - before < 1
