"""What administrators may begin, and what they see of it."""

import pytest

from chalicelib.bulk import bulk_changes
from chalicelib.bulk.change import Action, Change
from chalicelib.bulk.message import SliceMessage
from chalicelib.bulk.model import (
    MOST_AT_ONCE,
    MOST_VIDEOS,
    BadBulkChange,
    BulkChange,
    BulkChangeEnded,
    BulkChangeState,
    Tally,
    TooManyBulkChanges,
)
from chalicelib.catalogue.model import BadTitle, VideoId
from tests.builders.bulk import ADMINISTRATOR, TO_DRAMA
from tests.unit.chalicelib.bulk.conftest import Studio

ONE = [VideoId(1)]


def test_it_begins_with_its_videos_and_one_message(studio: Studio) -> None:
    video_ids = studio.videos(30)
    bulk = studio.begin(TO_DRAMA, video_ids)
    assert bulk == BulkChange(bulk.id, ADMINISTRATOR, studio.clock.now(), TO_DRAMA, 30)
    assert (bulk.left, bulk.slices, bulk.tally) == (30, 2, Tally())
    assert studio.changes.get(bulk.id) == bulk
    assert list(studio.store.videos_of(bulk.id)) == video_ids
    assert studio.queue.messages == [SliceMessage(bulk.id)]


def test_its_category_is_there_before_its_slices_are(studio: Studio) -> None:
    studio.begin(Change({"category": "Film Noir"}), ONE)
    names = [each.name for each in studio.catalogue.categories.since(None).values() if each]
    assert names == ["Film Noir"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Change(), "Send what to change."),
        (Change({"description": "x" * 33_000}), "Send at most 32768 bytes."),
    ],
)
def test_nothing_and_too_much_are_refused(studio: Studio, change: Change, sentence: str) -> None:
    with pytest.raises(BadBulkChange) as refused:
        studio.begin(change, ONE)
    assert refused.value.text == sentence
    assert studio.store.recent(most=1) == []


@pytest.mark.parametrize("change", [Change({"genre": ""}), Change(is_published=False)])
def test_an_empty_text_and_a_draft_are_changes(studio: Studio, change: Change) -> None:
    assert studio.begin(change, ONE).change == change


def test_an_action_stands_alone(studio: Studio) -> None:
    with pytest.raises(BadBulkChange) as refused:
        studio.begin(Change(action=Action.DELETE, add_tags=("x",)), ONE)
    assert list(refused.value.fields) == ["action"]
    assert studio.begin(Change(action=Action.DELETE), ONE).is_running


def test_a_change_that_no_video_can_have_is_refused(studio: Studio) -> None:
    with pytest.raises(BadTitle):
        studio.begin(Change({"category": "!"}), ONE)


def test_no_video_and_too_many_are_refused(studio: Studio) -> None:
    for number in (0, MOST_VIDEOS + 1):
        with pytest.raises(BadBulkChange):
            studio.begin(TO_DRAMA, [VideoId(each) for each in range(number)])
    studio.changes.require_valid(TO_DRAMA, MOST_VIDEOS)


def test_only_so_many_at_once(studio: Studio) -> None:
    first, *_ = [studio.begin(TO_DRAMA, ONE) for _ in range(MOST_AT_ONCE)]
    with pytest.raises(TooManyBulkChanges) as refused:
        studio.begin(TO_DRAMA, ONE)
    assert refused.value.text.startswith(f"At most {MOST_AT_ONCE} bulk changes run at once.")
    studio.changes.cancel(first.id)
    assert studio.begin(TO_DRAMA, ONE).is_running


def test_it_is_cancelled_once(studio: Studio) -> None:
    bulk = studio.begin(TO_DRAMA, ONE)
    assert studio.changes.cancel(bulk.id).state is BulkChangeState.CANCELLED
    with pytest.raises(BulkChangeEnded):
        studio.changes.cancel(bulk.id)


def test_the_first_failures_are_listed(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = [VideoId(each) for each in range(1, 41)]
    bulk = studio.begin(TO_DRAMA, unknown)
    assert list(studio.changes.failures(bulk)) == []
    studio.deliver()
    failed = studio.changes.get(bulk.id)
    assert [each.video_id for each in studio.changes.failures(failed)] == unknown
    monkeypatch.setattr(bulk_changes, "MOST_FAILURES", 3)
    assert [each.video_id for each in studio.changes.failures(failed)] == unknown[:3]
