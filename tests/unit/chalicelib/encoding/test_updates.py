"""What workers tell, and what of it everybody hears."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.catalogue.model import EncodeStatus, EncodeSummary, StaleEncode
from chalicelib.encoding.failures import Reason, failure
from chalicelib.encoding.model import Encode, EncodeOver, Step
from tests.builders.assets import an_asset
from tests.builders.encodes import Workplace


def chunk(place: Workplace, encode: Encode, *numbers: int) -> Encode:
    for number in numbers:
        place.updates.chunk_done(encode.video_id, encode.revision, number)
    return place.now(encode)


def sound(place: Workplace, encode: Encode, segments: int, track: int = 0) -> None:
    place.updates.audio_grown(encode.video_id, encode.revision, track, segments)


def summary_of(place: Workplace, encode: Encode) -> EncodeSummary:
    return place.video(encode).encode


def test_the_video_is_processing_as_soon_as_its_plan_begins(place: Workplace) -> None:
    encode = place.begun()
    place.updates.planning(encode.video_id, encode.revision)
    assert summary_of(place, encode).status is EncodeStatus.PROCESSING


def test_the_video_is_written_at_every_twentieth_and_not_at_every_chunk(place: Workplace) -> None:
    encode = place.planned(segments=200)
    heard = []
    for number in range(200):
        before = place.video(encode).changed_at
        place.clock.advance(seconds=1)
        chunk(place, encode, number)
        if place.video(encode).changed_at != before:
            heard.append(summary_of(place, encode).percent)
    assert heard == list(range(5, 95, 5))


@pytest.mark.parametrize("sound_first", [True, False])
def test_it_can_be_watched_when_the_first_picture_and_all_sound_is_there(
    place: Workplace, *, sound_first: bool
) -> None:
    encode = place.planned(segments=100, tracks=2)
    steps: list[Callable[[], object]] = [
        lambda: sound(place, encode, 3),
        lambda: sound(place, encode, 2, track=1),
        lambda: chunk(place, encode, 0),
    ]
    for step in steps if sound_first else steps[::-1]:
        assert not summary_of(place, encode).is_playable
        step()
    assert summary_of(place, encode).is_playable


def test_a_video_without_sound_waits_for_none(place: Workplace) -> None:
    encode = place.planned(segments=100, tracks=0)
    chunk(place, encode, 0)
    assert summary_of(place, encode).is_playable


def test_a_late_worker_gets_the_answer_that_it_is_over(place: Workplace) -> None:
    encode = place.planned()
    place.curation.remove(encode.video_id)
    with pytest.raises(EncodeOver):
        chunk(place, encode, 0)


def test_a_worker_of_an_older_revision_is_stopped_at_the_next_step(place: Workplace) -> None:
    encode = place.planned(segments=2)
    place.videos.begin_encode(encode.video_id)
    with pytest.raises(EncodeOver):
        chunk(place, encode, 0)


def test_complete_media_have_the_measures_of_the_proof(place: Workplace) -> None:
    encode = place.planned(segments=10)
    assert place.updates.publish(encode.video_id, encode.revision, an_asset(), mp4_name="m")
    media = place.video(encode).media
    assert media
    assert (media.revision, media.duration_seconds, media.mp4_name) == (1, 60.0, "m")
    assert media.heights == (720, 360)
    assert summary_of(place, encode).status is EncodeStatus.COMPLETED
    assert place.now(encode).step is Step.DONE


def test_of_two_that_publish_one_wins(place: Workplace) -> None:
    encode = place.planned()
    wins = [
        place.updates.publish(encode.video_id, encode.revision, asset)
        for asset in (an_asset(9), an_asset(10))
    ]
    assert wins == [True, False]
    assert place.now(encode).asset == an_asset(9)


def test_who_died_before_showing_it_is_followed_by_another(place: Workplace) -> None:
    encode = place.planned()
    place.encodes.finish(encode.video_id, encode.revision, an_asset(9))
    assert place.updates.publish(encode.video_id, encode.revision, an_asset(10))
    media = place.video(encode).media
    assert media
    assert media.duration_seconds == 54.0


def test_what_has_failed_is_not_published(place: Workplace) -> None:
    encode = place.planned()
    place.updates.fail(encode.video_id, encode.revision, failure(Reason.CORRUPT))
    with pytest.raises(EncodeOver):
        place.updates.publish(encode.video_id, encode.revision, an_asset())
    assert place.video(encode).media is None


def test_a_failure_says_why_and_is_not_overwritten_by_a_late_worker(place: Workplace) -> None:
    encode = place.planned(segments=2)
    place.updates.fail(encode.video_id, encode.revision, failure(Reason.CORRUPT))
    late = EncodeSummary(encode.revision, EncodeStatus.PROCESSING, 50)
    with pytest.raises(EncodeOver):
        chunk(place, encode, 0)
    with pytest.raises(StaleEncode):
        place.videos.record_encode(encode.video_id, late)
    assert summary_of(place, encode).failure == failure(Reason.CORRUPT)
    with pytest.raises(EncodeOver):
        place.updates.fail(encode.video_id, encode.revision, failure(Reason.CANCELLED))


def test_the_same_chunk_twice_is_one_chunk(place: Workplace) -> None:
    encode = place.planned(segments=4)
    once = chunk(place, encode, 1)
    assert chunk(place, encode, 1) == replace(once)
