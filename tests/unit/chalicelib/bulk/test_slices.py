"""Slices are made once, whatever happens to their messages and processes."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.bulk.change import Action, Change, NewerChange
from chalicelib.bulk.message import SliceMessage
from chalicelib.bulk.model import (
    VIDEOS_PER_SECOND,
    VIDEOS_PER_SLICE,
    BulkChangeState,
    SliceBusy,
    Tally,
    VideoFailure,
)
from chalicelib.bulk.slices import NOT_CHANGED, UnreadableChange
from chalicelib.catalogue.model import BulkChangeId, VideoId, VideoNotFound
from tests.unit.chalicelib.bulk.conftest import Studio

TO_SILENT = Change({"genre": "Drama"}, add_tags=("silent",))


class Killed(BaseException):
    """The process ends in the middle of its work."""


def writes_of(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> list[VideoId]:
    """Note which videos are written, each time they are."""
    written: list[VideoId] = []
    write = studio.catalogue.videos.write

    def noted(video_id: VideoId, *arguments: object, **options: object) -> object:
        video = write(video_id, *arguments, **options)  # type: ignore[arg-type]
        written.append(video_id)
        return video

    monkeypatch.setattr(studio.catalogue.videos, "write", noted)
    return written


def kill_after(studio: Studio, monkeypatch: pytest.MonkeyPatch, videos: int) -> None:
    """End the process after it has written so many videos."""
    left, write = [videos], studio.catalogue.videos.write

    def write_or_die(*arguments: object, **options: object) -> object:
        if not left[0]:
            raise Killed
        left[0] -= 1
        return write(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(studio.catalogue.videos, "write", write_or_die)


def test_every_video_is_changed_and_the_bulk_change_ends(studio: Studio) -> None:
    video_ids = studio.videos(60)
    untouched = studio.catalogue.put("Later").id
    bulk = studio.begin(TO_SILENT, video_ids)
    studio.deliver()
    ended = studio.changes.get(bulk.id)
    assert (ended.state, ended.tally, ended.left) == (BulkChangeState.FINISHED, Tally(60), 0)
    assert ended.ended_at == ended.moved_at == studio.clock.now()
    for video_id in video_ids:
        video = studio.video(video_id)
        assert (video.card.genre, video.card.tags) == ("Drama", ("silent",))
        assert video.bulk_change == bulk.id
    assert studio.video(untouched).bulk_change is None


def test_videos_that_are_so_already_are_not_written(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    video_ids = studio.videos(3)
    studio.curation.change(video_ids[1], TO_SILENT.written_on)
    written = writes_of(studio, monkeypatch)
    bulk = studio.begin(TO_SILENT, video_ids)
    studio.deliver()
    assert written == [video_ids[0], video_ids[2]]
    assert studio.changes.get(bulk.id).tally == Tally(changed=2, unchanged=1)


@pytest.mark.parametrize("is_published", [True, False])
def test_publishing_has_its_consequences(studio: Studio, *, is_published: bool) -> None:
    [first, second] = studio.videos(2)
    studio.curation.change(first, lambda card: card, is_published=not is_published)
    media = studio.catalogue.public_media
    media.revealed.clear()
    media.withdrawn.clear()
    bulk = studio.begin(Change(is_published=is_published), [first, second])
    if not is_published:
        studio.curation.change(second, lambda card: card, is_published=False)
        media.withdrawn.clear()
    studio.deliver()
    assert studio.changes.get(bulk.id).tally == Tally(changed=1, unchanged=1)
    assert (media.revealed, media.withdrawn) == (([first], []) if is_published else ([], [first]))


def test_deleted_videos_are_gone_and_withdrawn(studio: Studio) -> None:
    video_ids = studio.videos(2)
    bulk = studio.begin(Change(action=Action.DELETE), [*video_ids, VideoId(7)])
    studio.deliver()
    assert studio.changes.get(bulk.id).tally == Tally(changed=2, unchanged=1)
    assert studio.catalogue.public_media.withdrawn[:2] == video_ids
    for video_id in video_ids:
        with pytest.raises(VideoNotFound):
            studio.video(video_id)


def test_videos_are_put_in_the_trash_and_restored(studio: Studio) -> None:
    [first, second] = studio.videos(2)
    studio.trash.put(second)
    bulk = studio.begin(Change(action=Action.TRASH), [first, second, VideoId(7)])
    studio.deliver()
    assert studio.changes.get(bulk.id).tally == Tally(changed=1, unchanged=1, failed=1)
    assert studio.video(first).is_in_trash
    studio.trash.restore(second)
    bulk = studio.begin(Change(action=Action.RESTORE), [first, second])
    studio.deliver()
    assert studio.changes.get(bulk.id).tally == Tally(changed=1, unchanged=1)
    assert not studio.video(first).is_in_trash


def cut_off(studio: Studio, monkeypatch: pytest.MonkeyPatch, message: SliceMessage) -> None:
    """Have a process make a slice and end before it has recorded it."""

    def die(*_arguments: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(studio.store, "record", die)
        with pytest.raises(Killed):
            studio.deliver(message)
    studio.clock.advance(hours=1)


def test_a_restore_that_was_cut_off_leaves_what_was_put_in_the_trash_since(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    [first, untouched] = studio.videos(2)
    studio.trash.put(first)
    bulk = studio.begin(Change(action=Action.RESTORE), [first, untouched])
    [message] = studio.sent()
    cut_off(studio, monkeypatch, message)
    assert not studio.video(first).is_in_trash
    for video_id in (first, untouched):
        studio.trash.put(video_id)
    studio.deliver(message, message)
    assert studio.video(first).is_in_trash
    assert studio.video(untouched).is_in_trash
    assert studio.changes.get(bulk.id).tally == Tally(changed=1, unchanged=1)


def test_a_restore_that_comes_late_leaves_what_was_put_in_the_trash_since(studio: Studio) -> None:
    [video_id] = studio.videos(1)
    studio.trash.put(video_id)
    bulk = studio.begin(Change(action=Action.RESTORE), [video_id])
    [message] = studio.sent()
    studio.trash.restore(video_id)
    studio.clock.advance(seconds=1)
    studio.trash.put(video_id)
    studio.deliver(message)
    assert studio.video(video_id).is_in_trash
    assert studio.changes.get(bulk.id).tally == Tally(unchanged=1)


def test_a_trash_that_was_cut_off_leaves_what_was_restored_since(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    [first, there] = studio.videos(2)
    studio.trash.put(there)
    studio.begin(Change(action=Action.TRASH), [first, there])
    [message] = studio.sent()
    cut_off(studio, monkeypatch, message)
    for video_id in (first, there):
        assert studio.video(video_id).is_in_trash
        studio.trash.restore(video_id)
    studio.deliver(message)
    assert not studio.video(first).is_in_trash
    assert not studio.video(there).is_in_trash


@pytest.mark.parametrize("action", [Action.TRASH, Action.RESTORE])
def test_of_two_processes_with_one_slice_the_slower_one_undoes_nothing(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, action: Action
) -> None:
    [video_id] = studio.videos(1)
    undo, act = studio.trash.put, "restore"
    if action is Action.TRASH:
        undo, act = studio.trash.restore, "trash"
    else:
        studio.trash.put(video_id)
    bulk = studio.begin(Change(action=action), [video_id])
    [message] = studio.sent()
    original = getattr(studio.catalogue.videos, act)

    def overtaken(*arguments: object, **options: object) -> object:
        monkeypatch.setattr(studio.catalogue.videos, act, original)
        original(*arguments, **options)
        undo(video_id)
        return original(*arguments, **options)

    monkeypatch.setattr(studio.catalogue.videos, act, overtaken)
    studio.deliver(message)
    assert studio.video(video_id).is_in_trash is (action is Action.RESTORE)
    assert studio.changes.get(bulk.id).tally == Tally(changed=1)


def test_what_is_in_the_trash_is_changed_in_no_other_way(studio: Studio) -> None:
    [video_id] = studio.videos(1)
    studio.trash.put(video_id)
    bulk = studio.begin(TO_SILENT, [video_id])
    studio.deliver()
    ended = studio.changes.get(bulk.id)
    sentence = "This video is in the trash: restore it first."
    assert list(studio.changes.failures(ended)) == [VideoFailure(video_id, sentence)]
    bulk = studio.begin(Change(action=Action.DELETE), [video_id])
    studio.deliver()
    assert studio.changes.get(bulk.id).tally == Tally(changed=1)


def test_a_video_that_cannot_be_changed_stops_no_other(studio: Studio) -> None:
    [first, second, third] = studio.videos(3)
    thirty = tuple(f"tag {each}" for each in range(30))
    studio.curation.change(second, lambda card: replace(card, tags=thirty))
    bulk = studio.begin(TO_SILENT, [first, second, VideoId(7), third])
    studio.deliver()
    ended = studio.changes.get(bulk.id)
    assert (ended.state, ended.tally) == (BulkChangeState.FINISHED, Tally(changed=2, failed=2))
    assert list(studio.changes.failures(ended)) == [
        VideoFailure(second, "Send a list of at most 30 texts.", "tags"),
        VideoFailure(VideoId(7), "There is no such video."),
    ]
    assert studio.video(second).card.tags == thirty


def test_a_slice_that_arrives_again_is_made_once(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk = studio.begin(TO_SILENT, studio.videos(30))
    messages = studio.sent()
    written = writes_of(studio, monkeypatch)
    studio.deliver(messages[0], messages[0], *messages, *messages)
    assert len(written) == len(set(written)) == 30
    assert studio.changes.get(bulk.id).tally == Tally(30)


def test_a_late_slice_does_not_undo_what_was_changed_since(studio: Studio) -> None:
    [video_id] = studio.videos(1)
    studio.begin(TO_SILENT, [video_id])
    [message] = studio.sent()
    studio.deliver(message)
    studio.curation.change(video_id, lambda card: replace(card, genre="Comedy"))
    studio.deliver(message)
    assert studio.video(video_id).card.genre == "Comedy"


def test_a_process_that_ends_in_the_middle_is_followed_by_another(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    video_ids = studio.videos(25)
    bulk = studio.begin(TO_SILENT, video_ids)
    [message] = studio.sent()
    with monkeypatch.context() as patch:
        kill_after(studio, patch, videos=10)
        with pytest.raises(Killed):
            studio.deliver(message)
    assert studio.changes.get(bulk.id).tally == Tally()
    corrected = video_ids[3]
    studio.curation.change(corrected, lambda card: replace(card, genre="Comedy"))
    with pytest.raises(SliceBusy):
        studio.deliver(message)
    studio.clock.advance(seconds=31)
    written = writes_of(studio, monkeypatch)
    studio.deliver(message)
    assert written == video_ids[10:]
    assert studio.changes.get(bulk.id).tally == Tally(25)
    assert studio.video(corrected).card.genre == "Comedy"


def test_a_slow_process_writes_no_video_again(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one has made the slice between the read and the write of a video."""
    [video_id] = studio.videos(1)
    bulk = studio.begin(TO_SILENT, [video_id])
    [message] = studio.sent()
    get = studio.catalogue.videos.get

    def overtaken(asked: VideoId) -> object:
        video = get(asked)
        monkeypatch.setattr(studio.catalogue.videos, "get", get)
        studio.clock.advance(seconds=31)
        studio.deliver(message)
        studio.curation.change(video_id, lambda card: replace(card, genre="Comedy"))
        return video

    monkeypatch.setattr(studio.catalogue.videos, "get", overtaken)
    with pytest.raises(SliceBusy):
        studio.deliver(message)
    assert studio.changes.get(bulk.id).tally == Tally(1)
    assert studio.video(video_id).card.genre == "Comedy"


def test_what_another_administrator_writes_at_that_moment_is_kept(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    [video_id] = studio.videos(1)
    studio.begin(TO_SILENT, [video_id])
    [message] = studio.sent()
    write = studio.catalogue.videos.write

    def overtaken(*arguments: object, **options: object) -> object:
        monkeypatch.setattr(studio.catalogue.videos, "write", write)
        studio.curation.change(video_id, lambda card: replace(card, tags=("city",)))
        return write(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(studio.catalogue.videos, "write", overtaken)
    studio.deliver(message)
    assert studio.video(video_id).card.tags == ("city", "silent")


def test_slices_may_come_in_any_order(studio: Studio) -> None:
    bulk = studio.begin(TO_SILENT, studio.videos(130))
    messages = studio.sent()
    assert [each.slice for each in messages] == list(range(6))
    random.shuffle(messages)
    studio.deliver(*messages)
    assert studio.changes.get(bulk.id).state is BulkChangeState.FINISHED


def test_the_request_to_send_slices_may_come_twice_and_sends_what_is_missing(
    studio: Studio,
) -> None:
    bulk = studio.begin(TO_SILENT, studio.videos(60))
    request = studio.queue.messages[0]
    messages = studio.sent()
    studio.deliver(messages[1])
    studio.slices.process(request)
    assert studio.queue.messages == [messages[0], messages[2]]
    studio.deliver()
    assert studio.changes.get(bulk.id).tally == Tally(60)


def test_a_process_that_ends_before_it_ends_the_bulk_change_is_made_up_for(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk = studio.begin(TO_SILENT, studio.videos(1))
    [message] = studio.sent()
    with monkeypatch.context() as patch:

        def die(*_: object) -> None:
            raise Killed

        patch.setattr(studio.store, "end", die)
        with pytest.raises(Killed):
            studio.deliver(message)
    assert studio.changes.get(bulk.id).state is BulkChangeState.RUNNING
    studio.deliver(message)
    assert studio.changes.get(bulk.id).state is BulkChangeState.FINISHED


def test_after_a_cancel_nothing_more_is_changed(studio: Studio) -> None:
    video_ids = studio.videos(60)
    bulk = studio.begin(TO_SILENT, video_ids)
    messages = studio.sent()
    studio.deliver(messages[0])
    studio.changes.cancel(bulk.id)
    studio.deliver(*messages, SliceMessage(bulk.id))
    ended = studio.changes.get(bulk.id)
    assert (ended.state, ended.left) == (BulkChangeState.CANCELLED, 35)
    assert studio.video(video_ids[30]).bulk_change is None


def test_a_slice_under_way_ends_no_cancelled_bulk_change(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk = studio.begin(TO_SILENT, studio.videos(1))
    [message] = studio.sent()
    record = studio.store.record

    def cancelled_meanwhile(*arguments: object) -> None:
        studio.changes.cancel(bulk.id)
        record(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(studio.store, "record", cancelled_meanwhile)
    studio.deliver(message)
    ended = studio.changes.get(bulk.id)
    assert (ended.state, ended.tally) == (BulkChangeState.CANCELLED, Tally(1))


def test_messages_of_a_bulk_change_that_is_gone_are_dropped(studio: Studio) -> None:
    assert studio.slices.process(SliceMessage(BulkChangeId(7), 0, (VideoId(1),))) is None


def test_a_change_of_a_later_version_waits_for_it(studio: Studio) -> None:
    [video_id] = studio.videos(1)
    bulk = studio.begin(NewerChange({"genre": "Drama"}), [video_id])
    with pytest.raises(UnreadableChange):
        studio.slices.process(SliceMessage(bulk.id))
    assert studio.video(video_id).bulk_change is None


def test_an_unknown_failure_repeats_the_slice_and_in_the_end_costs_one_video(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    video_ids = studio.videos(3)
    bulk = studio.begin(TO_SILENT, video_ids)
    [message] = studio.sent()
    write = studio.catalogue.videos.write

    def broken(video_id: VideoId, *arguments: object, **options: object) -> object:
        if video_id == video_ids[1]:
            raise ConnectionError
        return write(video_id, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(studio.catalogue.videos, "write", broken)
    with pytest.raises(ConnectionError):
        studio.deliver(message)
    studio.clock.advance(seconds=31)
    studio.slices.process(message, is_last_try=True)
    ended = studio.changes.get(bulk.id)
    assert (ended.state, ended.tally) == (BulkChangeState.FINISHED, Tally(changed=2, failed=1))
    assert list(studio.changes.failures(ended)) == [VideoFailure(video_ids[1], NOT_CHANGED)]


def test_writes_come_no_faster_than_readers_follow(studio: Studio) -> None:
    studio.begin(TO_SILENT, studio.videos(VIDEOS_PER_SLICE))
    messages = studio.sent()
    before = studio.clock.now()
    studio.deliver(*messages)
    # Two processes at once make as many in half of the time.
    least = timedelta(seconds=2 * VIDEOS_PER_SLICE / VIDEOS_PER_SECOND)
    assert studio.clock.now() - before == pytest.approx(least, abs=timedelta(milliseconds=1))
