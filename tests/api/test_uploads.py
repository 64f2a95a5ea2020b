"""Uploads over HTTP, by administrators only, and the progress of their encodes."""

import json
from typing import Any

import boto3
import pytest

from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.failures import Reason, failure
from chalicelib.encoding.model import Encode, Source
from chalicelib.wiring import accounts, catalogue, encoding, ingest, stage
from tests.api.conftest import PASSWORD, sign_in
from tests.browser import Browser
from tests.builders.assets import an_asset
from tests.fakes.clock import HandClock

MIB = 1024**2
NAME = "../\N{CLAPPER BOARD} Die_Nibelungen\n.mkv"


def begin(admin: Browser, size: int = 20 * MIB, **more: Any) -> Any:
    answer = admin.post("/uploads/", {"filename": NAME, "size": size, **more})
    assert answer.status == 201, answer.body
    return answer.json


def send(upload: Any, number: int, content: bytes) -> None:
    kept = ingest.uploads().store.of(accounts.administration().newest(limit=1)[0].id)
    stored = next(each for each in kept if each.id == upload["id"])
    boto3.client("s3").upload_part(
        Bucket=stage.settings().uploads_bucket,
        Key=stored.key,
        UploadId=stored.multipart_id,
        PartNumber=number,
        Body=content,
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/uploads/"),
        ("GET", "/uploads/"),
        ("GET", "/uploads/abc/"),
        ("POST", "/uploads/abc/parts/"),
        ("POST", "/uploads/abc/complete/"),
        ("DELETE", "/uploads/abc/"),
        ("POST", "/video/7/subtitles/"),
        ("POST", "/video/7/cancel/"),
        ("POST", "/video/7/retry/"),
        ("GET", "/video/7/conformance/"),
    ],
)
def test_only_administrators_upload(
    signed_in: Browser, browser: Browser, method: str, path: str
) -> None:
    assert signed_in.send(method, path, {}).status == 403
    browser.cookies.clear()
    assert browser.send(method, path, {}).status in {401, 403}


def test_a_source_is_uploaded_in_parts_and_joined(admin: Browser) -> None:
    upload = begin(admin, category="Drama")
    assert (upload["part_size"], upload["part_count"]) == (16 * MIB, 2)
    path = f"/uploads/{upload['id']}/"
    send(upload, 2, b"x" * 4 * MIB)
    assert admin.get(path).json["parts"] == [{"number": 2, "size": 4 * MIB}]
    answer = admin.post(f"{path}complete/")
    assert (answer.status, "1" in answer.json["detail"]) == (409, True)
    send(upload, 1, b"x" * 16 * MIB)
    for _ in range(2):
        assert admin.post(f"{path}complete/").json["is_complete"]
    assert admin.get("/uploads/").json == {"results": []}
    video = admin.get(f"/video/{upload['video_id']}/").json
    assert (video["title"], video["category"]) == ("\N{CLAPPER BOARD} Die Nibelungen", "Drama")


def test_each_part_has_a_presigned_url(admin: Browser) -> None:
    upload = begin(admin)
    path = f"/uploads/{upload['id']}/parts/"
    body = admin.post(path, {"numbers": [1, 2]}).json
    assert [part["size"] for part in body["results"]] == [16 * MIB, 4 * MIB]
    assert "partNumber=2" in body["results"][1]["url"]
    for wrong in ([3], [], [True], ["1"], [0], [1] * 101, "1"):
        assert admin.post(path, {"numbers": wrong}).status == 400


def test_uploads_are_listed_and_aborted(admin: Browser, clock: HandClock) -> None:
    first = begin(admin)
    clock.advance(seconds=1)
    second = begin(admin, video_id=first["video_id"])
    listed = admin.get("/uploads/").json["results"]
    assert [each["id"] for each in listed] == [second["id"], first["id"]]
    assert second["video_id"] == first["video_id"]
    assert admin.delete(f"/uploads/{second['id']}/").status == 200
    assert admin.get(f"/uploads/{second['id']}/").status == 404
    assert admin.delete(f"/uploads/{second['id']}/").status == 404


@pytest.mark.parametrize("upload_id", ["a" * 3000, "%00" * 32, "A" * 32, "0" * 33])
def test_an_invalid_upload_id_is_404(admin: Browser, upload_id: str) -> None:
    assert admin.get(f"/uploads/{upload_id}/").status == 404
    assert admin.delete(f"/uploads/{upload_id}/").status == 404
    assert admin.post(f"/uploads/{upload_id}/complete/").status == 404


def test_uploads_of_another_administrator_are_404(admin: Browser, signed_in: Browser) -> None:
    upload = begin(admin)
    accounts.administration().ensure_admin(email="ada@example.com", password=PASSWORD)
    assert sign_in(signed_in).status == 200
    assert signed_in.get("/uploads/").json == {"results": []}
    assert signed_in.get(f"/uploads/{upload['id']}/").status == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"size": 0}, "size"),
        ({"size": -1}, "size"),
        ({"size": "1"}, "size"),
        ({"size": 1.5}, "size"),
        ({"size": True}, "size"),
        ({"size": 2**53}, "size"),
        ({"size": 10**12}, "size"),
        ({"filename": ""}, "filename"),
        ({"filename": "x" * 1001}, "filename"),
        ({"video_id": "7"}, "video_id"),
    ],
)
def test_invalid_uploads_are_refused_by_field(
    admin: Browser, wrong: dict[str, Any], field: str
) -> None:
    answer = admin.post("/uploads/", {"filename": "x.mp4", "size": 1, **wrong})
    assert (answer.status, list(answer.json)) == (400, [field])


def test_an_upload_for_an_unknown_video_is_refused(admin: Browser) -> None:
    sent = {"filename": "x", "size": 1, "video_id": 404}
    assert admin.post("/uploads/", sent).status == 404
    assert admin.post("/video/404/subtitles/", {**sent, "language": "de"}).status == 404


def test_subtitles_get_a_presigned_url(admin: Browser) -> None:
    video_id = begin(admin)["video_id"]
    sent = {"language": "pt-BR", "filename": "x.srt", "size": 7}
    body = admin.post(f"/video/{video_id}/subtitles/", sent).json
    assert f"/uploads/{video_id}/subtitles/pt-BR.srt?" in body["url"]
    answer = admin.post(f"/video/{video_id}/subtitles/", {**sent, "filename": "x.exe"})
    assert (answer.status, list(answer.json)) == (400, ["filename"])


@pytest.mark.parametrize("around", [" de", "de\n", "\tde\r\n"])
def test_white_space_around_a_language_is_ignored(admin: Browser, around: str) -> None:
    path = f"/video/{begin(admin)['video_id']}/subtitles/"
    sent = {"filename": "x.srt", "size": 7}
    assert "/subtitles/de.srt?" in admin.post(path, {**sent, "language": around}).json["url"]
    for inside in ("d\ne", "de\n-AT", "de\nen"):
        answer = admin.post(path, {**sent, "language": inside})
        assert (answer.status, list(answer.json)) == (400, ["language"])


def arrived(video_id: int) -> Encode:
    """Begin the encode of an upload, as the event handler does."""
    number = VideoId(video_id)
    source = Source(f"uploads/{number}/{'0' * 32}/source.mp4", "e" * 32, 7)
    revision = catalogue.curation().videos.begin_encode(number)
    return encoding.control().begin(number, revision, source)


def _take_chunk(encode: Encode, number: int) -> None:
    encodes = encoding.control().encodes
    encodes.task_taken(encode.video_id, encode.revision, f"chunk-{number:05d}")


def test_encode_progress_has_numbers_and_a_text(
    admin: Browser, state_machine: str, clock: HandClock
) -> None:
    assert state_machine
    video_id = begin(admin)["video_id"]
    path = f"/video/{video_id}/progress/"
    assert admin.get(path).json["text"] == "Waiting for the upload."
    encode = arrived(video_id)
    updates = encoding.control().updates
    updates.planned(encode, an_asset(10, tracks=0), segments_per_chunk=1)
    assert admin.get(path).json["delay"]["code"] == "waiting"
    for number in range(5):
        _take_chunk(encode, number)
        clock.advance(seconds=12)
        taken = updates.encodes.get(encode.video_id, encode.revision).taken
        updates.chunk_done(encode.video_id, encode.revision, number, taken=taken)
    _take_chunk(encode, 5)
    body = admin.get(path).json
    assert body["text"] == "Encoding: 5 of 10 chunks are done."
    assert (body["percent"], body["playable"], body["chunks_planned"]) == (51, True, 10)
    assert 50 < body["eta_seconds"] < 70
    assert body["delay"] is None
    clock.advance(seconds=61)
    later = admin.get(path).json
    assert (later["eta_seconds"], later["delay"]["code"]) == (None, "overdue")
    assert later["delay"]["text"].endswith(".")
    listed = admin.get(f"/video/{video_id}/?include=drafts").json
    assert listed["conversion_status"] == "processing"


def test_progress_of_a_draft_is_for_administrators(admin: Browser, signed_in: Browser) -> None:
    video_id = begin(admin)["video_id"]
    assert signed_in.get(f"/video/{video_id}/progress/").status == 404


def test_encode_progress_is_for_viewers_of_the_video(
    admin: Browser, signed_in: Browser, state_machine: str, clock: HandClock
) -> None:
    assert state_machine
    video_id = begin(admin)["video_id"]
    path = f"/video/{video_id}/"
    admin.patch(path, {"is_published": True})
    encode = arrived(video_id)
    updates = encoding.control().updates
    updates.planned(encode, an_asset(10, tracks=0), segments_per_chunk=1)
    asked = (f"{path}?include=playable", f"{path}progress/")
    assert [signed_in.get(each).status for each in asked] == [404, 404]
    assert len({signed_in.get(each).body for each in asked}) == 1
    assert admin.get(f"{path}progress/").status == 200
    updates.chunk_done(VideoId(video_id), Revision(1), 0)
    clock.advance(seconds=5)
    assert [signed_in.get(each).status for each in asked] == [200, 200]


def test_an_encode_is_cancelled_and_retried(admin: Browser, state_machine: str) -> None:
    assert state_machine
    video_id = begin(admin)["video_id"]
    assert admin.post(f"/video/{video_id}/cancel/").status == 404
    encode = arrived(video_id)
    assert admin.post(f"/video/{video_id}/cancel/").status == 200
    assert admin.post(f"/video/{video_id}/cancel/").status == 409
    body = admin.get(f"/video/{video_id}/progress/").json
    assert body["failure"] == {"code": "cancelled", "text": "Encoding was cancelled."}
    assert admin.post(f"/video/{video_id}/retry/").status == 409
    source = boto3.client("s3").put_object(
        Bucket=stage.settings().uploads_bucket, Key=encode.source.key, Body=b"another film"
    )
    assert source["ETag"]
    assert admin.post(f"/video/{video_id}/retry/").json["detail"].startswith("The uploaded file")


@pytest.mark.usefixtures("state_machine")
def test_the_proof_is_for_administrators(admin: Browser) -> None:
    video_id = begin(admin)["video_id"]
    assert admin.get(f"/video/{video_id}/conformance/").status == 404
    encode, control = arrived(video_id), encoding.control()
    control.media.write(f"reports/{video_id}/1.json", '{"ok": false}')
    assert admin.get(f"/video/{video_id}/conformance/").status == 404
    control.updates.fail(encode.video_id, encode.revision, failure(Reason.NOT_PROVEN))
    assert not admin.get(f"/video/{video_id}/conformance/").json["ok"]


@pytest.mark.usefixtures("state_machine")
def test_notes_of_the_proof_are_in_the_language_of_the_request(admin: Browser) -> None:
    video_id = begin(admin)["video_id"]
    encode, control = arrived(video_id), encoding.control()
    note = "About 1.8 s of its pictures are missing in the source."
    report = {"ok": False, "notes": [note]}
    control.media.write(f"reports/{video_id}/1.json", json.dumps(report))
    control.updates.fail(encode.video_id, encode.revision, failure(Reason.NOT_PROVEN))
    path = f"/video/{video_id}/conformance/"
    assert admin.get(path).json["notes"] == [note]
    german = admin.get(path, **{"accept-language": "de"}).json
    assert german["notes"] == ["Etwa 1,8 s der Bilder fehlen in der Quelle."]


def test_notes_of_a_draft_are_for_administrators_in_their_language(
    admin: Browser, signed_in: Browser, state_machine: str
) -> None:
    assert state_machine
    video_id = begin(admin)["video_id"]
    encode, path = arrived(video_id), f"/video/{video_id}/progress/"
    assert admin.get(path).json["notes"] == []
    control = encoding.control()
    said = ["Damage may be seen in 7.50% of the pictures.", "A sentence of a later version."]
    control.media.write(f"reports/{video_id}/1.json", json.dumps({"notes": said}))
    assert admin.get(path).json["notes"] == []
    control.updates.publish(encode.video_id, encode.revision, an_asset(10, tracks=0))
    assert admin.get(path).json["notes"] == said
    german = admin.get(path, Accept_Language="de").json["notes"]
    assert german == ["In 7,50 % der Bilder können Schäden zu sehen sein.", said[1]]
    admin.patch(f"/video/{video_id}/", {"is_published": True})
    assert signed_in.get(path).json["notes"] == []


def test_deleting_a_video_deletes_its_media(admin: Browser, state_machine: str) -> None:
    assert state_machine
    video_id = begin(admin)["video_id"]
    encode = arrived(video_id)
    media = encoding.control().media
    media.write(f"media/{video_id}/1/video/720p/init.mp4", "x")
    encoding.control().updates.fail(encode.video_id, encode.revision, failure(Reason.CORRUPT))
    assert admin.delete(f"/video/{video_id}/").status == 200
    encoding.removal().process(list(encoding.removal().pending()))
    assert media.listed("media/") == {}
    assert list(encoding.control().encodes.of(VideoId(video_id))) == []


def test_aborting_an_upload_deletes_its_draft(admin: Browser) -> None:
    kept = admin.post("/video/", {"title": "Metropolis"}).json["id"]
    aborted, renamed = begin(admin), begin(admin)
    admin.patch(f"/video/{renamed['video_id']}/", {"title": "Nosferatu"})
    for upload in (aborted, renamed):
        assert admin.delete(f"/uploads/{upload['id']}/").status == 200
    left = {each["id"] for each in admin.get("/video/?include=drafts").json}
    assert left == {kept, renamed["video_id"]}
