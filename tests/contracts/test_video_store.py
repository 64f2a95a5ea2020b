"""One contract, every store of videos: a fake that drifts from DynamoDB fails here."""

import os
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import boto3
import pytest
from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition

from chalicelib.adapters.dynamodb import video_store
from chalicelib.adapters.dynamodb.unchanged_videos import is_as
from chalicelib.adapters.dynamodb.video_items import META, video_key
from chalicelib.adapters.dynamodb.video_store import DynamoVideoStore
from chalicelib.catalogue.damage import Decodable
from chalicelib.catalogue.model import (
    BulkChangeId,
    Card,
    CompleteMedia,
    EncodeStatus,
    EncodeSummary,
    Failure,
    NewerSource,
    Revision,
    StaleEncode,
    StaleVideo,
    Translation,
    Video,
    VideoId,
    VideoNotFound,
    VideoTaken,
)
from chalicelib.catalogue.ports import VideoStore
from chalicelib.catalogue.poster import OwnPoster, PosterId
from chalicelib.language import Language
from tests.builders.videos import a_video, complete_media
from tests.fakes.clock import HandClock
from tests.fakes.video_store import InMemoryVideoStore

pytestmark = pytest.mark.contract(of=VideoStore)

FIRST, SECOND = Revision(1), Revision(2)
BULK, NEXT_BULK = BulkChangeId(8), BulkChangeId(9)
UPLOAD, OTHER = "0123456789abcdef" * 2, "f" * 32
CARD = Card(
    title="Metropolis \N{SNOWMAN} 'n' \"quotes\" <b>",
    description="A city\nof the future",
    category="Science Fiction",
    is_trailer=True,
    director="Fritz Lang",
    cast=("Brigitte Helm", "Gustav Fr\N{LATIN SMALL LETTER O WITH DIAERESIS}hlich"),
    tags=("silent", "city"),
    original_language="de",
    genre="Drama",
    release="1927",
    license_type="CC0",
    license_url="https://creativecommons.org/publicdomain/zero/1.0/",
    age_rating=12,
    publish_at=datetime(2026, 1, 2, 3, 4, 5, 678000, UTC),
    rights_until=datetime(2026, 1, 2, 3, 4, 5, 678000, UTC) + timedelta(days=30),
    trailer=VideoId(11),
    translations={Language.GERMAN: Translation("Metropolis", "Eine Stadt")},
)


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest, clock: HandClock) -> VideoStore:
    if request.param == "memory":
        return InMemoryVideoStore(clock)
    return DynamoVideoStore(request.getfixturevalue("catalogue"), clock)


def added(store: VideoStore, clock: HandClock, **changes: Any) -> Video:
    video = a_video(clock.now(), **changes)
    store.add(video)
    return video


def full(clock: HandClock) -> Video:
    return Video(
        id=VideoId(2**53 - 1),
        card=CARD,
        created_at=clock.now() - timedelta(days=400, milliseconds=1),
        changed_at=clock.now(),
        is_published=True,
        encode=EncodeSummary(
            SECOND,
            EncodeStatus.FAILED,
            42,
            is_playable=True,
            failure=Failure("no_frames", "There is no picture in it."),
            decodable=Decodable(0.8125, 0.25),
            was_refused=True,
            accepted=Decodable(0.75, 0.5),
            sent_at=clock.now() - timedelta(hours=1),
            source_size=2**50 + 1,
        ),
        media=CompleteMedia(
            FIRST,
            5400.125,
            (2160, 720, 240),
            "metropolis",
            keeps_pictures=True,
            decodable=Decodable(0.625, 0.25),
            is_damage_accepted=True,
            mp4_only_heights=(120,),
            since=clock.now() - timedelta(minutes=1),
        ),
        awaits_upload=UPLOAD,
        trashed_at=clock.now() - timedelta(days=3),
        bulk_change=BULK,
        poster=OwnPoster(PosterId(1), PosterId(2), is_pending=True, refusal="corrupt"),
    )


def processing(percent: int = 5, revision: Revision = FIRST) -> EncodeSummary:
    return EncodeSummary(revision, EncodeStatus.PROCESSING, percent)


def failed(revision: Revision = FIRST) -> EncodeSummary:
    return EncodeSummary(revision, EncodeStatus.FAILED, failure=Failure("corrupt", "Broken."))


def test_every_field_comes_back_as_it_was_written(store: VideoStore, clock: HandClock) -> None:
    store.add(full(clock))
    assert store.get(full(clock).id) == full(clock)


def test_the_sample_leaves_no_field_at_its_default(clock: HandClock) -> None:
    video = full(clock)
    assert video.media is not None
    for part in (video, video.card, video.encode, video.media, video.poster):
        same = [each.name for each in fields(part) if getattr(part, each.name) == each.default]
        assert same == []


def test_a_draft_comes_back_with_all_that_is_empty(store: VideoStore, clock: HandClock) -> None:
    draft = added(store, clock, card=Card("Metropolis"))
    assert store.get(draft.id) == draft


def test_a_bulk_change_writes_a_video_once(store: VideoStore, clock: HandClock) -> None:
    video = added(store, clock)
    written = store.write(video.id, Card("a"), is_published=None, bulk_change=BULK)
    assert written.bulk_change == BULK
    store.write(video.id, Card("b"), is_published=None)
    with pytest.raises(VideoNotFound):
        store.write(video.id, Card("c"), is_published=None, bulk_change=BULK)
    kept = store.get(video.id)
    assert (kept.card.title, kept.bulk_change) == ("b", BULK)
    store.write(video.id, Card("d"), is_published=None, bulk_change=NEXT_BULK)
    assert store.get(video.id).bulk_change == NEXT_BULK


def test_an_id_is_taken_once(store: VideoStore, clock: HandClock) -> None:
    first = added(store, clock)
    with pytest.raises(VideoTaken):
        store.add(replace(first, card=CARD))
    assert store.get(first.id) == first


def test_a_video_that_does_not_exist_is_an_error(store: VideoStore) -> None:
    with pytest.raises(VideoNotFound):
        store.get(VideoId(404))
    with pytest.raises(VideoNotFound):
        store.write(VideoId(404), CARD, is_published=True)
    with pytest.raises(VideoNotFound):
        store.begin_encode(VideoId(404))
    with pytest.raises(VideoNotFound):
        store.remove(VideoId(404))
    with pytest.raises(VideoNotFound):
        store.get(VideoId(404))


def test_people_write_the_card_and_leave_the_encode_alone(
    store: VideoStore, clock: HandClock
) -> None:
    video = full(clock)
    store.add(video)
    clock.advance(seconds=1)
    written = store.write(video.id, Card("Other"), is_published=False)
    assert written == store.get(video.id)
    assert written == replace(
        video,
        card=Card("Other"),
        is_published=False,
        changed_at=clock.now(),
        awaits_upload="",
    )


def test_two_people_who_write_at_once_keep_what_the_other_wrote(
    store: VideoStore, clock: HandClock
) -> None:
    video = added(store, clock, card=CARD, is_published=True)
    store.write(video.id, replace(CARD, title="A"), is_published=False, instead_of=CARD)
    after = store.write(video.id, replace(CARD, genre="B"), is_published=None, instead_of=CARD)
    assert after.card == replace(CARD, title="A", genre="B")
    assert not after.is_published
    assert store.get(video.id) == after


def test_what_was_in_the_trash_comes_back_as_it_was(store: VideoStore, clock: HandClock) -> None:
    video = replace(full(clock), trashed_at=None)
    store.add(video)
    since = clock.now()
    clock.advance(seconds=1)
    trashed = store.trash(video.id, since)
    assert trashed == store.get(video.id)
    assert trashed == replace(video, trashed_at=since, changed_at=clock.now())
    clock.advance(seconds=1)
    for _ in range(2):
        assert store.restore(video.id) == replace(video, changed_at=clock.now())
    assert store.get(video.id) == replace(video, changed_at=clock.now())


def test_what_is_put_in_the_trash_again_counts_from_the_first_time(
    store: VideoStore, clock: HandClock
) -> None:
    video = added(store, clock)
    first, second = clock.now(), clock.now() + timedelta(days=1)
    assert store.trash(video.id, first).trashed_at == first
    assert store.trash(video.id, second).trashed_at == first
    store.restore(video.id)
    assert store.trash(video.id, second).trashed_at == second


def test_a_bulk_change_puts_in_the_trash_and_restores_once(
    store: VideoStore, clock: HandClock
) -> None:
    video = added(store, clock)
    assert store.trash(video.id, clock.now(), bulk_change=BULK).bulk_change == BULK
    store.restore(video.id)
    with pytest.raises(StaleVideo):
        store.trash(video.id, clock.now(), bulk_change=BULK)
    with pytest.raises(StaleVideo):
        store.restore(video.id, bulk_change=BULK)
    assert not store.get(video.id).is_in_trash
    store.trash(video.id, clock.now())
    restored = store.restore(video.id, bulk_change=NEXT_BULK)
    assert (restored.trashed_at, restored.bulk_change) == (None, NEXT_BULK)
    store.remove(video.id)
    with pytest.raises(VideoNotFound):
        store.trash(video.id, clock.now(), bulk_change=BULK)
    with pytest.raises(VideoNotFound):
        store.restore(video.id, bulk_change=BULK)


def test_a_purge_is_of_the_time_that_it_read(store: VideoStore, clock: HandClock) -> None:
    video = added(store, clock)
    first, second = clock.now(), clock.now() + timedelta(milliseconds=1)
    with pytest.raises(VideoNotFound):
        store.purge(video.id, first)
    store.trash(video.id, first)
    store.restore(video.id)
    store.trash(video.id, second)
    with pytest.raises(VideoNotFound):
        store.purge(video.id, first)
    assert store.get(video.id).trashed_at == second
    store.purge(video.id, second)
    for act in (store.restore, store.get, lambda it: store.trash(it, second)):
        with pytest.raises(VideoNotFound):
            act(video.id)
    with pytest.raises(VideoNotFound):
        store.purge(video.id, second)


def test_what_is_in_the_trash_is_encoded_on(store: VideoStore, clock: HandClock) -> None:
    video = added(store, clock)
    store.begin_encode(video.id)
    store.trash(video.id, clock.now())
    store.record_encode(video.id, processing(35))
    store.complete(video.id, complete_media(FIRST))
    restored = store.restore(video.id)
    assert (restored.media, restored.trashed_at) == (complete_media(FIRST), None)


def test_a_card_is_written_only_if_the_known_one_is_stored(
    store: VideoStore, clock: HandClock
) -> None:
    known = full(clock)
    store.add(known)
    written = store.write(known.id, Card("Alien"), is_published=False, only_if=known)
    assert (written.card, written.is_published) == (Card("Alien"), False)
    for each in (known, replace(written, is_published=True)):
        with pytest.raises(StaleVideo):
            store.write(known.id, CARD, is_published=None, only_if=each)
        with pytest.raises(StaleVideo):
            store.remove(known.id, only_if=each)
    assert store.get(known.id) == written
    store.remove(known.id, only_if=written)
    with pytest.raises(VideoNotFound):
        store.write(known.id, CARD, is_published=None, only_if=written)
    with pytest.raises(VideoNotFound):
        store.remove(known.id, only_if=written)


def test_an_encode_that_goes_on_refuses_no_write(store: VideoStore, clock: HandClock) -> None:
    known = added(store, clock)
    store.begin_encode(known.id)
    store.record_encode(known.id, processing())
    assert store.write(known.id, CARD, is_published=None, only_if=known).encode == processing()


@pytest.fixture
def dynamo(catalogue: Connection, clock: HandClock) -> DynamoVideoStore:
    return DynamoVideoStore(catalogue, clock)


@pytest.mark.parametrize("is_removal", [False, True])
def test_what_is_written_between_the_look_and_the_write_is_not_overwritten(
    dynamo: DynamoVideoStore,
    clock: HandClock,
    monkeypatch: pytest.MonkeyPatch,
    is_removal: bool,
) -> None:
    known, rival = added(dynamo, clock), Card("Alien")

    def is_as_and_rival(connection: Connection, video: Video) -> Condition:
        condition = is_as(connection, video)
        dynamo.write(known.id, rival, is_published=None)
        return condition

    monkeypatch.setattr(video_store, "is_as", is_as_and_rival)
    change = dynamo.remove if is_removal else partial(dynamo.write, card=CARD, is_published=None)
    with pytest.raises(StaleVideo):
        change(known.id, only_if=known)
    assert dynamo.get(known.id).card == rival


def test_what_another_version_wrote_otherwise_is_the_known_card(
    dynamo: DynamoVideoStore, clock: HandClock
) -> None:
    known = full(clock)
    dynamo.add(known)
    item = {"pk": {"S": video_key(known.id)}, "sk": {"S": META}}
    # Empty instead of missing, other spaces in JSON, and a language that is not known here.
    boto3.client("dynamodb").update_item(
        TableName=os.environ["CATALOGUE_TABLE"],
        Key=item,
        UpdateExpression="SET tags = :t, translations = :j REMOVE genre",
        ExpressionAttributeValues={":t": {"S": "[ ]"}, ":j": {"S": '{"xx":   {}}'}},
    )
    read = dynamo.get(known.id)
    written = dynamo.write(known.id, Card("Alien"), is_published=None, only_if=read)
    assert written.card == Card("Alien")


def test_the_pipeline_writes_the_encode_and_leaves_the_card_alone(
    store: VideoStore, clock: HandClock
) -> None:
    video = added(store, clock, card=CARD, is_published=True)
    store.begin_encode(video.id)
    clock.advance(seconds=1)
    store.record_encode(video.id, processing(35))
    expected = replace(video, encode=processing(35), changed_at=clock.now())
    assert store.get(video.id) == expected


def test_revisions_count_up_and_start_pending(store: VideoStore, clock: HandClock) -> None:
    video = added(store, clock)
    assert store.begin_encode(video.id) == FIRST
    store.record_encode(video.id, failed())
    assert store.begin_encode(video.id) == SECOND
    assert store.get(video.id).encode == EncodeSummary(SECOND)


def test_the_size_of_the_newest_source_stays_through_its_encode(
    store: VideoStore, clock: HandClock
) -> None:
    video = added(store, clock)
    store.begin_encode(video.id, source_size=2**50 + 1)
    store.record_encode(video.id, processing())
    assert store.get(video.id).encode == replace(processing(), source_size=2**50 + 1)
    store.complete(video.id, complete_media(FIRST))
    assert store.get(video.id).encode.source_size == 2**50 + 1
    store.begin_encode(video.id)
    assert store.get(video.id).encode.source_size is None


def test_the_source_whose_upload_began_later_wins_whenever_it_arrives(
    store: VideoStore, clock: HandClock
) -> None:
    video, noon = added(store, clock), clock.now()
    assert store.begin_encode(video.id, sent_at=noon) == FIRST
    store.record_encode(video.id, processing())
    with pytest.raises(NewerSource):
        store.begin_encode(video.id, sent_at=noon - timedelta(milliseconds=1))
    assert store.get(video.id).encode == replace(processing(), sent_at=noon)
    # Another attempt of the same handler, or a later upload.
    assert store.begin_encode(video.id, sent_at=noon) == SECOND
    later = noon + timedelta(milliseconds=1)
    assert store.begin_encode(video.id, sent_at=later) == Revision(3)
    store.complete(video.id, complete_media(Revision(3)))
    assert store.get(video.id).encode.sent_at == later
    store.remove(video.id)
    with pytest.raises(VideoNotFound):
        store.begin_encode(video.id, sent_at=later)


def test_a_failure_is_kept_until_another_attempt(store: VideoStore, clock: HandClock) -> None:
    video = added(store, clock)
    store.begin_encode(video.id)
    store.record_encode(video.id, failed())
    assert store.get(video.id).encode == failed()
    store.record_encode(video.id, EncodeSummary(FIRST))
    assert store.get(video.id).encode == EncodeSummary(FIRST)
    store.record_encode(video.id, processing())
    assert store.get(video.id).encode == processing()


def test_a_late_worker_does_not_bring_a_failed_encode_back(
    store: VideoStore, clock: HandClock
) -> None:
    video = added(store, clock)
    store.begin_encode(video.id)
    store.record_encode(video.id, failed())
    with pytest.raises(StaleEncode):
        store.record_encode(video.id, processing(50))
    assert store.get(video.id).encode == failed()


def test_an_encode_summary_with_less_progress_changes_nothing(
    store: VideoStore, clock: HandClock
) -> None:
    video = added(store, clock)
    store.begin_encode(video.id)
    further = replace(processing(40), is_playable=True)
    store.record_encode(video.id, further)
    store.record_encode(video.id, processing(35))
    assert store.get(video.id).encode == further
    store.record_encode(video.id, replace(further, percent=45))
    assert store.get(video.id).encode.percent == 45


def test_an_earlier_revision_is_stale(store: VideoStore, clock: HandClock) -> None:
    video = added(store, clock)
    store.begin_encode(video.id)
    store.begin_encode(video.id)
    with pytest.raises(StaleEncode):
        store.record_encode(video.id, processing())
    with pytest.raises(StaleEncode):
        store.complete(video.id, complete_media())
    assert store.get(video.id).encode == EncodeSummary(SECOND)


def test_how_much_could_be_decoded_is_kept_until_another_attempt(
    store: VideoStore, clock: HandClock
) -> None:
    video = added(store, clock)
    store.begin_encode(video.id)
    refused = replace(failed(), decodable=Decodable(0.8125, 0.25), was_refused=True)
    under_way = replace(processing(97), decodable=Decodable(0.8125, 0.25), was_refused=True)
    store.record_encode(video.id, under_way)
    assert store.get(video.id).refused_revision is None
    store.record_encode(video.id, refused)
    assert store.get(video.id).encode == refused
    assert store.get(video.id).refused_revision == FIRST
    for again in (EncodeSummary(FIRST, was_refused=True), EncodeSummary(FIRST)):
        store.record_encode(video.id, again)
        assert store.get(video.id).encode == again


def test_damage_of_complete_media_stays_during_the_next_encode(
    store: VideoStore, clock: HandClock
) -> None:
    video = added(store, clock)
    store.begin_encode(video.id)
    damaged = complete_media(decodable=Decodable(0.625, 0.25), is_damage_accepted=True)
    store.complete(video.id, damaged)
    store.begin_encode(video.id)
    assert store.get(video.id).media == damaged


def test_a_video_with_complete_media_is_completed(store: VideoStore, clock: HandClock) -> None:
    video = added(store, clock)
    store.begin_encode(video.id)
    clock.advance(seconds=1)
    store.complete(video.id, complete_media(mp4_name="metropolis"))
    done = EncodeSummary(FIRST, EncodeStatus.COMPLETED, 100, is_playable=True)
    expected = replace(
        video, encode=done, media=complete_media(mp4_name="metropolis"), changed_at=clock.now()
    )
    assert store.get(video.id) == expected


def test_of_two_who_show_a_revision_one_wins(store: VideoStore, clock: HandClock) -> None:
    video = added(store, clock)
    store.begin_encode(video.id)
    store.complete(video.id, complete_media())
    with pytest.raises(StaleEncode):
        store.complete(video.id, complete_media(duration_seconds=1))
    assert store.get(video.id).media == complete_media()


def test_a_late_summary_changes_no_complete_media(store: VideoStore, clock: HandClock) -> None:
    video = added(store, clock)
    store.begin_encode(video.id)
    store.complete(video.id, complete_media())
    for late in (processing(99), failed(), EncodeSummary(FIRST)):
        with pytest.raises(StaleEncode):
            store.record_encode(video.id, late)
    assert store.get(video.id).encode.status is EncodeStatus.COMPLETED


def test_complete_media_stay_until_the_next_revision_replaces_them(
    store: VideoStore, clock: HandClock
) -> None:
    video = added(store, clock)
    store.begin_encode(video.id)
    store.complete(video.id, complete_media())
    store.begin_encode(video.id)
    store.record_encode(video.id, failed(SECOND))
    assert store.get(video.id).media == complete_media()
    store.complete(video.id, complete_media(SECOND, heights=(1080,)))
    assert store.get(video.id).media == complete_media(SECOND, heights=(1080,))


def test_a_removed_video_is_gone(store: VideoStore, clock: HandClock) -> None:
    video = added(store, clock)
    store.begin_encode(video.id)
    store.remove(video.id)
    for refused in (store.get, store.remove, store.begin_encode):
        with pytest.raises(VideoNotFound):
            refused(video.id)
    with pytest.raises(VideoNotFound):
        store.write(video.id, CARD, is_published=True)
    with pytest.raises(StaleEncode):
        store.record_encode(video.id, processing())
    with pytest.raises(StaleEncode):
        store.complete(video.id, complete_media())


def test_the_id_of_a_removed_video_stays_taken(store: VideoStore, clock: HandClock) -> None:
    video = added(store, clock)
    store.remove(video.id)
    with pytest.raises(VideoTaken):
        store.add(video)


def a_draft(store: VideoStore, clock: HandClock) -> Video:
    video = a_video(clock.now(), awaits_upload=UPLOAD)
    store.add(video)
    assert store.get(video.id).awaits_upload == UPLOAD
    return video


def test_a_draft_that_was_abandoned_goes_with_its_upload(
    store: VideoStore, clock: HandClock
) -> None:
    video = a_draft(store, clock)
    with pytest.raises(VideoNotFound):
        store.remove_abandoned(video.id, OTHER)
    assert store.get(video.id).id == video.id
    store.remove_abandoned(video.id, UPLOAD)
    with pytest.raises(VideoNotFound):
        store.get(video.id)
    with pytest.raises(VideoNotFound):
        store.remove_abandoned(video.id, UPLOAD)


DONE_WITH_IT: dict[str, Callable[[VideoStore, Video], object]] = {
    "written": lambda store, video: store.write(video.id, video.card, is_published=None),
    "published": lambda store, video: store.write(video.id, video.card, is_published=True),
    "uploaded": lambda store, video: store.begin_encode(video.id),
    "kept": lambda store, video: store.keep(video.id),
}


@pytest.mark.parametrize("name", DONE_WITH_IT)
def test_a_draft_that_anything_was_done_with_stays(
    store: VideoStore, clock: HandClock, name: str
) -> None:
    video = a_draft(store, clock)
    DONE_WITH_IT[name](store, video)
    with pytest.raises(VideoNotFound):
        store.remove_abandoned(video.id, UPLOAD)
    assert store.get(video.id).awaits_upload == ""


def test_a_video_without_an_upload_is_never_abandoned(store: VideoStore, clock: HandClock) -> None:
    video = a_video(clock.now())
    store.add(video)
    for upload_id in (UPLOAD, ""):
        with pytest.raises(VideoNotFound):
            store.remove_abandoned(video.id, upload_id)
    assert store.get(video.id).id == video.id
    with pytest.raises(VideoNotFound):
        store.keep(VideoId(404))


def test_pictures_are_kept_of_the_complete_revision(store: VideoStore, clock: HandClock) -> None:
    video = a_video(clock.now())
    store.add(video)
    revision = store.begin_encode(video.id)
    store.complete(video.id, CompleteMedia(revision, 20, (720,)))
    store.keep_pictures(video.id, Revision(revision + 1))
    assert store.get(video.id).media == CompleteMedia(revision, 20, (720,))
    store.keep_pictures(video.id, revision)
    assert store.get(video.id).media == CompleteMedia(revision, 20, (720,), keeps_pictures=True)
    store.keep_pictures(VideoId(404), revision)
