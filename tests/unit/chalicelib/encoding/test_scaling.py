"""As many transcoders as there is work for, up to a maximum, and somebody who looks again."""

from dataclasses import dataclass, field, replace

import pytest

from chalicelib.encoding.scaling import (
    LONGEST_PAUSE_SECONDS,
    LOOK_SECONDS,
    MOST_AT_ONCE,
    QUIET_LOOKS,
    Call,
    Crew,
    Looked,
    Planned,
    Terms,
    UnreadableCall,
)
from tests.fakes.clock import HandClock
from tests.fakes.scaling import CountedWork, InMemoryHiring, InMemorySummons

BEGUN = Call(expected=1)


@dataclass
class Bridge:
    """One process that looks, and everything around it."""

    clock: HandClock = field(default_factory=HandClock)
    work: CountedWork = field(default_factory=CountedWork)
    hiring: InMemoryHiring = field(default_factory=InMemoryHiring)
    most: int = 4

    def __post_init__(self) -> None:
        self.summons = InMemorySummons(self.clock)
        self.crew = Crew(self.work, self.hiring, self.summons, self.clock, self.most)

    def other(self) -> Crew:
        """The same crew seen from another process."""
        return replace(self.crew, planned=Planned())

    def pass_by(self, seconds: float = LOOK_SECONDS) -> list[Looked]:
        """Let time pass, and answer whatever call comes."""
        self.clock.advance(seconds=seconds)
        return [self.crew.look(call) for call in self.summons.due()]

    @property
    def pauses(self) -> list[float]:
        return [(at - self.clock.now()).total_seconds() for at, _ in self.summons.calls]


@pytest.fixture
def bridge() -> Bridge:
    return Bridge()


def test_no_work_needs_nobody(bridge: Bridge) -> None:
    assert bridge.crew.look(Call()).hired == 0
    assert bridge.hiring.hired == []


def test_what_has_begun_needs_somebody_before_its_work_has_reached_the_queue(
    bridge: Bridge,
) -> None:
    assert bridge.crew.look(BEGUN).hired == 1


@pytest.mark.parametrize(("waiting", "crew"), [(1, 1), (3, 3), (4, 4), (1000, 4)])
def test_there_are_as_many_as_there_is_work_for_up_to_the_maximum(
    bridge: Bridge, waiting: int, crew: int
) -> None:
    bridge.work.waiting = waiting
    bridge.crew.look(BEGUN)
    assert bridge.hiring.size() == crew


def test_only_those_who_are_missing_are_hired(bridge: Bridge) -> None:
    bridge.work.waiting, bridge.hiring.working = 9, 3
    assert bridge.crew.look(BEGUN).hired == 1
    assert bridge.crew.look(BEGUN).hired == 0


def test_too_many_are_sent_away_by_nobody(bridge: Bridge) -> None:
    bridge.work.waiting, bridge.hiring.working = 1, 9
    assert bridge.crew.look(BEGUN).hired == 0


def test_one_look_hires_no_more_than_it_has_time_for() -> None:
    bridge = Bridge(most=25)
    bridge.work.waiting = 100
    assert bridge.crew.look(BEGUN).hired == MOST_AT_ONCE
    assert [bridge.pass_by()[0].hired for _ in range(3)] == [10, 5, 0]


def test_somebody_looks_again_until_nothing_has_waited_for_some_looks(bridge: Bridge) -> None:
    bridge.work.waiting = 1
    bridge.crew.look(BEGUN)
    assert len(bridge.pass_by()) == 1
    bridge.work.waiting = 0
    assert [len(bridge.pass_by()) for _ in range(QUIET_LOOKS + 1)] == [1] * QUIET_LOOKS + [0]
    assert bridge.summons.calls == []


def test_work_that_comes_again_in_between_counts_from_the_start(bridge: Bridge) -> None:
    bridge.crew.look(BEGUN)
    bridge.pass_by()
    bridge.work.waiting = 1
    bridge.pass_by()
    bridge.work.waiting = 0
    assert [len(bridge.pass_by()) for _ in range(QUIET_LOOKS + 1)] == [1] * QUIET_LOOKS + [0]


def test_whoever_was_taken_away_is_replaced(bridge: Bridge) -> None:
    bridge.work.waiting = 9
    bridge.crew.look(BEGUN)
    bridge.hiring.working -= 2
    bridge.clock.advance(seconds=60)
    assert [looked.hired for looked in bridge.pass_by(0)] == [2]
    assert bridge.hiring.size() == 4


def test_lookers_who_do_not_see_each_others_yet_fill_the_same_places() -> None:
    bridge = Bridge(hiring=InMemoryHiring(is_listed=False))
    bridge.work.waiting = 9
    for crew in (bridge.crew, bridge.other(), bridge.crew, bridge.other()):
        crew.look(BEGUN)
    assert len(bridge.hiring.hired) == 4


def test_many_films_at_once_lead_to_one_row_of_looks(bridge: Bridge) -> None:
    bridge.work.waiting = 20
    for _ in range(20):
        bridge.crew.look(BEGUN)
    assert [len(bridge.pass_by()) for _ in range(3)] == [1, 1, 1]


def test_rows_of_several_processes_become_one_once_they_meet(bridge: Bridge) -> None:
    bridge.work.waiting = 20
    for _ in range(5):
        bridge.other().look(BEGUN)
        bridge.clock.advance(seconds=1)
    assert len(bridge.summons.calls) == 5
    bridge.pass_by()
    assert len(bridge.summons.calls) == 1


def test_a_row_does_not_end_by_its_own_call_that_comes_early(bridge: Bridge) -> None:
    bridge.work.waiting = 1
    bridge.crew.look(BEGUN)
    [(_, call)] = bridge.summons.calls
    bridge.clock.advance(seconds=LOOK_SECONDS - 0.2)
    assert bridge.crew.look(call).again_after_seconds == LOOK_SECONDS


def test_a_call_that_comes_twice_makes_no_second_row(bridge: Bridge) -> None:
    bridge.work.waiting = 1
    bridge.crew.look(BEGUN)
    bridge.clock.advance(seconds=LOOK_SECONDS)
    [call] = bridge.summons.due()
    assert bridge.crew.look(call).again_after_seconds == LOOK_SECONDS
    assert bridge.crew.look(call).again_after_seconds is None


def test_spot_comes_first_and_what_it_lacks_is_hired_on_demand(bridge: Bridge) -> None:
    bridge.work.waiting = 1
    bridge.crew.look(BEGUN)
    bridge.hiring.scarce = {Terms.SPOT}
    bridge.work.waiting = 2
    assert bridge.pass_by()[0].refused == 0
    assert [place.terms for place in bridge.hiring.hired] == [Terms.SPOT, Terms.ON_DEMAND]


def test_nobody_is_hired_on_demand_where_that_is_forbidden(bridge: Bridge) -> None:
    bridge.hiring.scarce = {Terms.SPOT}
    bridge.work.waiting = 2
    looked = replace(bridge.crew, may_hire_on_demand=False).look(BEGUN)
    assert (looked.hired, looked.refused, looked.again_after_seconds) == (0, 2, LOOK_SECONDS)


def test_those_who_never_come_are_asked_for_one_by_one_ever_less_often_and_on_demand() -> None:
    bridge = Bridge(hiring=InMemoryHiring(is_listed=False))
    bridge.work.waiting = 9
    assert bridge.crew.look(BEGUN).hired == 4
    for pause in (60, 120, 240, 480, LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS):
        [looked] = bridge.pass_by(bridge.pauses[0])
        assert looked.hired == 1
        assert bridge.hiring.hired[-1].terms is Terms.ON_DEMAND
        assert bridge.pauses == [pause]
    bridge.hiring.is_listed = True
    bridge.pass_by(bridge.pauses[0])
    [looked] = bridge.pass_by(bridge.pauses[0])
    assert (looked.misses, looked.hired, bridge.hiring.size()) == (0, 3, 4)


def test_a_new_film_need_not_wait_for_a_row_that_has_slowed_down() -> None:
    bridge = Bridge(hiring=InMemoryHiring(is_listed=False))
    bridge.work.waiting = 9
    bridge.crew.look(BEGUN)
    for _ in range(4):
        bridge.pass_by(bridge.pauses[0])
    bridge.crew.look(BEGUN)
    assert min(bridge.pauses) == LOOK_SECONDS


def test_a_call_for_nothing_leads_to_nothing(bridge: Bridge) -> None:
    bridge.crew.call()
    assert [looked.hired for looked in bridge.pass_by(0)] == [0]
    for _ in range(QUIET_LOOKS):
        bridge.pass_by()
    assert (bridge.hiring.hired, bridge.summons.calls) == ([], [])


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"version": 2}', '{"version": 1, "due": "x"}']
)
def test_a_call_that_is_none_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableCall):
        Call.from_json(text)
