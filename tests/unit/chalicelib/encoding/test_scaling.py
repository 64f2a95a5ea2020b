"""As many transcoders as there are tasks, up to a maximum, and checks that follow each other."""

from dataclasses import dataclass, field, replace

import pytest

from chalicelib.encoding.scaling import (
    CHECK_SECONDS,
    LONGEST_DELAY_SECONDS,
    MOST_STARTS,
    QUIET_CHECKS,
    Capacity,
    NextCheck,
    ScaleCheck,
    ScaleResult,
    Scaling,
    UnreadableScaleCheck,
)
from tests.fakes.clock import HandClock
from tests.fakes.scaling import CountedWork, InMemoryScaleCheckQueue, InMemoryWorkers

BEGUN = ScaleCheck(expected=1)


@dataclass
class Bridge:
    """One process that checks, and everything around it."""

    clock: HandClock = field(default_factory=HandClock)
    work: CountedWork = field(default_factory=CountedWork)
    workers: InMemoryWorkers = field(default_factory=InMemoryWorkers)
    most: int = 4

    def __post_init__(self) -> None:
        self.queue = InMemoryScaleCheckQueue(self.clock)
        self.scaling = Scaling(self.work, self.workers, self.queue, self.clock, self.most)

    def other(self) -> Scaling:
        """The same stage seen from another process."""
        return replace(self.scaling, next_check=NextCheck())

    def pass_by(self, seconds: float = CHECK_SECONDS) -> list[ScaleResult]:
        """Let time pass, and run the checks that are due."""
        self.clock.advance(seconds=seconds)
        return [self.scaling.check(check) for check in self.queue.due()]

    @property
    def pauses(self) -> list[float]:
        return [(at - self.clock.now()).total_seconds() for at, _ in self.queue.checks]


@pytest.fixture
def bridge() -> Bridge:
    return Bridge()


def test_without_tasks_nothing_starts(bridge: Bridge) -> None:
    assert bridge.scaling.check(ScaleCheck()).hired == 0
    assert bridge.workers.hired == []


def test_a_new_encode_needs_a_transcoder_before_its_task_has_reached_the_queue(
    bridge: Bridge,
) -> None:
    assert bridge.scaling.check(BEGUN).hired == 1


@pytest.mark.parametrize(("waiting", "workers"), [(1, 1), (3, 3), (4, 4), (1000, 4)])
def test_there_are_as_many_as_there_is_work_for_up_to_the_maximum(
    bridge: Bridge, waiting: int, workers: int
) -> None:
    bridge.work.waiting = waiting
    bridge.scaling.check(BEGUN)
    assert bridge.workers.count() == workers


def test_only_missing_transcoders_are_started(bridge: Bridge) -> None:
    bridge.work.waiting, bridge.workers.working = 9, 3
    assert bridge.scaling.check(BEGUN).hired == 1
    assert bridge.scaling.check(BEGUN).hired == 0


def test_too_many_transcoders_are_not_stopped(bridge: Bridge) -> None:
    bridge.work.waiting, bridge.workers.working = 1, 9
    assert bridge.scaling.check(BEGUN).hired == 0


def test_one_check_starts_no_more_than_it_has_time_for() -> None:
    bridge = Bridge(most=25)
    bridge.work.waiting = 100
    assert bridge.scaling.check(BEGUN).hired == MOST_STARTS
    assert [bridge.pass_by()[0].hired for _ in range(3)] == [10, 5, 0]


def test_checks_go_on_until_some_count_no_tasks(bridge: Bridge) -> None:
    bridge.work.waiting = 1
    bridge.scaling.check(BEGUN)
    assert len(bridge.pass_by()) == 1
    bridge.work.waiting = 0
    assert [len(bridge.pass_by()) for _ in range(QUIET_CHECKS + 1)] == [1] * QUIET_CHECKS + [0]
    assert bridge.queue.checks == []


def test_work_that_comes_again_in_between_counts_from_the_start(bridge: Bridge) -> None:
    bridge.scaling.check(BEGUN)
    bridge.pass_by()
    bridge.work.waiting = 1
    bridge.pass_by()
    bridge.work.waiting = 0
    assert [len(bridge.pass_by()) for _ in range(QUIET_CHECKS + 1)] == [1] * QUIET_CHECKS + [0]


def test_an_interrupted_transcoder_is_replaced(bridge: Bridge) -> None:
    bridge.work.waiting = 9
    bridge.scaling.check(BEGUN)
    bridge.workers.working -= 2
    bridge.clock.advance(seconds=60)
    assert [result.hired for result in bridge.pass_by(0)] == [2]
    assert bridge.workers.count() == 4


def test_processes_that_do_not_see_each_others_starts_yet_fill_the_same_slots() -> None:
    bridge = Bridge(workers=InMemoryWorkers(is_listed=False))
    bridge.work.waiting = 9
    for scaling in (bridge.scaling, bridge.other(), bridge.scaling, bridge.other()):
        scaling.check(BEGUN)
    assert len(bridge.workers.hired) == 4


def test_many_encodes_at_once_lead_to_one_series_of_checks(bridge: Bridge) -> None:
    bridge.work.waiting = 20
    for _ in range(20):
        bridge.scaling.check(BEGUN)
    assert [len(bridge.pass_by()) for _ in range(3)] == [1, 1, 1]


def test_series_of_several_processes_become_one_once_they_meet(bridge: Bridge) -> None:
    bridge.work.waiting = 20
    for _ in range(5):
        bridge.other().check(BEGUN)
        bridge.clock.advance(seconds=1)
    assert len(bridge.queue.checks) == 5
    bridge.pass_by()
    assert len(bridge.queue.checks) == 1


def test_a_series_does_not_end_by_its_own_check_that_comes_early(bridge: Bridge) -> None:
    bridge.work.waiting = 1
    bridge.scaling.check(BEGUN)
    [(_, check)] = bridge.queue.checks
    bridge.clock.advance(seconds=CHECK_SECONDS - 0.2)
    assert bridge.scaling.check(check).again_after_seconds == CHECK_SECONDS


def test_a_check_that_is_delivered_twice_makes_no_second_series(bridge: Bridge) -> None:
    bridge.work.waiting = 1
    bridge.scaling.check(BEGUN)
    bridge.clock.advance(seconds=CHECK_SECONDS)
    [check] = bridge.queue.due()
    assert bridge.scaling.check(check).again_after_seconds == CHECK_SECONDS
    assert bridge.scaling.check(check).again_after_seconds is None


def test_spot_comes_first_and_what_it_lacks_is_started_on_demand(bridge: Bridge) -> None:
    bridge.work.waiting = 1
    bridge.scaling.check(BEGUN)
    bridge.workers.scarce = {Capacity.SPOT}
    bridge.work.waiting = 2
    assert bridge.pass_by()[0].refused == 0
    assert [slot.capacity for slot in bridge.workers.hired] == [Capacity.SPOT, Capacity.ON_DEMAND]


def test_nothing_is_started_on_demand_where_that_is_forbidden(bridge: Bridge) -> None:
    bridge.workers.scarce = {Capacity.SPOT}
    bridge.work.waiting = 2
    result = replace(bridge.scaling, uses_on_demand=False).check(BEGUN)
    assert (result.hired, result.refused, result.again_after_seconds) == (0, 2, CHECK_SECONDS)


def test_starts_that_never_succeed_are_repeated_one_by_one_less_often_and_on_demand() -> None:
    bridge = Bridge(workers=InMemoryWorkers(is_listed=False))
    bridge.work.waiting = 9
    assert bridge.scaling.check(BEGUN).hired == 4
    for pause in (60, 120, 240, 480, LONGEST_DELAY_SECONDS, LONGEST_DELAY_SECONDS):
        [result] = bridge.pass_by(bridge.pauses[0])
        assert result.hired == 1
        assert bridge.workers.hired[-1].capacity is Capacity.ON_DEMAND
        assert bridge.pauses == [pause]
    bridge.workers.is_listed = True
    bridge.pass_by(bridge.pauses[0])
    [result] = bridge.pass_by(bridge.pauses[0])
    assert (result.misses, result.hired, bridge.workers.count()) == (0, 3, 4)


def test_a_new_encode_does_not_wait_for_a_series_that_has_slowed_down() -> None:
    bridge = Bridge(workers=InMemoryWorkers(is_listed=False))
    bridge.work.waiting = 9
    bridge.scaling.check(BEGUN)
    for _ in range(4):
        bridge.pass_by(bridge.pauses[0])
    bridge.scaling.check(BEGUN)
    assert min(bridge.pauses) == CHECK_SECONDS


def test_a_check_for_nothing_leads_to_nothing(bridge: Bridge) -> None:
    bridge.scaling.request()
    assert [result.hired for result in bridge.pass_by(0)] == [0]
    for _ in range(QUIET_CHECKS):
        bridge.pass_by()
    assert (bridge.workers.hired, bridge.queue.checks) == ([], [])


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"version": 2}', '{"version": 1, "due": "x"}']
)
def test_a_message_that_is_no_check_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableScaleCheck):
        ScaleCheck.from_json(text)
