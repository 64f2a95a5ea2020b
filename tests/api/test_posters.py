"""Own posters over HTTP: sent to a presigned URL, in every list instead of the made pictures."""

import json
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.cache import LOOK_EVERY
from chalicelib.catalogue.model import Video, VideoId
from chalicelib.catalogue.poster import PosterId
from chalicelib.encoding.failures import Reason
from chalicelib.encoding.messages import Task, TaskKind
from chalicelib.wiring import stage, stores
from tests.api.encoder import Encoder
from tests.browser import Browser
from tests.events.test_created_objects import deliver, lay, notice
from tests.fakes.clock import HandClock
from tests.queues import bodies, task_queues

NAMES = ("thumbnail", "poster", "hero")
SENT = {"filename": "Poster.jpg", "size": 7}
# Where each dialect has the thumbnail.
DIALECTS = {"/video/": "thumbnail_url", "/videos/": "thumb"}


@pytest.fixture
def app(encoder: Encoder, distribution: str) -> Any:  # noqa: ARG001
    task_queues(boto3.client("sqs"))
    import app

    return app


@pytest.fixture
def video(encoder: Encoder) -> Video:
    return encoder.video(keeps_pictures=True)


def send(app: Any, admin: Browser, video_id: VideoId) -> PosterId:
    """Request a URL, put a picture there, and deliver its event twice."""
    answer = admin.post(f"/video/{video_id}/poster/", SENT)
    assert answer.status == 200, answer.body
    assert answer.json["expires_in"] == 3600
    url = urlsplit(answer.json["url"])
    assert "X-Amz-Signature=" in url.query
    key = url.path.lstrip("/").removeprefix(f"{stage.settings().uploads_bucket}/")
    sent = object_keys.sent_poster_at(key)
    assert sent
    body = notice((key, lay(key, b"picture")))
    for _ in range(2):
        deliver(app, body)
    return sent[1]


def make(clock: HandClock, video_id: VideoId, poster: PosterId) -> None:
    """Do what the task does; `tests/media/test_posters.py` does it with FFmpeg."""
    for name in NAMES:
        key = f"media/{video_id}/posters/{poster}/pictures/{name}.jpg"
        stage.media().write(key, name, content_type="image/jpeg")
    updates = stores.poster_updates(stage.catalogue_table(), stage.media(), clock)
    assert updates.complete(video_id, poster)
    clock.advance(seconds=LOOK_EVERY.total_seconds())


def own_poster(admin: Browser, video_id: VideoId) -> Any:
    return admin.get(f"/studio/video/{video_id}/").json["own_poster"]


def public_keys(video_id: VideoId) -> list[str]:
    listed = boto3.client("s3").list_objects_v2(
        Bucket=stage.settings().media_bucket, Prefix=f"images/{video_id}/"
    )
    return [each["Key"] for each in listed.get("Contents", [])]


def test_a_poster_is_pending_and_then_in_every_list(
    app: Any, admin: Browser, signed_in: Browser, clock: HandClock, video: Video
) -> None:
    tags = {path: signed_in.get(path).headers["etag"] for path in DIALECTS}
    poster = send(app, admin, video.id)
    tasks = [Task.from_json(each) for each in bodies(stage.settings().work_queue_url)]
    assert {(task.kind, task.video_id, task.number) for task in tasks} == {
        (TaskKind.POSTER, video.id, poster)
    }
    clock.advance(seconds=LOOK_EVERY.total_seconds())
    # Viewers see nothing of it before it is made.
    assert {signed_in.get(path, if_none_match=tags[path]).status for path in DIALECTS} == {304}
    make(clock, video.id, poster)
    base = f"{stage.settings().media_url}/images/{video.id}/posters/{poster}"
    for path, field in DIALECTS.items():
        answer = signed_in.get(path, if_none_match=tags[path])
        assert answer.status == 200, path
        [listed] = answer.json if isinstance(answer.json, list) else answer.json["results"]
        assert listed[field] == f"{base}/thumbnail.jpg"
    own = signed_in.get(f"/video/{video.id}/").json
    assert {name: own[f"{name}_url"] for name in NAMES} == {
        name: f"{base}/{name}.jpg" for name in NAMES
    }
    assert len(public_keys(video.id)) == len(NAMES)


def test_the_studio_follows_a_poster_and_takes_it_back(
    app: Any, admin: Browser, signed_in: Browser, clock: HandClock, video: Video
) -> None:
    before = signed_in.get(f"/video/{video.id}/").json
    assert own_poster(admin, video.id) == {"state": "none", "is_used": False, "failure": None}
    poster = send(app, admin, video.id)
    assert own_poster(admin, video.id) == {"state": "pending", "is_used": False, "failure": None}
    make(clock, video.id, poster)
    assert own_poster(admin, video.id) == {"state": "ready", "is_used": True, "failure": None}
    for query, number in (("true", 1), ("false", 0)):
        assert admin.get(f"/studio/videos/?own_poster={query}").json["count"] == number
    for _ in range(2):
        assert admin.delete(f"/video/{video.id}/poster/").status == 200
    clock.advance(seconds=LOOK_EVERY.total_seconds())
    assert signed_in.get(f"/video/{video.id}/").json == before
    [note] = boto3.client("s3").list_objects_v2(
        Bucket=stage.settings().media_bucket, Prefix="withdrawals/"
    )["Contents"]
    deliver(app, notice((note["Key"], "e" * 32)))
    assert public_keys(video.id) == []


def test_a_draft_has_signed_pictures_of_its_poster(
    app: Any, admin: Browser, encoder: Encoder, clock: HandClock
) -> None:
    draft = encoder.video(is_published=False, keeps_pictures=True)
    poster = send(app, admin, draft.id)
    make(clock, draft.id, poster)
    url = urlsplit(admin.get(f"/studio/video/{draft.id}/").json["hero_url"])
    assert url.path == f"/media/{draft.id}/posters/{poster}/pictures/hero.jpg"
    assert "Signature=" in url.query
    assert public_keys(draft.id) == []


def test_a_video_without_media_has_its_poster_too(
    app: Any, admin: Browser, clock: HandClock
) -> None:
    number = VideoId(admin.post("/video/", {"title": "Metropolis"}).json["id"])
    assert admin.get("/studio/videos/?without=poster").json["count"] == 1
    make(clock, number, send(app, admin, number))
    [listed] = admin.get("/studio/videos/?own_poster=true").json["results"]
    assert "/posters/" in listed["poster_url"]
    assert admin.get("/studio/videos/?without=poster").json["count"] == 0


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (Reason.TOO_MANY_PIXELS.value, "Das Bild hat mehr"),
        (Reason.CORRUPT.value, "Die Datei"),
        ("a_later_reason", "Bei uns"),
    ],
)
def test_a_refusal_says_why_in_the_language_of_the_caller(
    app: Any, admin: Browser, clock: HandClock, video: Video, code: str, text: str
) -> None:
    before = admin.get(f"/studio/video/{video.id}/").json["hero_url"]
    poster = send(app, admin, video.id)
    stores.posters(stage.catalogue_table(), clock).refuse(video.id, poster, code)
    admin.language = "de"
    own = own_poster(admin, video.id)
    assert (own["state"], own["is_used"]) == ("refused", False)
    assert own["failure"]["text"].startswith(text)
    assert admin.get(f"/studio/video/{video.id}/").json["hero_url"] == before


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"filename": "poster.gif", "size": 7}, "filename"),
        ({"filename": "poster.png", "size": 0}, "size"),
        ({"filename": "poster.png", "size": 20 * 1024**2 + 1}, "size"),
        ({"size": 7}, "filename"),
    ],
)
def test_what_can_be_no_poster_is_refused_by_field(
    admin: Browser, video: Video, sent: Any, field: str
) -> None:
    answer = admin.post(f"/video/{video.id}/poster/", sent)
    assert (answer.status, list(json.loads(answer.body))) == (400, [field])


def test_only_administrators_send_posters_of_videos_that_there_are(
    admin: Browser, signed_in: Browser, video: Video
) -> None:
    path = f"/video/{video.id}/poster/"
    assert signed_in.post(path, SENT).status == signed_in.delete(path).status == 403
    assert "own_poster" not in signed_in.get(f"/video/{video.id}/").json
    assert admin.post("/video/7/poster/", SENT).status == 404
    assert admin.delete("/video/7/poster/").status == 404
    admin.post(f"/studio/video/{video.id}/trash/")
    assert "trash" in admin.post(path, SENT).json["detail"]
