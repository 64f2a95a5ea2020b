"""As many transcoders as there are tasks, up to a maximum, and fewer tries while none works."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from chalicelib.encoding.ports import Capacity, TranscoderSlot
from chalicelib.encoding.scaling import MOST_STARTS, ScaleResult, Scaling
from tests.fakes.clock import HandClock
from tests.fakes.scaling import CountedWork, InMemoryTranscoders

# Of a new encode: its first task may not have reached the queue.
BEGUN = 1


@dataclass
class Bridge:
    """What checks, and everything around it."""

    clock: HandClock = field(default_factory=HandClock)
    work: CountedWork = field(default_factory=CountedWork)
    transcoders: InMemoryTranscoders = field(default_factory=InMemoryTranscoders)
    most: int = 4

    def __post_init__(self) -> None:
        self.scaling = Scaling(self.work, self.transcoders, self.clock, self.most)

    def pass_by(self, minutes: int = 1) -> list[ScaleResult]:
        """Let time pass, and check as the schedule does."""
        return [self._next_minute() for _ in range(minutes)]

    def _next_minute(self) -> ScaleResult:
        self.clock.advance(minutes=1)
        return self.scaling.check()


@pytest.fixture
def bridge() -> Bridge:
    return Bridge()


def test_without_tasks_nothing_starts(bridge: Bridge) -> None:
    assert bridge.scaling.check().started == 0
    assert bridge.transcoders.started == []


def test_a_new_encode_needs_a_transcoder_before_its_task_has_reached_the_queue(
    bridge: Bridge,
) -> None:
    assert bridge.scaling.check(BEGUN).started == 1


@pytest.mark.parametrize(
    ("seconds", "waiting", "started"), [(29, 0, 4), (31, 0, 0), (31, 1, 1), (3600, 1, 1)]
)
def test_what_was_expected_a_while_ago_has_reached_its_queue(
    bridge: Bridge, seconds: int, waiting: int, started: int
) -> None:
    begun = bridge.clock.now()
    bridge.clock.advance(seconds=seconds)
    bridge.work.waiting = waiting
    assert bridge.scaling.check(20, begun).started == started


@pytest.mark.parametrize(("waiting", "transcoders"), [(1, 1), (3, 3), (4, 4), (1000, 4)])
def test_there_are_as_many_as_there_is_work_for_up_to_the_maximum(
    bridge: Bridge, waiting: int, transcoders: int
) -> None:
    bridge.work.waiting = waiting
    bridge.scaling.check(BEGUN)
    assert bridge.transcoders.count() == transcoders


def test_only_missing_transcoders_are_started(bridge: Bridge) -> None:
    bridge.work.waiting, bridge.transcoders.running = 9, 3
    assert bridge.scaling.check(BEGUN).started == 1
    assert bridge.scaling.check(BEGUN).started == 0


def test_too_many_transcoders_are_not_stopped(bridge: Bridge) -> None:
    bridge.work.waiting, bridge.transcoders.running = 1, 9
    assert bridge.scaling.check(BEGUN).started == 0


def test_one_check_starts_no_more_than_it_has_time_for() -> None:
    bridge = Bridge(most=25)
    bridge.work.waiting = 100
    assert bridge.scaling.check(BEGUN).started == MOST_STARTS
    assert [bridge.pass_by()[0].started for _ in range(3)] == [10, 5, 0]


def test_an_interrupted_transcoder_is_replaced(bridge: Bridge) -> None:
    bridge.work.waiting = 9
    bridge.scaling.check(BEGUN)
    bridge.transcoders.running -= 2
    assert [result.started for result in bridge.pass_by()] == [2]
    assert bridge.transcoders.count() == 4


def test_processes_that_do_not_see_each_others_starts_yet_fill_the_same_slots() -> None:
    bridge = Bridge(transcoders=InMemoryTranscoders(is_listed=False))
    bridge.work.waiting = 9
    for _ in range(4):
        bridge.scaling.check(BEGUN)
    assert len(bridge.transcoders.started) == 4


def test_spot_comes_first_and_what_it_lacks_is_started_on_demand(bridge: Bridge) -> None:
    bridge.work.waiting = 1
    bridge.scaling.check(BEGUN)
    bridge.transcoders.scarce = {Capacity.SPOT}
    bridge.work.waiting = 2
    assert bridge.pass_by()[0].refused == 0
    assert [slot.capacity for slot in bridge.transcoders.started] == [
        Capacity.SPOT,
        Capacity.ON_DEMAND,
    ]


def test_nothing_is_started_on_demand_where_that_is_forbidden(bridge: Bridge) -> None:
    bridge.transcoders.scarce = {Capacity.SPOT}
    bridge.work.waiting = 2
    result = replace(bridge.scaling, uses_on_demand=False).check(BEGUN)
    assert (result.started, result.refused) == (0, 2)


def test_starts_that_never_succeed_are_repeated_one_by_one_less_often_and_on_demand() -> None:
    bridge = Bridge(transcoders=InMemoryTranscoders(is_broken=True))
    bridge.work.waiting = 9
    assert bridge.scaling.check(BEGUN).started == 4
    assert [result.started for result in bridge.pass_by()] == [1]
    for pause in (60, 120, 240, 480, 900, 900):
        *idle, result = bridge.pass_by(pause // 60)
        assert [each.started for each in idle] == [0] * len(idle)
        assert result.started == 1
        assert bridge.transcoders.started[-1].capacity is Capacity.ON_DEMAND
    bridge.transcoders.is_broken = False
    bridge.pass_by(15)
    [result] = bridge.pass_by()
    assert (result.failures, result.started, bridge.transcoders.count()) == (0, 3, 4)


def test_a_new_encode_does_not_wait_for_the_pause_between_two_tries() -> None:
    bridge = Bridge(transcoders=InMemoryTranscoders(is_broken=True))
    bridge.work.waiting = 9
    bridge.scaling.check(BEGUN)
    begun = bridge.clock.now()
    bridge.pass_by(9)
    assert bridge.scaling.check().started == 0
    assert bridge.scaling.check(BEGUN, begun).started == 0
    assert bridge.scaling.check(BEGUN).started == 1


@pytest.mark.parametrize(
    ("minutes_ago", "started"),
    [
        pytest.param([50], 7, id="one long ago"),
        pytest.param([2], 7, id="one just now"),
        pytest.param([50, 40, 31], 7, id="several long ago"),
        pytest.param([50, 29], 0, id="several"),
        pytest.param([2, 2], 0, id="two at once"),
    ],
)
def test_only_recent_failures_in_a_row_hold_back_the_transcoders_of_a_video(
    minutes_ago: Sequence[int], started: int
) -> None:
    clock = HandClock()
    transcoders = Doomed(clock, timedelta(minutes=1))
    transcoders.requested += [clock.now() - timedelta(minutes=each) for each in minutes_ago]
    scaling = Scaling(CountedWork(1), transcoders, clock, most=8)
    assert scaling.check(BEGUN).started == 1
    assert scaling.check(20).started == started


@dataclass
class Doomed:
    """Transcoders that are listed while they start, and then fail."""

    clock: HandClock
    lasts: timedelta
    requested: list[datetime] = field(default_factory=list)

    def count(self) -> int:
        return len(self.requested) - len(self.failures(self.clock.now()))

    def failures(self, now: datetime) -> Sequence[datetime]:
        return [each for each in self.requested if now - each >= self.lasts]

    def start_transcoder(self, slot: TranscoderSlot) -> bool:
        assert slot.number
        self.requested.append(self.clock.now())
        return True


@pytest.mark.parametrize("seconds", [5, 50, 90, 200])
def test_an_image_that_is_broken_costs_little_however_long_it_takes_to_fail(seconds: int) -> None:
    clock = HandClock()
    transcoders = Doomed(clock, timedelta(seconds=seconds))
    scaling = Scaling(CountedWork(9), transcoders, clock, most=8)
    scaling.check(BEGUN)
    for _ in range(60):
        clock.advance(minutes=1)
        scaling.check()
    assert len(transcoders.requested) <= 8 + 8
