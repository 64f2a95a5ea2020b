"""One contract, every store of bulk changes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.adapters.dynamodb import bulk_change_store
from chalicelib.adapters.dynamodb.bulk_change_store import DynamoBulkChangeStore
from chalicelib.adapters.dynamodb.receipt_log import TAKEN_FOR
from chalicelib.bulk.change import Action, Change
from chalicelib.bulk.model import (
    KEPT_FOR,
    MOST_AT_ONCE,
    BulkChange,
    BulkChangeEnded,
    BulkChangeNotFound,
    BulkChangeState,
    SliceBusy,
    SliceResult,
    Tally,
    TooManyBulkChanges,
    VideoFailure,
)
from chalicelib.bulk.ports import BulkChangeStore
from chalicelib.catalogue.model import BulkChangeId, VideoId
from chalicelib.clock import LARGEST_ID
from chalicelib.language import Text
from tests.builders.bulk import a_bulk_change
from tests.fakes.bulk_change_store import InMemoryBulkChangeStore
from tests.fakes.clock import HandClock

pytestmark = pytest.mark.contract(of=BulkChangeStore)

VIDEOS = [VideoId(LARGEST_ID - number) for number in range(60)]
RESULT = SliceResult(20, 3, (VideoFailure(VideoId(9), "There is no such video."),))


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest, clock: HandClock) -> BulkChangeStore:
    if request.param == "memory":
        return InMemoryBulkChangeStore(clock)
    return DynamoBulkChangeStore(request.getfixturevalue("catalogue"), clock)


def begun(store: BulkChangeStore, clock: HandClock) -> BulkChange:
    bulk = a_bulk_change(clock.now())
    store.add(bulk, VIDEOS)
    return bulk


def taken(store: BulkChangeStore, bulk: BulkChange, number: int) -> datetime:
    taken_at = store.take(bulk.id, number)
    assert taken_at is not None
    return taken_at


def recorded(
    store: BulkChangeStore, bulk: BulkChange, numbers: Sequence[int], result: SliceResult = RESULT
) -> None:
    for number in numbers:
        store.record(bulk.id, number, taken(store, bulk, number), result)


def test_it_comes_back_as_it_began(store: BulkChangeStore, clock: HandClock) -> None:
    bulk = begun(store, clock)
    assert store.get(bulk.id) == bulk
    assert list(store.videos_of(bulk.id)) == VIDEOS
    deletes = replace(a_bulk_change(clock.now()), change=Change(action=Action.DELETE))
    store.add(deletes, VIDEOS)
    assert store.get(deletes.id).change == Change(action=Action.DELETE)


def test_its_videos_keep_their_order_over_several_items(
    store: BulkChangeStore, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_change_store, "_VIDEOS_PER_ITEM", 7)
    assert list(store.videos_of(begun(store, clock).id)) == VIDEOS


def test_what_never_began_is_not_there(store: BulkChangeStore) -> None:
    for read in (store.get, lambda each: store.end(each, BulkChangeState.CANCELLED)):
        with pytest.raises(BulkChangeNotFound):
            read(BulkChangeId(7))


def test_it_is_forgotten_after_a_while(store: BulkChangeStore, clock: HandClock) -> None:
    bulk = begun(store, clock)
    clock.advance(seconds=KEPT_FOR.total_seconds() - 1)
    assert list(store.recent(most=9)) == [store.get(bulk.id)]
    clock.advance(seconds=1)
    assert list(store.recent(most=9)) == []
    with pytest.raises(BulkChangeNotFound):
        store.get(bulk.id)


def test_the_newest_comes_first_and_the_list_goes_on_before_any_of_them(
    store: BulkChangeStore, clock: HandClock
) -> None:
    made = []
    for _ in range(4):
        made.append(begun(store, clock))
        clock.advance(seconds=1)
    assert list(store.recent(most=9)) == made[::-1]
    assert list(store.recent(most=2)) == [made[3], made[2]]
    assert list(store.recent(most=2, before=made[2].id)) == [made[1], made[0]]
    assert list(store.recent(most=2, before=made[0].id)) == []


def test_neighbouring_ids_are_two_entries(store: BulkChangeStore, clock: HandClock) -> None:
    first = begun(store, clock)
    second = replace(first, id=BulkChangeId(first.id + 1))
    store.add(second, VIDEOS)
    assert list(store.recent(most=9, before=second.id)) == [first]


def test_only_so_many_run_at_once(store: BulkChangeStore, clock: HandClock) -> None:
    running = [begun(store, clock) for _ in range(MOST_AT_ONCE)]
    with pytest.raises(TooManyBulkChanges):
        begun(store, clock)
    assert len(store.recent(most=9)) == MOST_AT_ONCE
    store.end(running[0].id, BulkChangeState.CANCELLED)
    begun(store, clock)
    assert len(store.running()) == MOST_AT_ONCE
    assert running[0].id not in store.running()


def test_the_limit_holds_for_two_that_begin_at_one_moment(
    store: BulkChangeStore, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(MOST_AT_ONCE):
        begun(store, clock)
    # The other one was stored after this one had looked.
    monkeypatch.setattr(DynamoBulkChangeStore, "running", lambda _: [])
    with pytest.raises(TooManyBulkChanges):
        begun(store, clock)


def test_a_slice_is_taken_by_one(store: BulkChangeStore, clock: HandClock) -> None:
    bulk = begun(store, clock)
    assert store.take(bulk.id, 1) == clock.now()
    assert store.take(bulk.id, 2) == clock.now()
    clock.advance(seconds=TAKEN_FOR.total_seconds())
    with pytest.raises(SliceBusy):
        store.take(bulk.id, 1)
    clock.advance(seconds=1)
    assert store.take(bulk.id, 1) == clock.now()


def test_who_was_too_slow_counts_nothing(store: BulkChangeStore, clock: HandClock) -> None:
    bulk = begun(store, clock)
    slow = taken(store, bulk, 0)
    clock.advance(seconds=TAKEN_FOR.total_seconds() + 1)
    later = taken(store, bulk, 0)
    with pytest.raises(SliceBusy):
        store.record(bulk.id, 0, slow, RESULT)
    store.record(bulk.id, 0, later, RESULT)
    assert store.get(bulk.id).tally == Tally(20, 3, 1)


def test_a_slice_counts_once(store: BulkChangeStore, clock: HandClock) -> None:
    bulk = begun(store, clock)
    taken_at = taken(store, bulk, 0)
    clock.advance(seconds=2)
    store.record(bulk.id, 0, taken_at, RESULT)
    with pytest.raises(SliceBusy):
        store.record(bulk.id, 0, taken_at, RESULT)
    clock.advance(hours=1)
    assert store.take(bulk.id, 0) is None
    kept = store.get(bulk.id)
    assert (kept.tally, kept.left) == (Tally(20, 3, 1), 36)
    assert kept.moved_at == clock.now() - timedelta(hours=1)


def test_slices_add_up(store: BulkChangeStore, clock: HandClock) -> None:
    bulk = begun(store, clock)
    recorded(store, bulk, [2, 0], SliceResult(changed=10))
    recorded(store, bulk, [1], SliceResult(unchanged=5))
    assert store.get(bulk.id).tally == Tally(20, 5, 0)
    assert store.slices_done(bulk.id) == {0, 1, 2}
    assert store.slices_done(begun(store, clock).id) == set()


def test_a_slice_that_is_taken_is_not_done(store: BulkChangeStore, clock: HandClock) -> None:
    bulk = begun(store, clock)
    store.take(bulk.id, 0)
    assert store.slices_done(bulk.id) == set()


def test_failures_come_back_in_the_order_of_slices(
    store: BulkChangeStore, clock: HandClock
) -> None:
    bulk = begun(store, clock)
    too_long = Text("Ensure this field has no more than {most} characters.", most=100)
    failures = (
        VideoFailure(VideoId(LARGEST_ID), too_long, "tags"),
        VideoFailure(VideoId(2), "There is no such video."),
    )
    recorded(store, bulk, [11, 2], SliceResult(failures=failures[1:]))
    recorded(store, bulk, [0], SliceResult(failures=failures))
    recorded(store, bulk, [1], SliceResult(changed=25))
    kept = store.failures(bulk.id, most=3)
    assert list(kept) == [*failures, failures[1]]
    assert isinstance(kept[0].text, Text)
    assert (kept[0].text.template, kept[0].text.values) == (too_long.template, {"most": 100})
    assert len(store.failures(bulk.id, most=9)) == 4
    assert len(store.failures(bulk.id, most=1)) == 1


@pytest.mark.parametrize(
    "state", [each for each in BulkChangeState if each is not BulkChangeState.RUNNING]
)
def test_it_ends_once(store: BulkChangeStore, clock: HandClock, state: BulkChangeState) -> None:
    bulk = begun(store, clock)
    clock.advance(minutes=1)
    ended = replace(bulk, state=state, ended_at=clock.now())
    assert store.end(bulk.id, state) == ended
    clock.advance(minutes=1)
    with pytest.raises(BulkChangeEnded):
        store.end(bulk.id, BulkChangeState.CANCELLED)
    assert store.get(bulk.id) == ended


def test_a_slice_under_way_counts_after_the_end(store: BulkChangeStore, clock: HandClock) -> None:
    bulk = begun(store, clock)
    taken_at = taken(store, bulk, 0)
    store.end(bulk.id, BulkChangeState.CANCELLED)
    store.record(bulk.id, 0, taken_at, RESULT)
    assert store.get(bulk.id).tally.total == 24
