"""The clean-up requests what was lost, and ends what hangs."""

import pytest

from chalicelib.bulk.clean_up import ABANDONED_AFTER, LOST_AFTER, BulkCleanUpResult
from chalicelib.bulk.model import BulkChangeState
from tests.builders.bulk import TO_DRAMA
from tests.unit.chalicelib.bulk.conftest import Studio

NOTHING = BulkCleanUpResult()


def test_lost_slices_are_sent_again(studio: Studio) -> None:
    bulk = studio.begin(TO_DRAMA, studio.videos(60))
    messages = studio.sent()
    studio.deliver(messages[2])
    studio.clock.advance(seconds=LOST_AFTER.total_seconds() - 1)
    assert studio.clean_up.run() == NOTHING
    studio.clock.advance(seconds=1)
    assert studio.clean_up.run() == BulkCleanUpResult(slices_sent=2)
    assert studio.queue.messages == messages[:2]
    studio.deliver()
    assert studio.changes.get(bulk.id).state is BulkChangeState.FINISHED


def test_a_lost_request_is_made_up_for(studio: Studio) -> None:
    studio.begin(TO_DRAMA, studio.videos(60))
    studio.queue.messages.clear()
    studio.clock.advance(seconds=LOST_AFTER.total_seconds())
    assert studio.clean_up.run() == BulkCleanUpResult(slices_sent=3)


def test_what_waits_for_others_is_not_lost(studio: Studio) -> None:
    first = studio.begin(TO_DRAMA, studio.videos(60))
    messages = studio.sent()
    studio.begin(TO_DRAMA, studio.videos(1))
    studio.clock.advance(seconds=LOST_AFTER.total_seconds())
    studio.deliver(messages[0])
    assert studio.clean_up.run() == NOTHING
    studio.changes.cancel(first.id)
    assert studio.clean_up.run() == BulkCleanUpResult(slices_sent=1)


def test_one_that_was_not_ended_is_ended(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    bulk = studio.begin(TO_DRAMA, studio.videos(1))
    with monkeypatch.context() as patch:
        patch.setattr(studio.slices.__class__, "_ended_if_complete", lambda _, each: each)
        studio.deliver()
    assert studio.changes.get(bulk.id).state is BulkChangeState.RUNNING
    studio.clock.advance(seconds=LOST_AFTER.total_seconds())
    assert studio.clean_up.run() == NOTHING
    assert studio.changes.get(bulk.id).state is BulkChangeState.FINISHED


def test_one_that_hangs_for_a_day_is_abandoned(studio: Studio) -> None:
    bulk = studio.begin(TO_DRAMA, studio.videos(60))
    messages = studio.sent()
    studio.deliver(messages[0])
    studio.clock.advance(seconds=ABANDONED_AFTER.total_seconds())
    assert studio.clean_up.run() == BulkCleanUpResult(abandoned=1)
    ended = studio.changes.get(bulk.id)
    assert (ended.state, ended.left) == (BulkChangeState.ABANDONED, 35)
    assert studio.clean_up.run() == NOTHING


def test_one_that_ends_meanwhile_stays_as_it_ended(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk = studio.begin(TO_DRAMA, studio.videos(1))
    studio.clock.advance(seconds=ABANDONED_AFTER.total_seconds())
    running = studio.store.running()
    read = studio.changes.get(bulk.id)
    studio.changes.cancel(bulk.id)
    monkeypatch.setattr(studio.store, "running", lambda: running)
    monkeypatch.setattr(studio.store, "get", lambda _: read)
    assert studio.clean_up.run().abandoned == 0
