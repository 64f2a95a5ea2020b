"""Contract of `Clock`: the fake and the system clock."""

from datetime import UTC, timedelta

import pytest

from chalicelib.clock import Clock, SystemClock
from tests.fakes.clock import HandClock

pytestmark = pytest.mark.contract(of=Clock)


@pytest.fixture(params=["hand", "system"])
def clock(request: pytest.FixtureRequest) -> Clock:
    return HandClock() if request.param == "hand" else SystemClock()


def test_the_time_is_in_utc(clock: Clock) -> None:
    assert clock.now().tzinfo is UTC


def test_the_time_does_not_go_back(clock: Clock) -> None:
    moments = [clock.now() for _ in range(100)]
    assert moments == sorted(moments)


def test_two_unmoved_clocks_have_about_the_same_time(clock: Clock) -> None:
    assert abs(clock.now() - SystemClock().now()) < timedelta(minutes=1)
