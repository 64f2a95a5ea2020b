"""Own posters: a URL for one picture, its event, its pictures, and the way back."""

from dataclasses import replace

import pytest

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.model import NOTHING_YET, Card, Video, VideoId, VideoNotFound
from chalicelib.catalogue.poster import OwnPoster, PosterId
from chalicelib.catalogue.trash import VideoInTrash
from chalicelib.encoding.failures import Reason
from chalicelib.encoding.messages import Task, TaskKind
from chalicelib.encoding.sent_posters import LARGEST_POSTER_BYTES
from chalicelib.ingest.model import BadUpload
from tests.builders.encodes import InMemoryEncoding
from tests.builders.videos import a_published_video


@pytest.fixture
def video(encoding: InMemoryEncoding) -> Video:
    video = a_published_video(encoding.clock.now())
    encoding.videos.add(video)
    return video


def send(encoding: InMemoryEncoding, video: Video) -> PosterId:
    """Request a URL, and send a picture to it."""
    encoding.clock.advance(seconds=1)
    url = encoding.posters.upload_url(video.id, filename="My poster.PNG", size=7)
    key = url.removeprefix("https://s3.test/")
    encoding.lay(key, b"picture")
    sent = object_keys.sent_poster_at(key)
    assert sent
    assert sent[0] == video.id
    return sent[1]


def make(encoding: InMemoryEncoding, video: Video, poster: PosterId) -> bool:
    """Do what the task does once it has made the pictures."""
    folder = f"media/{video.id}/posters/{poster}/pictures/"
    encoding.media.write(f"{folder}thumbnail.jpg", "x")
    return encoding.poster_updates.complete(video.id, poster)


def own(encoding: InMemoryEncoding, video: Video) -> PosterId:
    """Give the video a poster of its own."""
    poster = send(encoding, video)
    assert encoding.posters.received(video.id, poster)
    assert make(encoding, video, poster)
    return poster


def stored(encoding: InMemoryEncoding, video: Video) -> OwnPoster:
    return encoding.videos.get(video.id).poster


def keys(encoding: InMemoryEncoding, video: Video, kind: str) -> list[str]:
    below = f"{kind}/{video.id}/posters/"
    return [key.removeprefix(below) for key in encoding.media.objects if key.startswith(below)]


def requested(encoding: InMemoryEncoding) -> list[Task]:
    return [Task.from_json(each.body) for each in encoding.tasks.messages]


def test_a_picture_that_arrives_is_made_and_public(
    encoding: InMemoryEncoding, video: Video
) -> None:
    poster = send(encoding, video)
    assert stored(encoding, video) == OwnPoster(), "a URL alone is no poster"
    assert encoding.posters.received(video.id, poster)
    assert requested(encoding) == [Task(TaskKind.POSTER, video.id, NOTHING_YET, number=poster)]
    assert encoding.poster_updates.is_pending(video.id, poster)
    assert make(encoding, video, poster)
    assert stored(encoding, video) == OwnPoster(poster, poster)
    assert keys(encoding, video, "images") == [f"{poster}/thumbnail.jpg"]


def test_an_event_that_comes_again_requests_nothing_new_once_it_is_made(
    encoding: InMemoryEncoding, video: Video
) -> None:
    poster = send(encoding, video)
    for _ in range(2):
        assert encoding.posters.received(video.id, poster)
    assert len(requested(encoding)) == 2, "the first request may have been lost"
    make(encoding, video, poster)
    assert encoding.posters.received(video.id, poster)
    assert len(requested(encoding)) == 2
    assert not make(encoding, video, poster)


def test_of_two_pictures_the_one_requested_last_wins_in_whatever_order_they_come(
    encoding: InMemoryEncoding, video: Video
) -> None:
    first, second = send(encoding, video), send(encoding, video)
    assert first < second
    assert encoding.posters.received(video.id, second)
    assert not encoding.posters.received(video.id, first)
    assert encoding.bucket.find(object_keys.sent_poster(video.id, first)) is None
    assert encoding.bucket.find(object_keys.sent_poster(video.id, second))
    assert not make(encoding, video, first)
    assert make(encoding, video, second)
    assert stored(encoding, video).current == second


def test_a_later_request_has_a_later_id_even_by_a_clock_that_goes_back(
    encoding: InMemoryEncoding, video: Video
) -> None:
    first = own(encoding, video)
    encoding.clock.advance(seconds=-3600)
    assert send(encoding, video) > first


def test_a_removed_poster_stays_removed_whatever_comes_late(
    encoding: InMemoryEncoding, video: Video
) -> None:
    first, late = own(encoding, video), send(encoding, video)
    encoding.clock.advance(seconds=1)
    for _ in range(2):
        assert encoding.posters.remove(video.id).poster.current == 0
    assert not encoding.posters.received(video.id, late)
    assert not make(encoding, video, late)
    encoding.process()
    assert keys(encoding, video, "images") == keys(encoding, video, "media") == []
    assert f"/images/{video.id}/*" in encoding.edge.forgotten
    assert stored(encoding, video).newest > late > first


def test_a_video_without_an_own_poster_is_not_written(
    encoding: InMemoryEncoding, video: Video
) -> None:
    encoding.clock.advance(seconds=60)
    assert encoding.posters.remove(video.id) == video


def test_a_draft_shows_its_poster_once_viewers_may_see_it(encoding: InMemoryEncoding) -> None:
    draft = encoding.draft()
    poster = own(encoding, draft)
    assert keys(encoding, draft, "images") == []
    encoding.curation.change(draft.id, lambda card: card, is_published=True)
    assert keys(encoding, draft, "images") == [f"{poster}/thumbnail.jpg"]
    encoding.curation.change(draft.id, lambda card: card, is_published=False)
    encoding.process()
    assert keys(encoding, draft, "images") == []
    assert keys(encoding, draft, "media") == [f"{poster}/pictures/thumbnail.jpg"]


def test_a_video_that_is_published_while_its_poster_is_made_shows_it(
    encoding: InMemoryEncoding, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = encoding.draft()
    poster = send(encoding, draft)
    encoding.posters.received(draft.id, poster)
    complete = encoding.posters_kept.complete

    def late(video_id: VideoId, number: PosterId) -> Video:
        encoding.curation.change(video_id, lambda card: card, is_published=True)
        return complete(video_id, number)

    monkeypatch.setattr(encoding.posters_kept, "complete", late)
    assert make(encoding, draft, poster)
    assert keys(encoding, draft, "images") == [f"{poster}/thumbnail.jpg"]


def test_a_poster_goes_with_its_video(encoding: InMemoryEncoding, video: Video) -> None:
    own(encoding, video)
    encoding.curation.remove(video.id)
    encoding.process()
    assert keys(encoding, video, "images") == keys(encoding, video, "media") == []
    assert not encoding.bucket.objects
    with pytest.raises(VideoNotFound):
        encoding.posters.remove(video.id)


def test_a_poster_survives_another_source(encoding: InMemoryEncoding, video: Video) -> None:
    poster = own(encoding, video)
    encode = encoding.videos.begin_encode(video.id)
    encoding.clock.advance(days=2)
    encoding.clean_up.run()
    assert encode
    assert stored(encoding, video).current == poster
    assert keys(encoding, video, "images") == [f"{poster}/thumbnail.jpg"]


def test_a_replaced_poster_is_kept_for_open_pages_and_cleared_a_day_later(
    encoding: InMemoryEncoding, video: Video
) -> None:
    first, second = own(encoding, video), own(encoding, video)
    encoding.clock.advance(hours=23)
    encoding.clean_up.run()
    names = [f"{poster}/thumbnail.jpg" for poster in (first, second)]
    assert sorted(keys(encoding, video, "images")) == names
    encoding.clock.advance(hours=2)
    encoding.clean_up.run()
    assert keys(encoding, video, "images") == names[1:]
    assert keys(encoding, video, "media") == [f"{second}/pictures/thumbnail.jpg"]


def test_a_request_that_was_lost_is_repeated(encoding: InMemoryEncoding, video: Video) -> None:
    poster = send(encoding, video)
    encoding.posters.received(video.id, poster)
    encoding.tasks.messages.clear()
    assert encoding.posters.request_missing() == 1
    [task] = requested(encoding)
    assert task.number == poster
    encoding.poster_updates.refuse(video.id, poster, Reason.CORRUPT)
    encoding.clock.advance(seconds=5)
    assert encoding.posters.request_missing() == 0
    assert stored(encoding, video) == OwnPoster(newest=poster, refusal="corrupt")


@pytest.mark.parametrize(
    ("filename", "size", "field"),
    [
        ("poster.gif", 7, "filename"),
        ("poster", 7, "filename"),
        ("poster.png.exe", 7, "filename"),
        ("poster.png", 0, "size"),
        ("poster.png", LARGEST_POSTER_BYTES + 1, "size"),
    ],
)
def test_what_can_be_no_poster_gets_no_url(
    encoding: InMemoryEncoding, video: Video, filename: str, size: int, field: str
) -> None:
    with pytest.raises(BadUpload) as refused:
        encoding.posters.upload_url(video.id, filename=filename, size=size)
    assert list(refused.value.fields) == [field]


def test_the_trash_takes_no_new_poster_but_what_is_under_way_goes_on(
    encoding: InMemoryEncoding, video: Video
) -> None:
    poster = send(encoding, video)
    encoding.videos.trash(video.id, encoding.clock.now())
    with pytest.raises(VideoInTrash):
        send(encoding, video)
    with pytest.raises(VideoInTrash):
        encoding.posters.remove(video.id)
    assert encoding.posters.received(video.id, poster)
    assert make(encoding, video, poster)
    assert keys(encoding, video, "images") == []
    assert stored(encoding, video).current == poster


def test_a_draft_that_awaits_an_upload_is_kept_for_its_poster(encoding: InMemoryEncoding) -> None:
    draft = encoding.curation.add(Card("Metropolis"), awaits_upload="f" * 32)
    send(encoding, draft)
    assert encoding.videos.get(draft.id) == replace(
        draft, awaits_upload="", changed_at=encoding.clock.now()
    )


@pytest.mark.parametrize(
    "key",
    [
        "uploads/7/posters/",
        "uploads/7/posters/1.png",
        "uploads/0/posters/1",
        "uploads/7/posters/9007199254740992",
        "uploads/7/posters/\N{ARABIC-INDIC DIGIT ONE}",
        "inbox/uploads/7/posters/1",
    ],
)
def test_other_keys_are_of_no_poster(key: str) -> None:
    assert object_keys.sent_poster_at(key) is None
