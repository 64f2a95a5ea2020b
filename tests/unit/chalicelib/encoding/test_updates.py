"""What workers tell, and what of it everybody hears."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.catalogue.model import EncodeStatus, EncodeSummary, StaleEncode
from chalicelib.encoding.failures import Reason, failure
from chalicelib.encoding.model import Encode, EncodeOver, Step
from chalicelib.encoding.updates import PromisedFiles
from tests.builders.assets import an_asset
from tests.builders.encodes import InMemoryEncoding


def chunk(encoding: InMemoryEncoding, encode: Encode, *numbers: int) -> Encode:
    for number in numbers:
        encoding.updates.chunk_done(encode.video_id, encode.revision, number)
    return encoding.now(encode)


def sound(encoding: InMemoryEncoding, encode: Encode, segments: int, track: int = 0) -> None:
    encoding.updates.audio_grown(encode.video_id, encode.revision, track, segments)


def summary_of(encoding: InMemoryEncoding, encode: Encode) -> EncodeSummary:
    return encoding.video(encode).encode


def test_the_video_is_processing_as_soon_as_its_plan_begins(encoding: InMemoryEncoding) -> None:
    encode = encoding.begun()
    encoding.updates.planning(encode.video_id, encode.revision)
    assert summary_of(encoding, encode).status is EncodeStatus.PROCESSING


def test_the_video_is_written_at_every_twentieth_and_not_at_every_chunk(
    encoding: InMemoryEncoding,
) -> None:
    encode = encoding.planned(segments=200)
    heard = []
    for number in range(200):
        before = encoding.video(encode).changed_at
        encoding.clock.advance(seconds=1)
        chunk(encoding, encode, number)
        if encoding.video(encode).changed_at != before:
            heard.append(summary_of(encoding, encode).percent)
    assert heard == list(range(5, 95, 5))


@pytest.mark.parametrize("sound_first", [True, False])
def test_it_can_be_watched_when_the_first_picture_and_all_sound_is_there(
    encoding: InMemoryEncoding, *, sound_first: bool
) -> None:
    encode = encoding.planned(segments=100, tracks=2)
    steps: list[Callable[[], object]] = [
        lambda: sound(encoding, encode, 3),
        lambda: sound(encoding, encode, 2, track=1),
        lambda: chunk(encoding, encode, 0),
    ]
    for step in steps if sound_first else steps[::-1]:
        assert not summary_of(encoding, encode).is_playable
        step()
    assert summary_of(encoding, encode).is_playable


def test_a_video_without_sound_waits_for_none(encoding: InMemoryEncoding) -> None:
    encode = encoding.planned(segments=100, tracks=0)
    chunk(encoding, encode, 0)
    assert summary_of(encoding, encode).is_playable


def test_a_late_worker_gets_the_answer_that_it_is_over(encoding: InMemoryEncoding) -> None:
    encode = encoding.planned()
    encoding.curation.remove(encode.video_id)
    with pytest.raises(EncodeOver):
        chunk(encoding, encode, 0)


def test_a_worker_of_an_older_revision_is_stopped_at_the_next_step(
    encoding: InMemoryEncoding,
) -> None:
    encode = encoding.planned(segments=2)
    encoding.videos.begin_encode(encode.video_id)
    with pytest.raises(EncodeOver):
        chunk(encoding, encode, 0)


def test_complete_media_have_the_measures_of_the_proof(encoding: InMemoryEncoding) -> None:
    encode = encoding.planned(segments=10)
    assert encoding.updates.publish(
        encode.video_id, encode.revision, an_asset(), files=PromisedFiles("m", (120,))
    )
    media = encoding.video(encode).media
    assert media
    assert (media.revision, media.duration_seconds, media.mp4_name) == (1, 60.0, "m")
    assert media.mp4_only_heights == (120,)
    assert media.heights == (720, 360)
    assert summary_of(encoding, encode).status is EncodeStatus.COMPLETED
    assert encoding.now(encode).step is Step.DONE


def test_of_two_that_publish_one_wins(encoding: InMemoryEncoding) -> None:
    encode = encoding.planned()
    wins = [
        encoding.updates.publish(encode.video_id, encode.revision, asset)
        for asset in (an_asset(9), an_asset(10))
    ]
    assert wins == [True, False]
    assert encoding.now(encode).asset == an_asset(9)


def test_who_died_before_showing_it_is_followed_by_another(encoding: InMemoryEncoding) -> None:
    encode = encoding.planned()
    encoding.encodes.finish(encode.video_id, encode.revision, an_asset(9))
    assert encoding.updates.publish(encode.video_id, encode.revision, an_asset(10))
    media = encoding.video(encode).media
    assert media
    assert media.duration_seconds == 54.0


def test_what_has_failed_is_not_published(encoding: InMemoryEncoding) -> None:
    encode = encoding.planned()
    encoding.updates.fail(encode.video_id, encode.revision, failure(Reason.CORRUPT))
    with pytest.raises(EncodeOver):
        encoding.updates.publish(encode.video_id, encode.revision, an_asset())
    assert encoding.video(encode).media is None


def test_a_failure_says_why_and_is_not_overwritten_by_a_late_worker(
    encoding: InMemoryEncoding,
) -> None:
    encode = encoding.planned(segments=2)
    encoding.updates.fail(encode.video_id, encode.revision, failure(Reason.CORRUPT))
    late = EncodeSummary(encode.revision, EncodeStatus.PROCESSING, 50)
    with pytest.raises(EncodeOver):
        chunk(encoding, encode, 0)
    with pytest.raises(StaleEncode):
        encoding.videos.record_encode(encode.video_id, late)
    assert summary_of(encoding, encode).failure == failure(Reason.CORRUPT)
    with pytest.raises(EncodeOver):
        encoding.updates.fail(encode.video_id, encode.revision, failure(Reason.CANCELLED))


def test_the_same_chunk_twice_is_one_chunk(encoding: InMemoryEncoding) -> None:
    encode = encoding.planned(segments=4)
    once = chunk(encoding, encode, 1)
    assert chunk(encoding, encode, 1) == replace(once)
