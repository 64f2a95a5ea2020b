"""Another source for a published video, as administrators and viewers see it."""

from typing import Any

import boto3
import pytest

from chalicelib.catalogue.damage import Decodable
from chalicelib.catalogue.model import Video
from chalicelib.encoding.failures import Reason, failure
from chalicelib.encoding.model import Encode
from chalicelib.wiring import encoding, ingest, stage
from tests.api.encoder import Encoder
from tests.browser import Browser
from tests.builders.assets import asset

SHORTER = asset(seconds=12)

pytestmark = pytest.mark.usefixtures("state_machine")


@pytest.fixture
def video(encoder: Encoder) -> Video:
    return encoder.video()


def send(admin: Browser, video: Video) -> dict[str, Any]:
    """Begin an upload for the video, and put its source where the upload leaves it."""
    sent = {"filename": "better.mp4", "size": 4, "video_id": video.id}
    upload = admin.post("/uploads/", sent)
    assert upload.status == 201, upload
    return dict(upload.json)


def arrive(upload: dict[str, Any]) -> Encode:
    key = f"uploads/{upload['video_id']}/{upload['id']}/source.mp4"
    bucket = stage.settings().uploads_bucket
    etag = boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=b"film")["ETag"]
    encode = ingest.intake().received(key, etag.strip('"'))
    assert encode
    return encode


def plan(encode: Encode) -> Encode:
    return encoding.updates().planned(encode, SHORTER, segments_per_chunk=1)


def publish(encode: Encode) -> None:
    encoding.updates().publish(encode.video_id, encode.revision, SHORTER)


def seen(browser: Browser, video: Video, include: str = "") -> Any:
    return browser.get(f"/video/{video.id}/?include={include}").json


def test_administrators_see_a_replacement_and_viewers_the_video_until_it_switches(
    admin: Browser, signed_in: Browser, video: Video, encoder: Encoder
) -> None:
    before = seen(signed_in, video)
    assert seen(admin, video, "drafts")["replacement"] is None
    upload = send(admin, video)
    encode = plan(arrive(upload))
    encoder.clock.advance(seconds=3)
    replacement = seen(admin, video, "drafts")["replacement"]
    assert replacement == {
        "revision": 2,
        "sent_at": upload["created_at"],
        "status": "processing",
        "progress": 2,
        "failure": None,
        "damage": None,
    }
    assert seen(signed_in, video) == before
    progress = signed_in.get(f"/video/{video.id}/progress/").json
    assert (progress["stage"], progress["percent"], progress["text"]) == (
        "done",
        100,
        "Ready to watch.",
    )
    assert admin.get(f"/video/{video.id}/progress/").json["stage"] == "encoding"
    publish(encode)
    encoder.clock.advance(seconds=3)
    assert seen(admin, video, "drafts")["replacement"] is None
    after = seen(signed_in, video)
    assert (before["duration"], after["duration"]) == (20, 12)
    changed = {name for name in after if before[name] != after[name]}
    pictures = {"thumbnail_url", "poster_url", "hero_url"}
    assert changed == {"duration", "resolutions", *pictures}


def test_why_a_replacement_failed_is_for_administrators_alone(
    admin: Browser, signed_in: Browser, video: Video, encoder: Encoder
) -> None:
    before = seen(signed_in, video)
    encode = plan(arrive(send(admin, video)))
    report = f"reports/{video.id}/2.json"
    encoding.control().media.write(report, '{"ok": false, "notes": ["A note."]}')
    encoding.updates().fail(video.id, encode.revision, failure(Reason.NOT_PROVEN))
    encoder.clock.advance(seconds=3)
    replacement = seen(admin, video, "drafts")["replacement"]
    assert (replacement["status"], replacement["failure"]["code"]) == ("failed", "not_proven")
    assert seen(signed_in, video) == before
    assert signed_in.get(f"/video/{video.id}/progress/").json["failure"] is None
    progress = admin.get(f"/video/{video.id}/progress/").json
    assert (progress["failure"]["code"], progress["notes"]) == ("not_proven", ["A note."])
    assert admin.get(f"/video/{video.id}/conformance/").status == 404
    assert admin.get(f"/video/{video.id}/conformance/?revision=2").json["notes"] == ["A note."]
    arrive(send(admin, video))
    for number in (2, 3):  # no longer the newest, and not checked yet
        assert admin.get(f"/video/{video.id}/conformance/?revision={number}").status == 404


def test_a_damaged_replacement_waits_for_a_decision(
    admin: Browser, video: Video, encoder: Encoder
) -> None:
    encode = plan(arrive(send(admin, video)))
    encoding.updates().damaged(encode, SHORTER, decodable=Decodable(0.75, 1))
    encoding.updates().fail(video.id, encode.revision, failure(Reason.DAMAGED))
    encoder.clock.advance(seconds=3)
    replacement = seen(admin, video, "drafts")["replacement"]
    damage = {"revision": 2, "percent": 25, "sound_percent": 0, "status": "refused"}
    assert replacement["damage"] == damage
    assert admin.post(f"/video/{video.id}/accept/", {"revision": 2}).status == 200
    encoder.clock.advance(seconds=3)
    replacement = seen(admin, video, "drafts")["replacement"]
    assert (replacement["status"], replacement["damage"]) == (
        "pending",
        {**damage, "status": "accepted"},
    )


def test_a_replacement_is_cancelled(admin: Browser, video: Video, encoder: Encoder) -> None:
    arrive(send(admin, video))
    assert admin.post(f"/video/{video.id}/cancel/").status == 200
    encoder.clock.advance(seconds=3)
    replacement = seen(admin, video, "drafts")["replacement"]
    assert replacement["failure"]["code"] == "cancelled"
    assert admin.post(f"/video/{video.id}/cancel/").status == 409


def test_an_upload_that_was_overtaken_is_refused(
    admin: Browser, video: Video, encoder: Encoder
) -> None:
    slow = send(admin, video)
    encoder.clock.advance(seconds=1)
    arrive(send(admin, video))
    path = f"/uploads/{slow['id']}"
    for answer in (
        admin.post(f"{path}/parts/", {"numbers": [1]}),
        admin.post(f"{path}/complete/"),
    ):
        assert answer.status == 409
        assert answer.json["detail"] == "A newer source of this video has arrived already."
    assert admin.delete(f"{path}/").status == 200


def test_a_position_stays_and_is_not_behind_the_end_of_a_shorter_video(
    admin: Browser, signed_in: Browser, video: Video, encoder: Encoder
) -> None:
    path = f"/progress/?video={video.id}"
    for browser, position in ((signed_in, 10), (admin, 15)):
        sent = {"video": video.id, "position": position, "duration": 20}
        assert browser.post("/progress/", sent).status == 201
    publish(plan(arrive(send(admin, video))))
    encoder.clock.advance(seconds=3)
    assert signed_in.get(path).json == {"position": 10, "duration": 20}
    assert admin.get(path).json == {"position": 12, "duration": 12}


def test_in_the_trash_a_replacement_goes_on_and_none_begins(
    admin: Browser, signed_in: Browser, video: Video, encoder: Encoder
) -> None:
    encode = plan(arrive(send(admin, video)))
    path = f"/studio/video/{video.id}"
    assert admin.post(f"{path}/trash/").status == 200
    sent = {"filename": "best.mp4", "size": 4, "video_id": video.id}
    assert admin.post("/uploads/", sent).status == 404
    publish(encode)
    encoder.clock.advance(seconds=3)
    assert signed_in.get(f"/video/{video.id}/").status == 404
    assert list(encoding.control().media.listed(f"images/{video.id}/")) == []
    assert admin.post(f"{path}/restore/").status == 200
    encoder.clock.advance(seconds=3)
    assert seen(signed_in, video)["duration"] == 12
