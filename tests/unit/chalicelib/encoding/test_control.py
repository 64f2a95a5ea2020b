"""Cancelling, trying again, removing, and finding what was lost."""

from dataclasses import replace

import pytest

from chalicelib.catalogue.model import EncodeStatus, VideoId
from chalicelib.encoding.control import MOST_ATTEMPTS, SourceGone
from chalicelib.encoding.failures import Reason, failure
from chalicelib.encoding.inspection import NoReport
from chalicelib.encoding.model import Encode, EncodeNotFound, EncodeOver, Step
from tests.builders.assets import an_asset
from tests.builders.encodes import InMemoryEncoding
from tests.fakes.clock import HandClock
from tests.fakes.encode_store import InMemoryEncodeStore
from tests.fakes.pipeline import InMemoryPipeline


def failed(encoding: InMemoryEncoding, reason: Reason = Reason.TOO_SLOW) -> Encode:
    encode = encoding.planned(segments=20)
    encoding.updates.chunk_done(encode.video_id, encode.revision, 3)
    encoding.updates.fail(encode.video_id, encode.revision, failure(reason))
    encoding.pipeline.lose(encode)
    return encoding.now(encode)


def test_a_cancelled_encode_stops_and_says_so(encoding: InMemoryEncoding) -> None:
    encode = encoding.planned()
    encoding.control.cancel(encoding.video(encode))
    assert encoding.pipeline.running == set()
    assert encoding.now(encode).step is Step.FAILED
    assert encoding.video(encode).encode.failure == failure(Reason.CANCELLED)
    with pytest.raises(EncodeOver):
        encoding.control.cancel(encoding.video(encode))


def test_another_try_goes_on_where_it_failed(encoding: InMemoryEncoding) -> None:
    encode = failed(encoding)
    again = encoding.control.retry(encoding.video(encode))
    assert (again.attempt, again.chunks) == (2, frozenset({3}))
    assert encoding.pipeline.running == {(encode.video_id, 1, 2)}
    summary = encoding.video(encode).encode
    assert (summary.status, summary.failure) == (EncodeStatus.PENDING, None)


def test_what_is_going_on_or_done_is_not_tried_again(encoding: InMemoryEncoding) -> None:
    encode = encoding.planned()
    with pytest.raises(EncodeOver):
        encoding.control.retry(encoding.video(encode))
    encoding.updates.publish(encode.video_id, encode.revision, an_asset())
    with pytest.raises(EncodeOver):
        encoding.control.retry(encoding.video(encode))
    assert encoding.pipeline.running == {(encode.video_id, 1, 1)}


@pytest.mark.parametrize("content", [None, b"another film"])
def test_without_its_source_nothing_is_tried_again(
    encoding: InMemoryEncoding, content: bytes | None
) -> None:
    encode = failed(encoding)
    del encoding.bucket.objects[encode.source.key]
    if content:
        encoding.lay(encode.source.key, content)
    with pytest.raises(SourceGone):
        encoding.control.retry(encoding.video(encode))


def test_a_video_without_an_encode_has_nothing_to_try_again(encoding: InMemoryEncoding) -> None:
    with pytest.raises(EncodeNotFound):
        encoding.control.retry(encoding.draft())


def test_a_removed_video_leaves_nothing_behind(encoding: InMemoryEncoding) -> None:
    encode, other = encoding.planned(), encoding.planned()
    for title in (encode, other):
        for kind in ("media", "images", "work"):
            encoding.media.write(f"{kind}/{title.video_id}/1/a", "x")
        encoding.media.write(f"reports/{title.video_id}/1.json", "x")
    encoding.lay(f"uploads/{encode.video_id}/subtitles/en.srt", b"x")
    encoding.curation.remove(encode.video_id)
    encoding.process()
    encoding.control.remove(encode.video_id)
    assert [key for key in encoding.media.objects if str(other.video_id) not in key] == []
    assert len(encoding.media.objects) == 4
    assert list(encoding.bucket.objects) == [other.source.key]
    assert encoding.pipeline.running == {(other.video_id, 1, 1)}
    assert list(encoding.encodes.of(encode.video_id)) == []


class Interrupted(InMemoryPipeline):
    """Another process is always a moment faster."""

    def stop(self, encode: Encode, *, code: str, text: str) -> None:
        self.meanwhile(encode.video_id)
        super().stop(encode, code=code, text=text)

    def meanwhile(self, video_id: VideoId) -> None: ...


def test_two_may_remove_a_video_at_once(
    encoding: InMemoryEncoding, monkeypatch: pytest.MonkeyPatch
) -> None:
    encode, pipeline = encoding.planned(), Interrupted()
    monkeypatch.setattr(pipeline, "meanwhile", encoding.control.remove)
    encoding.media.write(f"media/{encode.video_id}/1/a", "x")
    encoding.videos.remove(encode.video_id)
    replace(encoding.control, pipeline=pipeline).remove(encode.video_id)
    assert (encoding.media.objects, encoding.bucket.objects) == ({}, {})


def dropped(encoding: InMemoryEncoding, key: str, content: bytes) -> Encode:
    source = encoding.lay(key, content)
    encode = encoding.intake.received(source.key, source.etag)
    assert encode
    return encode


def test_a_removed_video_takes_no_source_with_it_whose_name_begins_alike(
    encoding: InMemoryEncoding,
) -> None:
    video = dropped(encoding, "inbox/Film", b"one")
    other = dropped(encoding, "inbox/Film 2.mp4", b"two")
    encoding.curation.remove(video.video_id)
    encoding.process()
    assert list(encoding.bucket.objects) == [other.source.key]


def test_a_removed_video_leaves_what_was_dropped_under_its_name_since(
    encoding: InMemoryEncoding,
) -> None:
    old = dropped(encoding, "inbox/Film.mp4", b"old")
    new = dropped(encoding, "inbox/Film.mp4", b"new")
    assert old.video_id != new.video_id
    encoding.curation.remove(old.video_id)
    encoding.process()
    assert encoding.bucket.find("inbox/Film.mp4") == new.source


def test_a_lost_execution_is_begun_anew(encoding: InMemoryEncoding) -> None:
    encode = encoding.planned()
    assert not encoding.control.revive(encoding.video(encode))
    encoding.pipeline.lose(encode)
    assert encoding.control.revive(encoding.video(encode))
    assert encoding.pipeline.running == {(encode.video_id, 1, 2)}
    assert not encoding.control.revive(encoding.video(encode))


class Remembering(InMemoryEncodeStore):
    """Keeps every step that a reader could have seen."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__(clock)
        self.steps: list[Step] = []

    def _put(self, encode: Encode) -> Encode:
        self.steps.append(encode.step)
        return super()._put(encode)


def test_a_lost_execution_is_begun_anew_without_a_moment_of_failure(
    encoding: InMemoryEncoding,
) -> None:
    store = Remembering(encoding.clock)
    control = replace(encoding.control, encodes=store)
    encode = store.begin(encoding.begun())
    encoding.pipeline.lose(encode)
    assert control.revive(encoding.video(encode))
    assert store.steps == [Step.QUEUED]


def test_what_was_never_begun_is_left_alone_until_it_is_late(encoding: InMemoryEncoding) -> None:
    encode = encoding.planned()
    encoding.pipeline.running.clear()
    assert not encoding.control.revive(encoding.video(encode))
    encoding.clock.advance(hours=2)
    assert encoding.control.revive(encoding.video(encode))


def test_what_is_lost_again_and_again_fails(encoding: InMemoryEncoding) -> None:
    encode = encoding.planned()
    for _ in range(MOST_ATTEMPTS - 1):
        encoding.pipeline.lose(encoding.now(encode))
        assert encoding.control.revive(encoding.video(encode))
    encoding.pipeline.lose(encoding.now(encode))
    assert not encoding.control.revive(encoding.video(encode))
    assert encoding.video(encode).encode.failure == failure(Reason.WORKER_LOST)


def test_the_report_is_the_one_of_the_complete_media(encoding: InMemoryEncoding) -> None:
    encode = encoding.planned()
    with pytest.raises(NoReport):
        encoding.inspection.conformance_report(encoding.video(encode))
    encoding.media.write(f"reports/{encode.video_id}/1.json", "first")
    encoding.updates.publish(encode.video_id, encode.revision, an_asset())
    encoding.videos.begin_encode(encode.video_id)
    assert encoding.inspection.conformance_report(encoding.video(encode)) == b"first"
