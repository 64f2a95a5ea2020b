"""Cancelling, trying again, removing, and finding what was lost."""

from dataclasses import replace

import pytest

from chalicelib.catalogue.model import EncodeStatus, VideoId
from chalicelib.encoding.control import MOST_ATTEMPTS, NoReport, SourceGone
from chalicelib.encoding.failures import Reason, failure
from chalicelib.encoding.model import Encode, EncodeNotFound, EncodeOver, Step
from tests.builders.assets import an_asset
from tests.builders.encodes import Workplace
from tests.fakes.clock import HandClock
from tests.fakes.encode_store import InMemoryEncodeStore
from tests.fakes.pipeline import InMemoryPipeline


def failed(place: Workplace, reason: Reason = Reason.TOO_SLOW) -> Encode:
    encode = place.planned(segments=20)
    place.updates.chunk_done(encode.video_id, encode.revision, 3)
    place.updates.fail(encode.video_id, encode.revision, failure(reason))
    place.pipeline.lose(encode)
    return place.now(encode)


def test_a_cancelled_encode_stops_and_says_so(place: Workplace) -> None:
    encode = place.planned()
    place.control.cancel(place.video(encode))
    assert place.pipeline.running == set()
    assert place.now(encode).step is Step.FAILED
    assert place.video(encode).encode.failure == failure(Reason.CANCELLED)
    with pytest.raises(EncodeOver):
        place.control.cancel(place.video(encode))


def test_another_try_goes_on_where_it_failed(place: Workplace) -> None:
    encode = failed(place)
    again = place.control.retry(place.video(encode))
    assert (again.attempt, again.chunks) == (2, frozenset({3}))
    assert place.pipeline.running == {(encode.video_id, 1, 2)}
    summary = place.video(encode).encode
    assert (summary.status, summary.failure) == (EncodeStatus.PENDING, None)


def test_what_is_going_on_or_done_is_not_tried_again(place: Workplace) -> None:
    encode = place.planned()
    with pytest.raises(EncodeOver):
        place.control.retry(place.video(encode))
    place.updates.publish(encode.video_id, encode.revision, an_asset())
    with pytest.raises(EncodeOver):
        place.control.retry(place.video(encode))
    assert place.pipeline.running == {(encode.video_id, 1, 1)}


@pytest.mark.parametrize("content", [None, b"another film"])
def test_without_its_source_nothing_is_tried_again(place: Workplace, content: bytes | None) -> None:
    encode = failed(place)
    del place.bucket.objects[encode.source.key]
    if content:
        place.lay(encode.source.key, content)
    with pytest.raises(SourceGone):
        place.control.retry(place.video(encode))


def test_a_video_without_an_encode_has_nothing_to_try_again(place: Workplace) -> None:
    with pytest.raises(EncodeNotFound):
        place.control.retry(place.draft())


def test_a_removed_video_leaves_nothing_behind(place: Workplace) -> None:
    encode, other = place.planned(), place.planned()
    for title in (encode, other):
        for kind in ("media", "images", "work"):
            place.media.write(f"{kind}/{title.video_id}/1/a", "x")
        place.media.write(f"reports/{title.video_id}/1.json", "x")
    place.lay(f"uploads/{encode.video_id}/subtitles/en.srt", b"x")
    place.curation.remove(encode.video_id)
    place.process()
    place.control.remove(encode.video_id)
    assert [key for key in place.media.objects if str(other.video_id) not in key] == []
    assert len(place.media.objects) == 4
    assert list(place.bucket.objects) == [other.source.key]
    assert place.pipeline.running == {(other.video_id, 1, 1)}
    assert list(place.encodes.of(encode.video_id)) == []


class Interrupted(InMemoryPipeline):
    """Another process is always a moment faster."""

    def stop(self, encode: Encode, *, code: str, text: str) -> None:
        self.meanwhile(encode.video_id)
        super().stop(encode, code=code, text=text)

    def meanwhile(self, video_id: VideoId) -> None: ...


def test_two_may_remove_a_video_at_once(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    encode, pipeline = place.planned(), Interrupted()
    monkeypatch.setattr(pipeline, "meanwhile", place.control.remove)
    place.media.write(f"media/{encode.video_id}/1/a", "x")
    place.videos.remove(encode.video_id)
    replace(place.control, pipeline=pipeline).remove(encode.video_id)
    assert (place.media.objects, place.bucket.objects) == ({}, {})


def dropped(place: Workplace, key: str, content: bytes) -> Encode:
    source = place.lay(key, content)
    encode = place.intake.received(source.key, source.etag)
    assert encode
    return encode


def test_a_removed_video_takes_no_source_with_it_whose_name_begins_alike(place: Workplace) -> None:
    video = dropped(place, "inbox/Film", b"one")
    other = dropped(place, "inbox/Film 2.mp4", b"two")
    place.curation.remove(video.video_id)
    place.process()
    assert list(place.bucket.objects) == [other.source.key]


def test_a_removed_video_leaves_what_was_dropped_under_its_name_since(place: Workplace) -> None:
    old = dropped(place, "inbox/Film.mp4", b"old")
    new = dropped(place, "inbox/Film.mp4", b"new")
    assert old.video_id != new.video_id
    place.curation.remove(old.video_id)
    place.process()
    assert place.bucket.find("inbox/Film.mp4") == new.source


def test_a_lost_execution_is_begun_anew(place: Workplace) -> None:
    encode = place.planned()
    assert not place.control.revive(place.video(encode))
    place.pipeline.lose(encode)
    assert place.control.revive(place.video(encode))
    assert place.pipeline.running == {(encode.video_id, 1, 2)}
    assert not place.control.revive(place.video(encode))


class Remembering(InMemoryEncodeStore):
    """Keeps every step that a reader could have seen."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__(clock)
        self.steps: list[Step] = []

    def _put(self, encode: Encode) -> Encode:
        self.steps.append(encode.step)
        return super()._put(encode)


def test_a_lost_execution_is_begun_anew_without_a_moment_of_failure(place: Workplace) -> None:
    store = Remembering(place.clock)
    control = replace(place.control, encodes=store)
    encode = store.begin(place.begun())
    place.pipeline.lose(encode)
    assert control.revive(place.video(encode))
    assert store.steps == [Step.QUEUED]


def test_what_was_never_begun_is_left_alone_until_it_is_late(place: Workplace) -> None:
    encode = place.planned()
    place.pipeline.running.clear()
    assert not place.control.revive(place.video(encode))
    place.clock.advance(hours=2)
    assert place.control.revive(place.video(encode))


def test_what_is_lost_again_and_again_fails(place: Workplace) -> None:
    encode = place.planned()
    for _ in range(MOST_ATTEMPTS - 1):
        place.pipeline.lose(place.now(encode))
        assert place.control.revive(place.video(encode))
    place.pipeline.lose(place.now(encode))
    assert not place.control.revive(place.video(encode))
    assert place.video(encode).encode.failure == failure(Reason.WORKER_LOST)


def test_the_report_is_the_one_of_the_complete_media(place: Workplace) -> None:
    encode = place.planned()
    with pytest.raises(NoReport):
        place.control.report(place.video(encode))
    place.media.write(f"reports/{encode.video_id}/1.json", "first")
    place.updates.publish(encode.video_id, encode.revision, an_asset())
    place.videos.begin_encode(encode.video_id)
    assert place.control.report(place.video(encode)) == b"first"
