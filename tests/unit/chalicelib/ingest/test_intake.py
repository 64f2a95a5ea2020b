"""Files that come in once, twice, late, renamed, or too early to be true."""

import pytest

from chalicelib.catalogue.model import NOTHING_YET, EncodeStatus
from chalicelib.encoding.model import Source, Step
from chalicelib.ingest.model import SourceBusy
from tests.builders.encodes import InMemoryEncoding


def lay_upload(encoding: InMemoryEncoding, content: bytes = b"film") -> Source:
    return encoding.lay(f"uploads/{encoding.draft().id}/{'0' * 32}/source.mp4", content)


def test_a_source_that_arrives_is_encoded(encoding: InMemoryEncoding) -> None:
    source = lay_upload(encoding)
    encode = encoding.receive(source)
    assert encode
    assert (encode.revision, encode.source, encode.step) == (1, source, Step.QUEUED)
    assert encoding.pipeline.running == {(encode.video_id, 1, 1)}
    assert encoding.video(encode).encode.status is EncodeStatus.PENDING


def test_the_same_event_twice_makes_one_revision(encoding: InMemoryEncoding) -> None:
    source = lay_upload(encoding)
    encode = encoding.receive(source)
    encoding.clock.advance(minutes=5)
    assert encoding.receive(source) == encode
    assert len(encoding.pipeline.running) == 1


def test_an_event_about_a_finished_source_changes_nothing(encoding: InMemoryEncoding) -> None:
    source = lay_upload(encoding)
    encode = encoding.receive(source)
    assert encode
    encoding.encodes.fail(encode.video_id, encode.revision)
    encoding.pipeline.lose(encode)
    encoding.receive(source)
    assert encoding.pipeline.running == set()


def test_while_one_handler_is_at_it_another_waits(encoding: InMemoryEncoding) -> None:
    source = lay_upload(encoding)
    encoding.log.take(source.key, source.etag, encoding.draft().id)
    with pytest.raises(SourceBusy):
        encoding.receive(source)
    encoding.clock.advance(minutes=1)
    assert encoding.receive(source)


def test_a_handler_that_died_after_the_first_write_is_followed_by_another(
    encoding: InMemoryEncoding,
) -> None:
    source = lay_upload(encoding)
    video_id = encoding.log.take(source.key, source.etag, encoding.draft().id).video_id
    encoding.videos.begin_encode(video_id)
    encoding.clock.advance(minutes=1)
    encode = encoding.receive(source)
    assert encode
    assert encoding.video(encode).encode.revision == encode.revision == 2


def test_events_out_of_order_make_the_newest_content(encoding: InMemoryEncoding) -> None:
    old = lay_upload(encoding)
    new = encoding.lay(old.key, b"another film")
    assert encoding.receive(old) is None
    encode = encoding.receive(new)
    assert encode
    assert encode.source == new
    assert encoding.receive(old) is None


def test_a_new_source_ends_what_is_made_of_the_old_one(encoding: InMemoryEncoding) -> None:
    first = encoding.receive(old := lay_upload(encoding))
    second = encoding.receive(encoding.lay(old.key, b"another film"))
    assert first
    assert second
    assert second.revision == first.revision + 1
    assert encoding.now(first).step is Step.FAILED
    assert encoding.pipeline.running == {(second.video_id, 2, 1)}
    assert encoding.video(second).encode.status is EncodeStatus.PENDING


def test_a_source_that_is_gone_or_of_a_deleted_video_needs_nothing(
    encoding: InMemoryEncoding,
) -> None:
    source = lay_upload(encoding)
    assert encoding.intake.received(source.key + "x", source.etag) is None
    video_id = int(source.key.split("/")[1])
    encoding.videos.remove(video_id)  # type: ignore[arg-type]
    assert encoding.receive(source) is None
    assert encoding.pipeline.running == set()


def test_a_source_in_the_inbox_becomes_a_draft_once(encoding: InMemoryEncoding) -> None:
    source = encoding.lay("inbox/Drama/Metropolis.mp4", b"film")
    encode = encoding.receive(source)
    encoding.clock.advance(minutes=1)
    assert encode
    assert encoding.receive(source) == encode
    video = encoding.video(encode)
    assert (video.card.title, video.card.category) == ("Metropolis", "Drama")
    assert not video.is_published
    assert len(encoding.videos.since(None)) == 1


def test_a_deleted_video_does_not_rise_again_with_a_late_event(encoding: InMemoryEncoding) -> None:
    source = encoding.lay("inbox/Metropolis.mp4", b"film")
    encode = encoding.receive(source)
    assert encode
    encoding.curation.remove(encode.video_id)
    encoding.process()
    assert encoding.receive(source) is None
    assert encoding.pipeline.running == set()
    assert set(encoding.videos.since(None).values()) == {None}


def test_a_late_event_while_a_video_is_being_deleted_waits_until_its_file_is_gone(
    encoding: InMemoryEncoding,
) -> None:
    source = encoding.lay("inbox/Metropolis.mp4", b"film")
    encode = encoding.receive(source)
    assert encode
    encoding.videos.remove(encode.video_id)
    with pytest.raises(SourceBusy):
        encoding.receive(source)
    encoding.control.remove(encode.video_id)
    assert encoding.receive(source) is None


def test_a_source_that_is_dropped_again_after_its_video_was_deleted_is_a_new_one(
    encoding: InMemoryEncoding,
) -> None:
    first = encoding.receive(source := encoding.lay("inbox/Metropolis.mp4", b"film"))
    assert first
    encoding.curation.remove(first.video_id)
    encoding.process()
    encoding.lay(source.key, b"film")
    with pytest.raises(SourceBusy):
        encoding.receive(source)
    second = encoding.receive(source)
    assert second
    assert second.video_id != first.video_id
    assert encoding.pipeline.running == {(second.video_id, 1, 1)}


@pytest.mark.parametrize("key", ["inbox/Drama/", "inbox/Film.en.srt", "uploads/7/subtitles/en.vtt"])
def test_folders_and_subtitles_need_nothing(encoding: InMemoryEncoding, key: str) -> None:
    assert encoding.receive(encoding.lay(key, b"")) is None
    assert encoding.videos.since(None) == {}


def test_an_empty_file_has_failed_and_says_so(encoding: InMemoryEncoding) -> None:
    encode = encoding.receive(lay_upload(encoding, b""))
    assert encode
    summary = encoding.video(encode).encode
    assert summary.status is EncodeStatus.FAILED
    assert summary.failure
    assert summary.failure.code == "empty"
    assert encoding.now(encode).step is Step.FAILED
    assert encoding.pipeline.running == set()
    assert summary.revision != NOTHING_YET
