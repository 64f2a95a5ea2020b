"""One contract, every store of encodes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from pynamodb.connection import Connection

from chalicelib.adapters.dynamodb.attributes import stamp
from chalicelib.adapters.dynamodb.catalogue_tables import EncodeItem
from chalicelib.adapters.dynamodb.encode_store import DynamoEncodeStore
from chalicelib.catalogue.damage import Decodable
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.model import Encode, EncodeNotFound, EncodeOver, Step
from chalicelib.encoding.pace import Remaining, measured
from chalicelib.encoding.ports import EncodeStore
from chalicelib.encoding.retention import FAILED_ENCODES_KEPT_FOR
from tests.builders.assets import an_asset
from tests.builders.encodes import FIRST, VIDEO, an_encode
from tests.fakes.clock import HandClock
from tests.fakes.encode_store import InMemoryEncodeStore

pytestmark = pytest.mark.contract(of=EncodeStore)

SECOND = Revision(2)


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest, clock: HandClock) -> EncodeStore:
    if request.param == "memory":
        return InMemoryEncodeStore(clock)
    return DynamoEncodeStore(request.getfixturevalue("catalogue"), clock)


@pytest.fixture
def begun(store: EncodeStore, clock: HandClock) -> Encode:
    return store.begin(an_encode(clock.now()))


def planned(store: EncodeStore, begun: Encode) -> Encode:
    return store.planned(begun, an_asset(), segments_per_chunk=2)


def test_an_encode_that_was_begun_can_be_read(store: EncodeStore, begun: Encode) -> None:
    assert store.get(VIDEO, FIRST) == begun
    with pytest.raises(EncodeNotFound):
        store.get(VIDEO, SECOND)
    with pytest.raises(EncodeNotFound):
        store.get(VideoId(8), FIRST)


def test_to_begin_twice_is_to_begin_once(
    store: EncodeStore, begun: Encode, clock: HandClock
) -> None:
    store.chunk_done(VIDEO, FIRST, 3)
    again = store.begin(replace(begun, source=replace(begun.source, etag="other")))
    assert again == replace(begun, chunks=frozenset({3}), idle_since=clock.now())


def test_a_plan_is_kept_with_all_its_numbers(
    store: EncodeStore, begun: Encode, clock: HandClock
) -> None:
    clock.advance(seconds=3)
    after = planned(store, begun)
    assert (after.step, after.planned_at) == (Step.ENCODING, clock.now())
    assert (after.asset, after.segments_per_chunk) == (an_asset(), 2)
    clock.advance(seconds=3)
    assert planned(store, begun) == after == store.get(VIDEO, FIRST)


def test_who_looks_at_the_source_says_so(store: EncodeStore, begun: Encode) -> None:
    assert store.planning(VIDEO, FIRST).step is Step.PLANNING
    planned(store, begun)
    assert store.planning(VIDEO, FIRST).step is Step.ENCODING


def test_chunks_come_in_any_order_and_more_than_once(store: EncodeStore, begun: Encode) -> None:
    planned(store, begun)
    for number in (5, 0, 5, 1):
        after = store.chunk_done(VIDEO, FIRST, number)
    assert after.chunks == {0, 1, 5}
    assert store.get(VIDEO, FIRST) == after


def test_the_later_measure_of_the_pace_stays(
    store: EncodeStore, begun: Encode, clock: HandClock
) -> None:
    planned(store, begun)
    remaining = Remaining(share=0.75, share_of_end=0.03, tasks=3, workers=2)
    first = measured(None, remaining, seconds=30, share=0.25, now=clock.now())
    store.paced(VIDEO, FIRST, first)
    assert store.get(VIDEO, FIRST).pace == first
    clock.advance(seconds=30)
    later = measured(first, remaining, seconds=45, share=0.25, now=clock.now())
    assert later.is_slower
    store.paced(VIDEO, FIRST, later)
    store.paced(VIDEO, FIRST, first)
    assert store.get(VIDEO, FIRST).pace == later
    store.fail(VIDEO, FIRST)
    with pytest.raises(EncodeOver):
        store.paced(VIDEO, FIRST, later)
    assert store.again(store.get(VIDEO, FIRST)).pace is None


def test_a_task_is_taken_until_it_ends_and_in_its_attempt_alone(
    store: EncodeStore, begun: Encode, clock: HandClock
) -> None:
    assert planned(store, begun).idle_since == store.get(VIDEO, FIRST).planned_at
    store.task_taken(VIDEO, FIRST, "audio-0")
    store.task_taken(VIDEO, FIRST, "chunk-00000")
    clock.advance(seconds=70)
    # Its worker was lost, and another one has taken it.
    taken = store.task_taken(VIDEO, FIRST, "chunk-00000").taken_as("chunk-00000")
    assert [clock.now() - task.at for task in sorted(taken, key=lambda task: task.at)] == [
        timedelta(seconds=70),
        timedelta(0),
    ]
    clock.advance(seconds=5)
    after = store.chunk_done(VIDEO, FIRST, 0, taken=taken)
    assert ({task.name for task in after.taken}, after.idle_since) == ({"audio-0"}, clock.now())
    assert store.chunk_done(VIDEO, FIRST, 0, taken=taken).taken == after.taken
    sound = after.taken_as("audio-0")
    clock.advance(seconds=5)
    after = store.task_done(VIDEO, FIRST, "audio-0", taken=sound)
    assert (after.taken, after.idle_since) == (frozenset(), clock.now())
    store.task_taken(VIDEO, FIRST, "pictures")
    again = store.again(store.fail(VIDEO, FIRST))
    assert (again.taken, again.idle_since) == (frozenset(), None)


def test_sound_never_shrinks(store: EncodeStore, begun: Encode) -> None:
    planned(store, begun)
    store.audio_grown(VIDEO, FIRST, 0, 3)
    store.audio_grown(VIDEO, FIRST, 1, 1)
    after = store.audio_grown(VIDEO, FIRST, 0, 2)
    assert dict(after.audio_ready) == {0: 3, 1: 1}


def test_other_tasks_are_kept_by_name(store: EncodeStore, begun: Encode) -> None:
    planned(store, begun)
    for name in ("pictures", "audio-0", "pictures"):
        after = store.task_done(VIDEO, FIRST, name)
    assert after.finished_tasks == {"pictures", "audio-0"}


def test_a_late_plan_does_not_undo_the_check(store: EncodeStore, begun: Encode) -> None:
    planned(store, begun)
    assert store.checking(VIDEO, FIRST).step is Step.CHECKING
    assert planned(store, begun).step is Step.CHECKING
    assert store.checking(VIDEO, FIRST).step is Step.CHECKING


def test_a_finished_encode_has_its_measured_asset_and_stays(
    store: EncodeStore, begun: Encode, clock: HandClock
) -> None:
    planned(store, begun)
    measured = an_asset(11)
    assert store.finish(VIDEO, FIRST, measured, decodable=Decodable(0.97, 0.25)).step is Step.DONE
    clock.advance(days=400)
    kept = store.get(VIDEO, FIRST)
    assert (kept.step, kept.asset, kept.decodable) == (Step.DONE, measured, Decodable(0.97, 0.25))


@pytest.mark.parametrize("end", ["finish", "fail", "remove", "remove one"])
def test_nothing_is_added_to_what_is_over(store: EncodeStore, begun: Encode, end: str) -> None:
    ends: dict[str, Callable[[], object]] = {
        "finish": lambda: store.finish(VIDEO, FIRST, an_asset()),
        "fail": lambda: store.fail(VIDEO, FIRST),
        "remove": lambda: store.remove(VIDEO),
        "remove one": lambda: store.remove_one(VIDEO, FIRST),
    }
    ends[end]()
    writes: list[Callable[[], object]] = [
        lambda: store.planning(VIDEO, FIRST),
        lambda: planned(store, begun),
        lambda: store.task_taken(VIDEO, FIRST, "pictures"),
        lambda: store.chunk_done(VIDEO, FIRST, 1),
        lambda: store.audio_grown(VIDEO, FIRST, 0, 1),
        lambda: store.task_done(VIDEO, FIRST, "pictures"),
        lambda: store.checking(VIDEO, FIRST),
        lambda: store.finish(VIDEO, FIRST, an_asset()),
        lambda: store.fail(VIDEO, FIRST),
    ]
    for write in writes:
        with pytest.raises(EncodeOver):
            write()


def test_another_attempt_keeps_what_was_finished(
    store: EncodeStore, begun: Encode, clock: HandClock
) -> None:
    planned(store, begun)
    store.chunk_done(VIDEO, FIRST, 4)
    store.fail(VIDEO, FIRST)
    again = store.again(store.get(VIDEO, FIRST))
    assert (again.step, again.attempt, again.planned_at) == (Step.QUEUED, 2, None)
    assert again.chunks == {4}
    clock.advance(days=400)
    assert store.get(VIDEO, FIRST) == again


def test_what_was_lost_is_tried_again_and_keeps_what_is_finished(
    store: EncodeStore, begun: Encode
) -> None:
    planned(store, begun)
    lost = store.chunk_done(VIDEO, FIRST, 4)
    again = store.again(lost)
    assert (again.step, again.attempt, again.chunks) == (Step.QUEUED, 2, lost.chunks)
    assert again.asset == lost.asset


def test_an_encode_that_is_refused_for_its_damage_keeps_what_was_proven_and_how_much(
    store: EncodeStore, begun: Encode
) -> None:
    planned(store, begun)
    store.checking(VIDEO, FIRST)
    proven = an_asset(11)
    for _ in range(2):
        after = store.damaged(VIDEO, FIRST, proven, decodable=Decodable(0.8125, 0.25))
    assert (after.step, after.asset, after.decodable) == (
        Step.CHECKING,
        proven,
        Decodable(0.8125, 0.25),
    )
    assert store.fail(VIDEO, FIRST).decodable == Decodable(0.8125, 0.25)
    with pytest.raises(EncodeOver):
        store.damaged(VIDEO, FIRST, proven, decodable=Decodable(0.5, 0.25))


def test_what_was_accepted_stays_accepted_in_later_attempts(
    store: EncodeStore, begun: Encode
) -> None:
    store.damaged(VIDEO, FIRST, an_asset(), decodable=Decodable(0.8125, 0.25))
    accepted = store.again(store.fail(VIDEO, FIRST), accepted=Decodable(0.8125, 0.25))
    assert (accepted.accepted, accepted.decodable, begun.accepted) == (
        Decodable(0.8125, 0.25),
        None,
        None,
    )
    assert (accepted.was_refused, begun.was_refused) == (True, False)
    assert store.again(store.fail(VIDEO, FIRST)).accepted == Decodable(0.8125, 0.25)
    assert store.get(VIDEO, FIRST).accepted == Decodable(0.8125, 0.25)
    assert store.get(VIDEO, FIRST).was_refused


@pytest.mark.parametrize("was_refused", [True, False])
def test_that_an_attempt_was_refused_is_kept_without_a_share_too(
    store: EncodeStore, begun: Encode, *, was_refused: bool
) -> None:
    seen = replace(store.fail(VIDEO, begun.revision), was_refused=was_refused)
    assert store.again(seen).was_refused == was_refused
    store.fail(VIDEO, FIRST)
    assert store.again(store.get(VIDEO, FIRST)).was_refused == was_refused


@pytest.mark.parametrize("share", [0, 0.1 + 0.2, 1])
def test_any_share_is_kept_exactly(store: EncodeStore, begun: Encode, share: float) -> None:
    decodable = Decodable(share, 1 - share)
    store.damaged(VIDEO, begun.revision, an_asset(), decodable=decodable)
    assert store.get(VIDEO, FIRST).decodable == decodable
    assert store.again(store.fail(VIDEO, FIRST), accepted=decodable).accepted == decodable
    assert store.get(VIDEO, FIRST).accepted == decodable


def test_of_one_who_retries_and_one_who_accepts_one_begins_the_next_attempt(
    store: EncodeStore, begun: Encode
) -> None:
    store.damaged(VIDEO, begun.revision, an_asset(), decodable=Decodable(0.5, 0.25))
    seen = store.fail(VIDEO, FIRST)
    store.again(seen)
    with pytest.raises(EncodeOver):
        store.again(seen, accepted=Decodable(0.5))
    assert store.get(VIDEO, FIRST).accepted is None


def test_what_is_done_or_was_never_begun_is_not_tried_again(
    store: EncodeStore, begun: Encode
) -> None:
    store.finish(VIDEO, FIRST, an_asset())
    for seen in (begun, store.get(VIDEO, FIRST), replace(begun, revision=SECOND)):
        with pytest.raises(EncodeOver):
            store.again(seen)
    assert store.get(VIDEO, FIRST).attempt == begun.attempt


@pytest.mark.parametrize("has_failed", [True, False])
def test_of_two_who_saw_the_same_attempt_one_begins_the_next(
    store: EncodeStore, begun: Encode, *, has_failed: bool
) -> None:
    seen = store.fail(VIDEO, FIRST) if has_failed else begun
    assert store.again(seen).attempt == 2
    with pytest.raises(EncodeOver):
        store.again(seen)
    assert store.get(VIDEO, FIRST).attempt == 2


def test_what_fails_meanwhile_was_not_lost(store: EncodeStore, begun: Encode) -> None:
    store.fail(VIDEO, FIRST)
    with pytest.raises(EncodeOver):
        store.again(begun)
    assert store.get(VIDEO, FIRST).step is Step.FAILED


def test_a_failed_encode_is_kept_for_a_while(
    store: EncodeStore, begun: Encode, clock: HandClock
) -> None:
    store.fail(VIDEO, FIRST)
    clock.advance(seconds=FAILED_ENCODES_KEPT_FOR.total_seconds() - 1)
    assert store.get(VIDEO, FIRST).source == begun.source
    clock.advance(seconds=2)
    with pytest.raises(EncodeNotFound):
        store.get(VIDEO, FIRST)


def test_what_expired_is_no_longer_listed(
    store: EncodeStore, begun: Encode, clock: HandClock
) -> None:
    second = store.begin(an_encode(clock.now(), revision=SECOND))
    store.fail(VIDEO, begun.revision)
    clock.advance(seconds=FAILED_ENCODES_KEPT_FOR.total_seconds() + 1)
    assert list(store.of(VIDEO)) == [second]


def test_what_the_state_machine_failed_expires_too(catalogue: Connection, clock: HandClock) -> None:
    store = DynamoEncodeStore(catalogue, clock)
    store.begin(an_encode(clock.now()))
    item = EncodeItem(f"VIDEO#{VIDEO}", f"ENCODE#{FIRST}")
    failed_at = EncodeItem.failed_at.set(stamp(clock.now()))
    item.update([EncodeItem.step.set(Step.FAILED.value), failed_at])
    clock.advance(seconds=FAILED_ENCODES_KEPT_FOR.total_seconds() - 1)
    assert store.get(VIDEO, FIRST).step is Step.FAILED
    clock.advance(seconds=2)
    with pytest.raises(EncodeNotFound):
        store.get(VIDEO, FIRST)


def test_all_encodes_of_a_video_are_listed_and_removed(
    store: EncodeStore, begun: Encode, clock: HandClock
) -> None:
    tenth = store.begin(an_encode(clock.now(), revision=Revision(10)))
    second = store.begin(an_encode(clock.now(), revision=SECOND))
    other = store.begin(an_encode(clock.now(), VideoId(77)))
    assert list(store.of(VIDEO)) == [begun, second, tenth]
    store.remove_one(VIDEO, SECOND)
    store.remove_one(VIDEO, SECOND)
    assert list(store.of(VIDEO)) == [begun, tenth]
    store.remove(VIDEO)
    store.remove(VIDEO)
    assert list(store.of(VIDEO)) == []
    assert list(store.of(VideoId(77))) == [other]
