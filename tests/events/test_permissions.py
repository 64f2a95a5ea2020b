"""The policy of each function allows only the calls that it makes."""

from typing import Any
from urllib.parse import urljoin

import boto3
import m3u8
import pytest

from chalicelib.accounts.model import AccountId
from chalicelib.adapters.dynamodb import change_log
from chalicelib.adapters.dynamodb.catalogue_tables import CatalogueItem
from chalicelib.catalogue import object_keys, saving
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.catalogue.poster import PosterId
from chalicelib.clock import NEVER
from chalicelib.encoding.model import Encode, Source
from chalicelib.ingest.model import SourceBusy
from chalicelib.viewing.model import DEFAULT_PROFILE
from chalicelib.viewing.progress import PlayerReport
from chalicelib.wiring import catalogue, encoding, stage, viewing
from tests.api.conftest import PASSWORD, Post, sign_up
from tests.api.encoder import Encoder
from tests.api.test_uploads import arrived, begin
from tests.browser import Browser
from tests.builders.assets import asset
from tests.builders.catalogue import every_entry
from tests.cloudfront import forgotten
from tests.events import test_scaling
from tests.events.test_created_objects import DROPPED, deliver, lay, notice
from tests.fakes.clock import HandClock
from tests.permissions import Guard, grants
from tests.queues import bodies, event_of, task_queues

MIB = 1024**2
HOURLY = {
    **dict.fromkeys(("version", "account", "region", "source", "time", "id"), "x"),
    "detail": {},
    "detail-type": "Scheduled Event",
    "resources": [],
}
# Actions of AWS on behalf of a function: logs and queue polling.
BY_AWS = {
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
}


def unused(guard: Guard, function: str) -> list[str]:
    granted = {
        (grant.action, grant.resource) for grant in grants(function) if grant.action not in BY_AWS
    }
    return sorted(map(" ".join, granted - guard.used_by(function)))


ecs = test_scaling.ecs


@pytest.fixture
def app(post: Post, state_machine: str) -> Any:  # noqa: ARG001
    import app

    return app


def lay_media(video_id: int) -> None:
    for kind in ("media", "images", "work", "reports"):
        encoding.control().media.write(f"{kind}/{video_id}/1/x", "{}")


@pytest.fixture
def long_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catalogues of which copies are saved, however few videos they have."""
    monkeypatch.setattr(change_log, "_AT_ONCE", 1)
    monkeypatch.setattr(saving, "FEW_VIDEOS", 0)


def start_anew() -> None:
    """Have the next function read the catalogue as a new process does."""
    cache = catalogue.catalogue_cache()
    cache._snapshot, cache._tried_at = None, NEVER


def make_from_inbox(video_id: int, name: str) -> None:
    """Begin the encode of a source from the inbox."""
    etag = lay(f"inbox/{name}").strip('"')
    revision = catalogue.curation().videos.begin_encode(VideoId(video_id))
    source = Source(f"inbox/{name}", etag, 4)
    encoding.control().begin(VideoId(video_id), revision, source)


def delete_subtitles(admin: Browser, video_id: int) -> None:
    """Delete a file that was sent, and dropped ones of each suffix."""
    path = f"/video/{video_id}/subtitles/"
    for name in ("en.srt", "de.SRT", "fr.vtt", "es.VTT"):
        lay(f"inbox/film.{name}")
    sent = {"filename": "x.srt", "size": 5, "language": "it"}
    assert admin.post(path, sent).status == 200
    lay(f"uploads/{video_id}/subtitles/it.srt")
    listed = [each["id"] for each in admin.get(path).json["files"]]
    assert len(listed) == 5
    assert {admin.delete(f"{path}{each}/").status for each in listed} == {200}


def end_execution_of(encode: Encode) -> None:
    arn = stage.settings().pipeline_arn.replace(":stateMachine:", ":execution:")
    name = f"v{encode.video_id}-r{encode.revision}-a{encode.attempt}"
    boto3.client("stepfunctions").stop_execution(executionArn=f"{arn}:{name}")


def send_source(admin: Browser) -> int:
    upload = begin(admin)
    path = f"/uploads/{upload['id']}/"
    admin.post(f"{path}parts/", {"numbers": [1, 2]})
    s3, bucket = boto3.client("s3"), stage.settings().uploads_bucket
    (open_one,) = s3.list_multipart_uploads(Bucket=bucket)["Uploads"]
    for number, size in ((1, 16 * MIB), (2, 4 * MIB)):
        s3.upload_part(
            Bucket=bucket,
            Key=open_one["Key"],
            UploadId=open_one["UploadId"],
            PartNumber=number,
            Body=b"x" * size,
        )
    assert admin.post(f"{path}complete/").json["is_complete"]
    assert admin.delete(f"/uploads/{begin(admin)['id']}/").status == 200
    return int(upload["video_id"])


def look_through(signed_in: Browser, encoder: Encoder) -> None:
    """Fetch the I-frame playlist, which players use for seeking."""
    video = encoder.video(asset(seconds=14, has_iframes=True))
    index = object_keys.folder(video.id, Revision(1)) + object_keys.iframe_index()
    encoding.control().media.write(index, '{"480p": [0, 1, 2]}')
    master = signed_in.get(f"/video/{video.id}/master.m3u8").body.decode()
    (trick, *_) = m3u8.loads(master).iframe_playlists
    assert signed_in.get(urljoin(f"/video/{video.id}/", trick.uri)).status == 200


def a_draft_with_pictures(encoder: Encoder) -> VideoId:
    video = encoder.video(is_published=False)
    encoding.control().media.write(f"media/{video.id}/1/pictures/hero.jpg", "x")
    catalogue.curation().videos.keep_pictures(video.id, Revision(1))
    return video.id


def show_and_withdraw(admin: Browser, encoder: Encoder) -> VideoId:
    video_id = a_draft_with_pictures(encoder)
    for is_published in (True, False):
        changed = admin.patch(f"/video/{video_id}/", {"is_published": is_published})
        assert changed.status == 200
    return video_id


def hide_as_an_earlier_version_left_it(video_id: VideoId) -> None:
    """Store a video whose pictures exist only in the public folder."""
    item = CatalogueItem.get(f"VIDEO#{video_id}", "META")
    item.update([CatalogueItem.shown_keeps_pictures.remove()])
    media = encoding.control().media
    media.remove(f"media/{video_id}/1/pictures/")
    media.write(f"images/{video_id}/1/hero.jpg", "x")


def notes() -> list[str]:
    return list(encoding.control().media.listed("withdrawals/"))


def watch(browser: Browser, encoder: Encoder) -> None:
    video = encoder.video().id
    sent = {"video": video, "position": 50, "duration": 100, "watched_seconds": 15}
    assert browser.post("/progress/", sent).status == 201
    assert browser.get(f"/progress/?video={video}").status == 200
    assert browser.post("/profiles/", {"name": "Kids"}).status == 201
    for method in ("PUT", "DELETE"):
        assert browser.send(method, f"/watchlist/{video}/").status == 200


@pytest.mark.usefixtures("long_catalogue")
def test_the_api(
    app: Any, signed_in: Browser, admin: Browser, encoder: Encoder, clock: HandClock, guard: Guard
) -> None:
    assert app
    assert admin.get("/admin/accounts/").status == 200
    video_id = send_source(admin)
    arrived(video_id)
    assert admin.post(f"/video/{video_id}/cancel/").status == 200
    make_from_inbox(video_id, "film.mp4")
    admin.post(f"/video/{video_id}/cancel/")
    assert admin.post(f"/video/{video_id}/retry/").status == 200
    delete_subtitles(admin, video_id)
    admin.get(f"/video/{video_id}/conformance/")
    show_and_withdraw(admin, encoder)
    assert admin.delete(f"/video/{video_id}/").status == 200
    look_through(signed_in, encoder)
    watch(signed_in, encoder)
    assert signed_in.delete("/user/", {"password": PASSWORD}).status == 200
    clock.advance(days=1)
    assert admin.post("/token/refresh/").status == 200
    start_anew()
    assert admin.get("/video/").status == 200
    assert admin.post("/studio/changes/", {"videos": [7], "genre": "x"}).status == 202
    assert unused(guard, "api_handler") == []


@pytest.mark.usefixtures("long_catalogue")
def test_bulk_changes(
    app: Any, admin: Browser, encoder: Encoder, clock: HandClock, guard: Guard
) -> None:
    video_id = a_draft_with_pictures(encoder)
    start_anew()
    catalogue.copy_saving().run()
    for change in (
        {"is_published": True},
        {"category": "Film Noir"},
        {"action": "trash"},
        {"action": "delete"},
    ):
        sent = {"videos": [video_id], **change}
        assert admin.post("/studio/changes/", sent).status == 202
        start_anew()
        while messages := bodies(stage.settings().changes_queue_url):
            for body in messages:
                app.on_bulk_change(event_of(body), None)
        clock.advance(seconds=3)
    assert unused(guard, "on_bulk_change") == []


def test_mails(browser: Browser, post: Post, guard: Guard) -> None:
    sign_up(browser)
    assert post.link()
    assert unused(guard, "on_mail") == []


def send_poster(app: Any, admin: Browser) -> None:
    """Send a poster, whose pictures are then pending."""
    task_queues(boto3.client("sqs"))
    number = admin.post("/video/", {"title": "Metropolis"}).json["id"]
    key = object_keys.sent_poster(VideoId(number), PosterId(1))
    deliver(app, notice((key, lay(key))))


def deliver_all_and_replace_them(app: Any, admin: Browser) -> None:
    send_poster(app, admin)
    bucket = stage.settings().uploads_bucket
    for each in boto3.client("s3").list_objects_v2(Bucket=bucket)["Contents"]:
        deliver(app, notice((each["Key"], each["ETag"])))
        lay(each["Key"], b"another film")
        deliver(app, notice((each["Key"], lay(each["Key"], b"another film"))))


def replace_the_newest(app: Any) -> None:
    """Send another source for what was dropped last, which has subtitles beside it."""
    lay(DROPPED.removesuffix("MP4") + "de.srt")
    newest = max(entry.video.id for entry in every_entry(catalogue.catalogue_cache()))
    key = f"uploads/{newest}/{'0' * 32}/source.mp4"
    deliver(app, notice((key, lay(key, b"a better film"))))


@pytest.mark.usefixtures("long_catalogue")
def test_sources(
    distribution: str, app: Any, admin: Browser, clock: HandClock, encoder: Encoder, guard: Guard
) -> None:
    gone = send_source(admin)
    lay_media(gone)
    arrived(gone)
    make_from_inbox(gone, "gone.mp4")
    lay(f"uploads/{gone}/subtitles/de.srt")
    admin.delete(f"/video/{gone}/")
    published = show_and_withdraw(admin, encoder)
    hide_as_an_earlier_version_left_it(published)
    again = show_and_withdraw(admin, encoder)
    admin.patch(f"/video/{again}/", {"is_published": True})
    for key in notes():
        deliver(app, notice((key, "e" * 32)))
    assert notes() == []
    assert set(forgotten(distribution)) == {
        f"/{kind}/{video_id}/*"
        for kind in ("media", "images")
        for video_id in (gone, published, again)
    }
    send_source(admin)
    deliver_all_and_replace_them(app, admin)
    clock.advance(seconds=3)
    start_anew()
    dropped = notice((DROPPED, lay(DROPPED)))
    deliver(app, dropped)
    replace_the_newest(app)
    clock.advance(seconds=3)
    for entry in every_entry(catalogue.catalogue_cache()):
        catalogue.curation().videos.remove(entry.video.id)
    with pytest.raises(SourceBusy):
        deliver(app, dropped)
    assert unused(guard, "on_upload") == []


@pytest.fixture
def left_behind(signed_in: Browser, encoder: Encoder) -> None:
    """Watched seconds, and a report that was sent after the deletion of its account."""
    watch(signed_in, encoder)
    account_id = AccountId(signed_in.get("/user/").json["id"])
    assert signed_in.delete("/user/", {"password": PASSWORD}).status == 200
    late = PlayerReport(1, 2, watched_seconds=1)
    viewing.tracking().report(account_id, DEFAULT_PROFILE, encoder.video().id, late)


@pytest.mark.usefixtures("ecs", "left_behind", "long_catalogue")
def test_the_clean_up(
    distribution: str,
    app: Any,
    admin: Browser,
    clock: HandClock,
    encoder: Encoder,
    guard: Guard,
) -> None:
    watch(admin, encoder)
    send_poster(app, admin)
    draft = a_draft_with_pictures(encoder)
    hide_as_an_earlier_version_left_it(draft)
    assert admin.post("/studio/changes/", {"videos": [7], "genre": "x"}).status == 202
    again = show_and_withdraw(admin, encoder)
    admin.patch(f"/video/{again}/", {"is_published": True})
    gone, lost = (begin(admin)["video_id"] for _ in range(2))
    arrived(gone)
    make_from_inbox(gone, "gone.mp4")
    lay(f"uploads/{gone}/subtitles/de.srt")
    lay_media(gone)
    end_execution_of(arrived(lost))
    bucket = stage.settings().uploads_bucket
    boto3.client("s3").create_multipart_upload(Bucket=bucket, Key="inbox/x.mp4")
    catalogue.curation().videos.remove(VideoId(gone))
    clock.advance(hours=12)
    start_anew()
    app.on_sweep(HOURLY, None)
    clock.advance(days=3)
    start_anew()
    app.on_sweep(HOURLY, None)
    assert f"/images/{draft}/*" in forgotten(distribution)
    assert f"/media/{gone}/*" in forgotten(distribution)
    assert unused(guard, "on_sweep") == []


def test_the_age_of_keys(app: Any, clock: HandClock, guard: Guard) -> None:
    clock.advance(days=40)
    app.on_key_age_check(HOURLY, None)
    assert unused(guard, "on_key_age_check") == []


@pytest.mark.usefixtures("ecs")
def test_scale_checks(app: Any, guard: Guard) -> None:
    test_scaling.deliver(app)
    test_scaling.put_work(2)
    test_scaling.deliver(app)
    assert unused(guard, "on_work_waiting") == []
