"""Another source for a video that viewers watch: which one wins, and what stays until then."""

from dataclasses import replace
from datetime import timedelta

import pytest
from typing_extensions import override

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.model import EncodeStatus, NewerSource, Revision, VideoId
from chalicelib.encoding.failures import Reason, failure
from chalicelib.encoding.model import Encode, EncodeOver, Source, Step
from chalicelib.ingest.model import Upload
from chalicelib.ingest.source_keys import words_of
from tests.builders.assets import an_asset
from tests.builders.encodes import InMemoryEncoding
from tests.fakes.pipeline import InMemoryPipeline

ADA = AccountId(1)
FIRST, SECOND, THIRD = map(Revision, (1, 2, 3))


def begin(encoding: InMemoryEncoding, video_id: VideoId | None = None) -> Upload:
    """Begin the upload of a film, for an existing video or for a draft."""
    encoding.clock.advance(seconds=1)
    return encoding.uploads.begin(ADA, filename="film.mp4", size=4, video_id=video_id)


def send(encoding: InMemoryEncoding, upload: Upload, content: bytes = b"film") -> Source:
    encoding.bucket.send(upload.key, upload.multipart_id, 1, content)
    encoding.uploads.complete(upload)
    source = encoding.bucket.find(upload.key)
    assert source
    return source


def encoded(encoding: InMemoryEncoding, source: Source, segments: int = 10) -> Encode:
    encode = encoding.receive(source)
    assert encode
    return encoding.updates.planned(encode, an_asset(segments), segments_per_chunk=1)


def publish(encoding: InMemoryEncoding, encode: Encode) -> bool:
    assert encode.asset
    return encoding.updates.publish(encode.video_id, encode.revision, encode.asset)


@pytest.fixture
def published(encoding: InMemoryEncoding) -> Encode:
    encode = encoded(encoding, send(encoding, begin(encoding)))
    publish(encoding, encode)
    encoding.curation.change(encode.video_id, lambda card: card, is_published=True)
    return encode


def test_the_old_media_play_until_the_new_ones_are_proven(
    encoding: InMemoryEncoding, published: Encode
) -> None:
    upload = begin(encoding, published.video_id)
    new = encoded(encoding, send(encoding, upload), segments=5)
    before = encoding.video(new)
    assert (before.playable_revision, before.is_being_replaced) == (FIRST, True)
    assert publish(encoding, new)
    after = encoding.video(new)
    assert (after.playable_revision, after.is_being_replaced) == (SECOND, False)
    assert before.media
    assert after.media
    assert after.media.duration_seconds == before.media.duration_seconds / 2
    assert after.media.since == encoding.clock.now()
    assert after.encode.sent_at == upload.created_at
    assert after.encode.source_size == new.source.size > 0


def test_a_source_that_fails_leaves_the_old_media_and_says_why(
    encoding: InMemoryEncoding, published: Encode
) -> None:
    new = encoded(encoding, send(encoding, begin(encoding, published.video_id)))
    encoding.updates.fail(new.video_id, new.revision, failure(Reason.NOT_PROVEN))
    video = encoding.video(new)
    assert (video.playable_revision, video.is_being_replaced) == (FIRST, True)
    assert video.encode.failure
    assert video.encode.failure.code == "not_proven"


@pytest.mark.parametrize("is_late", [False, True])
def test_of_two_sources_in_a_row_the_newer_one_wins(
    encoding: InMemoryEncoding, published: Encode, *, is_late: bool
) -> None:
    older = encoded(encoding, send(encoding, begin(encoding, published.video_id)))
    newer = encoded(encoding, send(encoding, begin(encoding, published.video_id)), segments=5)
    assert encoding.now(older).step is Step.FAILED
    if is_late:
        publish(encoding, newer)
    with pytest.raises(EncodeOver):  # its last task had begun before
        publish(encoding, older)
    publish(encoding, newer)
    media = encoding.video(newer).media
    assert media
    assert (media.revision, media.duration_seconds) == (THIRD, 30)


def test_an_upload_that_began_earlier_cannot_replace_a_newer_source_when_it_ends_later(
    encoding: InMemoryEncoding, published: Encode
) -> None:
    slow = begin(encoding, published.video_id)
    newer = encoded(encoding, send(encoding, begin(encoding, published.video_id)))
    for refused in (
        lambda: encoding.uploads.part_urls(slow, [1]),
        lambda: send(encoding, slow),
    ):
        with pytest.raises(NewerSource):
            refused()
    assert encoding.bucket.find(slow.key) is None
    encoding.uploads.abort(slow)
    assert encoding.video(newer).encode.revision == newer.revision


def test_an_earlier_source_whose_event_is_late_is_not_encoded_and_removed(
    encoding: InMemoryEncoding, published: Encode
) -> None:
    earlier = send(encoding, begin(encoding, published.video_id))
    newer = encoded(encoding, send(encoding, begin(encoding, published.video_id)))
    assert encoding.receive(earlier) is None
    assert encoding.bucket.find(earlier.key) is None
    assert encoding.receive(earlier) is None
    assert encoding.video(newer).encode.revision == newer.revision == SECOND
    assert encoding.now(newer).step is Step.ENCODING


def test_ids_of_earlier_versions_tell_no_time_and_count_from_their_event(
    encoding: InMemoryEncoding, published: Encode
) -> None:
    for first in ("0", "f"):
        encoding.clock.advance(minutes=1)
        key = f"uploads/{published.video_id}/{first * 32}/source.mp4"
        encode = encoding.receive(encoding.lay(key, b"film"))
        assert encode
        assert encoding.video(encode).encode.sent_at == encoding.clock.now()


def test_late_events_of_replaced_sources_change_nothing(
    encoding: InMemoryEncoding, published: Encode
) -> None:
    first = published.source
    second = send(encoding, begin(encoding, published.video_id))
    third = send(encoding, begin(encoding, published.video_id))
    encoding.receive(second)
    newest = encoded(encoding, third)
    publish(encoding, newest)
    encoding.encodes.remove_one(published.video_id, SECOND)  # as the clean-up does
    for source in (first, second, third):
        assert encoding.receive(source) is None
    assert encoding.video(newest).encode.status is EncodeStatus.COMPLETED
    assert {encode.revision for encode in encoding.encodes.of(newest.video_id)} == {FIRST, THIRD}


def test_of_two_encodes_that_begin_at_the_same_time_the_newer_one_goes_on(
    encoding: InMemoryEncoding, published: Encode
) -> None:
    video_id = published.video_id
    older, newer = (encoding.videos.begin_encode(video_id) for _ in range(2))
    source = send(encoding, begin(encoding, video_id))
    assert encoding.control.begin(video_id, newer, source).step is Step.QUEUED
    assert encoding.control.begin(video_id, older, source).step is Step.FAILED
    assert {number for _, number, _ in encoding.pipeline.running} == {FIRST, newer}
    assert encoding.videos.get(video_id).encode.status is EncodeStatus.PENDING


def test_a_handler_that_died_before_the_encode_began_is_followed_by_another(
    encoding: InMemoryEncoding, published: Encode
) -> None:
    source = send(encoding, begin(encoding, published.video_id))
    receipt = encoding.log.take(source.key, source.etag, published.video_id)
    encoding.log.record(receipt, encoding.videos.begin_encode(published.video_id))
    encode = encoding.receive(source)
    assert encode
    assert (encode.revision, encode.step) == (SECOND, Step.QUEUED)


def test_a_source_that_comes_while_the_first_one_is_encoded_ends_that_encode(
    encoding: InMemoryEncoding,
) -> None:
    first = encoded(encoding, send(encoding, begin(encoding)))
    second = encoded(encoding, send(encoding, begin(encoding, first.video_id)))
    assert encoding.now(first).step is Step.FAILED
    video = encoding.video(second)
    assert (video.is_being_replaced, video.encode.revision) == (False, SECOND)
    publish(encoding, second)
    assert encoding.video(second).playable_revision == SECOND


def test_a_cancelled_replacement_leaves_the_old_media(
    encoding: InMemoryEncoding, published: Encode
) -> None:
    new = encoded(encoding, send(encoding, begin(encoding, published.video_id)))
    encoding.control.cancel(encoding.video(new))
    with pytest.raises(EncodeOver):
        publish(encoding, new)
    video = encoding.video(new)
    assert video.playable_revision == FIRST
    assert video.encode.failure
    assert video.encode.failure.code == "cancelled"


def test_a_replacement_that_is_published_meanwhile_is_not_called_cancelled(
    encoding: InMemoryEncoding, published: Encode
) -> None:
    new = encoded(encoding, send(encoding, begin(encoding, published.video_id)))

    class Late(InMemoryPipeline):
        """The last task ends while the execution is being stopped."""

        @override
        def stop(self, encode: Encode, *, code: str, text: str) -> None:
            super().stop(encode, code=code, text=text)
            publish(encoding, new)

    with pytest.raises(EncodeOver):
        replace(encoding.control, pipeline=Late()).cancel(encoding.video(new))
    video = encoding.video(new)
    assert (video.playable_revision, video.encode.status) == (SECOND, EncodeStatus.COMPLETED)


def test_the_source_of_a_video_that_was_deleted_meanwhile_is_not_encoded(
    encoding: InMemoryEncoding, published: Encode
) -> None:
    source = send(encoding, begin(encoding, published.video_id))
    encoding.curation.remove(published.video_id)
    assert encoding.receive(source) is None
    encoding.process()
    assert encoding.bucket.find(source.key) is None


def test_subtitles_beside_the_old_source_are_kept_unless_there_are_newer_ones(
    encoding: InMemoryEncoding,
) -> None:
    for words in ("de", "de.forced", "en", "fr"):
        encoding.lay(f"inbox/Film.{words}.srt", b"old")
    dropped = encoding.lay("inbox/Film.mp4", b"film")
    first = encoded(encoding, dropped)
    publish(encoding, first)
    encoding.lay(f"uploads/{first.video_id}/subtitles/de.srt", b"new")
    second = encoding.receive(send(encoding, begin(encoding, first.video_id)))
    assert second
    beside = encoding.bucket.beside(second.source.key)
    contents = {words_of(each): encoding.bucket.objects[each.key] for each in beside}
    assert contents == {"de": b"new", "de.forced": b"old", "en": b"old", "fr": b"old"}
    encoding.clock.advance(days=1)
    third = encoding.receive(send(encoding, begin(encoding, first.video_id)))
    assert third
    assert len(encoding.bucket.beside(third.source.key)) == 4


def test_an_id_of_an_upload_begins_with_its_time(encoding: InMemoryEncoding) -> None:
    first, second = begin(encoding), begin(encoding)
    assert second.created_at - first.created_at == timedelta(seconds=1)
    assert first.id < second.id
    assert len(first.id) == 32
