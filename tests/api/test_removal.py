"""MediaRemoval: at once for viewers, and later at the edge and in the bucket."""

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.catalogue.model import Video
from chalicelib.wiring import catalogue, encoding, stage
from tests.api.encoder import Encoder
from tests.api.test_calls import calls  # noqa: F401 - a fixture
from tests.browser import Browser
from tests.builders.assets import asset
from tests.events.test_created_objects import deliver, executions, notice

NAMES = ("thumbnail", "poster", "hero")


@pytest.fixture
def app(state_machine: str, distribution: str) -> Any:  # noqa: ARG001
    import app

    return app


@pytest.fixture
def video(encoder: Encoder) -> Video:
    """A published video with media and pictures, as the pipeline leaves it."""
    video = encoder.video()
    media = encoding.control().media
    for name in NAMES:
        media.write(f"media/{video.id}/1/pictures/{name}.jpg", name, content_type="image/jpeg")
    media.write(f"media/{video.id}/1/video/720p/00000.m4s", "x")
    catalogue.curation().videos.keep_pictures(video.id, video.encode.revision)
    encoding.updates().pictures.reveal(video)
    return video


def objects(prefix: str) -> list[str]:
    listed = boto3.client("s3").list_objects_v2(Bucket=stage.settings().media_bucket, Prefix=prefix)
    return [each["Key"] for each in listed.get("Contents", [])]


def work_off(app: Any) -> None:
    """Deliver the S3 event of every withdrawal note."""
    for key in objects("withdrawals/"):
        deliver(app, notice((key, "e" * 32)))


def of_drafts(admin: Browser, video: Video) -> dict[str, str]:
    [listed] = [each for each in admin.get("/video/?include=drafts").json if each["id"] == video.id]
    return {name: listed[f"{name}_url"] for name in NAMES}


def test_deleting_takes_one_write_and_one_note(
    admin: Browser,
    video: Video,
    calls: Counter[str],  # noqa: F811
) -> None:
    admin.get("/user/")
    calls.clear()
    assert admin.delete(f"/video/{video.id}/").status == 200
    # The account, the video and the note; earlier versions also wrote once per folder.
    assert dict(calls) == {"GetItem": 1, "PutItem": 1, "PutObject": 1}


def test_the_media_of_a_deleted_video_are_removed_when_its_note_arrives(
    app: Any, admin: Browser, video: Video
) -> None:
    admin.delete(f"/video/{video.id}/")
    assert objects(f"media/{video.id}/") != []
    work_off(app)
    assert [key for key in objects("") if str(video.id) in key] == []
    work_off(app)
    assert executions() == []


def test_a_video_is_deleted_although_its_note_cannot_be_written(
    admin: Browser, signed_in: Browser, video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ClientError({"Error": {"Code": "SlowDown", "Message": ""}}, "PutObject")

    monkeypatch.setattr("chalicelib.adapters.media_bucket.S3MediaStore.write", refuse)
    assert admin.delete(f"/video/{video.id}/").status == 200
    assert signed_in.get(f"/video/{video.id}/").status == 404


def test_pictures_of_a_draft_have_signed_urls(
    app: Any, admin: Browser, signed_in: Browser, video: Video
) -> None:
    public = {name: f"http://127.0.0.1:8080/images/{video.id}/1/{name}.jpg" for name in NAMES}
    assert of_drafts(admin, video) == public
    admin.patch(f"/video/{video.id}/", {"is_published": False})
    work_off(app)
    assert objects(f"images/{video.id}/") == []
    assert signed_in.get("/video/").json == []
    for name, url in of_drafts(admin, video).items():
        parts = urlsplit(url)
        assert parts.path == f"/media/{video.id}/1/pictures/{name}.jpg"
        assert parts.query.startswith("Policy=")
        assert objects(parts.path.removeprefix("/")) != []


def test_urls_of_pictures_of_drafts_are_renewed_in_time(
    app: Any, admin: Browser, video: Video, encoder: Encoder
) -> None:
    admin.patch(f"/video/{video.id}/", {"is_published": False})
    work_off(app)
    first = of_drafts(admin, video)
    encoder.clock.advance(minutes=16)
    assert of_drafts(admin, video) != first


def test_a_video_that_is_published_again_has_its_pictures_at_once(
    app: Any, admin: Browser, signed_in: Browser, video: Video
) -> None:
    admin.patch(f"/video/{video.id}/", {"is_published": False})
    work_off(app)
    admin.patch(f"/video/{video.id}/", {"is_published": True})
    assert len(objects(f"images/{video.id}/1/")) == len(NAMES)
    [listed] = signed_in.get("/video/").json
    assert urlsplit(listed["thumbnail_url"]).path == f"/images/{video.id}/1/thumbnail.jpg"


def test_a_video_of_an_earlier_version_keeps_the_urls_of_its_pictures(
    admin: Browser, signed_in: Browser, encoder: Encoder
) -> None:
    """Store a video of an earlier version, whose pictures exist only in the public folder."""
    video = encoder.video(asset(seconds=20))
    [listed] = signed_in.get("/video/").json
    assert urlsplit(listed["hero_url"]).path == f"/images/{video.id}/1/hero.jpg"
    admin.patch(f"/video/{video.id}/", {"is_published": False})
    assert urlsplit(of_drafts(admin, video)["hero"]).path == f"/images/{video.id}/1/hero.jpg"


def test_changes_invisible_to_viewers_withdraw_nothing(
    admin: Browser, video: Video, encoder: Encoder
) -> None:
    draft = encoder.video(is_published=False)
    admin.patch(f"/video/{video.id}/", {"title": "Nosferatu", "is_published": True})
    admin.patch(f"/video/{draft.id}/", {"title": "Alien", "is_published": False})
    assert objects("withdrawals/") == []
