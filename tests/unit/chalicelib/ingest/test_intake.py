"""Files that come in once, twice, late, renamed, or too early to be true."""

import pytest

from chalicelib.catalogue.model import NOTHING_YET, EncodeStatus
from chalicelib.encoding.model import Encode, Source, Step
from chalicelib.ingest.model import SourceBusy
from tests.builders.encodes import Workplace


def lay_upload(place: Workplace, content: bytes = b"film") -> Source:
    return place.lay(f"uploads/{place.draft().id}/{'0' * 32}/source.mp4", content)


def receive(place: Workplace, source: Source) -> Encode | None:
    return place.intake.received(source.key, source.etag)


def test_a_source_that_arrives_is_encoded(place: Workplace) -> None:
    source = lay_upload(place)
    encode = receive(place, source)
    assert encode
    assert (encode.revision, encode.source, encode.step) == (1, source, Step.QUEUED)
    assert place.pipeline.running == {(encode.video_id, 1, 1)}
    assert place.video(encode).encode.status is EncodeStatus.PENDING


def test_the_same_event_twice_makes_one_revision(place: Workplace) -> None:
    source = lay_upload(place)
    encode = receive(place, source)
    place.clock.advance(minutes=5)
    assert receive(place, source) == encode
    assert len(place.pipeline.running) == 1


def test_an_event_about_a_finished_source_changes_nothing(place: Workplace) -> None:
    source = lay_upload(place)
    encode = receive(place, source)
    assert encode
    place.encodes.fail(encode.video_id, encode.revision)
    place.pipeline.lose(encode)
    receive(place, source)
    assert place.pipeline.running == set()


def test_while_one_handler_is_at_it_another_waits(place: Workplace) -> None:
    source = lay_upload(place)
    place.log.take(source.key, source.etag, place.draft().id)
    with pytest.raises(SourceBusy):
        receive(place, source)
    place.clock.advance(minutes=1)
    assert receive(place, source)


def test_a_handler_that_died_after_the_first_write_is_followed_by_another(
    place: Workplace,
) -> None:
    source = lay_upload(place)
    video_id = place.log.take(source.key, source.etag, place.draft().id).video_id
    place.videos.begin_encode(video_id)
    place.clock.advance(minutes=1)
    encode = receive(place, source)
    assert encode
    assert place.video(encode).encode.revision == encode.revision == 2


def test_events_out_of_order_make_the_newest_content(place: Workplace) -> None:
    old = lay_upload(place)
    new = place.lay(old.key, b"another film")
    assert receive(place, old) is None
    encode = receive(place, new)
    assert encode
    assert encode.source == new
    assert receive(place, old) is None


def test_a_new_source_ends_what_is_made_of_the_old_one(place: Workplace) -> None:
    first = receive(place, old := lay_upload(place))
    second = receive(place, place.lay(old.key, b"another film"))
    assert first
    assert second
    assert second.revision == first.revision + 1
    assert place.now(first).step is Step.FAILED
    assert place.pipeline.running == {(second.video_id, 2, 1)}
    assert place.video(second).encode.status is EncodeStatus.PENDING


def test_a_source_that_is_gone_or_of_a_deleted_video_needs_nothing(place: Workplace) -> None:
    source = lay_upload(place)
    assert place.intake.received(source.key + "x", source.etag) is None
    video_id = int(source.key.split("/")[1])
    place.videos.remove(video_id)  # type: ignore[arg-type]
    assert receive(place, source) is None
    assert place.pipeline.running == set()


def test_a_source_in_the_inbox_becomes_a_draft_once(place: Workplace) -> None:
    source = place.lay("inbox/Drama/Metropolis.mp4", b"film")
    encode = receive(place, source)
    place.clock.advance(minutes=1)
    assert encode
    assert receive(place, source) == encode
    video = place.video(encode)
    assert (video.card.title, video.card.category) == ("Metropolis", "Drama")
    assert not video.is_published
    assert len(place.videos.since(None)) == 1


def test_a_deleted_video_does_not_rise_again_with_a_late_event(place: Workplace) -> None:
    source = place.lay("inbox/Metropolis.mp4", b"film")
    encode = receive(place, source)
    assert encode
    place.curation.remove(encode.video_id)
    place.process()
    assert receive(place, source) is None
    assert place.pipeline.running == set()
    assert set(place.videos.since(None).values()) == {None}


def test_a_late_event_while_a_video_is_being_deleted_waits_until_its_file_is_gone(
    place: Workplace,
) -> None:
    source = place.lay("inbox/Metropolis.mp4", b"film")
    encode = receive(place, source)
    assert encode
    place.videos.remove(encode.video_id)
    with pytest.raises(SourceBusy):
        receive(place, source)
    place.control.remove(encode.video_id)
    assert receive(place, source) is None


def test_a_source_that_is_dropped_again_after_its_video_was_deleted_is_a_new_one(
    place: Workplace,
) -> None:
    first = receive(place, source := place.lay("inbox/Metropolis.mp4", b"film"))
    assert first
    place.curation.remove(first.video_id)
    place.process()
    place.lay(source.key, b"film")
    with pytest.raises(SourceBusy):
        receive(place, source)
    second = receive(place, source)
    assert second
    assert second.video_id != first.video_id
    assert place.pipeline.running == {(second.video_id, 1, 1)}


@pytest.mark.parametrize("key", ["inbox/Drama/", "inbox/Film.en.srt", "uploads/7/subtitles/en.vtt"])
def test_folders_and_subtitles_need_nothing(place: Workplace, key: str) -> None:
    assert receive(place, place.lay(key, b"")) is None
    assert place.videos.since(None) == {}


def test_an_empty_file_has_failed_and_says_so(place: Workplace) -> None:
    encode = receive(place, lay_upload(place, b""))
    assert encode
    summary = place.video(encode).encode
    assert summary.status is EncodeStatus.FAILED
    assert summary.failure
    assert summary.failure.code == "empty"
    assert place.now(encode).step is Step.FAILED
    assert place.pipeline.running == set()
    assert summary.revision != NOTHING_YET
