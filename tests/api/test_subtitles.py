"""Subtitles of a video over HTTP: sent, listed, marked by kind and deleted."""

from dataclasses import replace
from typing import Any

import boto3
import pytest

from chalicelib.catalogue.asset import BESIDE_THE_SOURCE, SubtitleTrack
from chalicelib.catalogue.model import Video
from chalicelib.wiring import stage
from tests.api.encoder import Encoder
from tests.api.spending import documented, measured, row
from tests.browser import Browser
from tests.builders.assets import asset

SENT = {"filename": "x.srt", "size": 5}


@pytest.fixture
def video(encoder: Encoder) -> Video:
    """Complete, with a track of a file and one of its source."""
    tracks = (
        SubtitleTrack(0, 3, "de", "<Deutsch>", is_default=True),
        SubtitleTrack(
            1, BESIDE_THE_SOURCE, "en", "English", is_default=False, is_forced=True,
            sidecar_key="uploads/7/subtitles/en.forced.srt",
        ),
    )  # fmt: skip
    return encoder.video(replace(asset(seconds=20), subtitles=tracks))


def put(url: str, content: bytes = b"words") -> None:
    """Send a file as a client does to its URL."""
    key = url.partition("?")[0].partition(".com/")[2]
    boto3.client("s3").put_object(
        Bucket=stage.settings().uploads_bucket, Key=key[key.index("uploads/") :], Body=content
    )


def send(admin: Browser, video: Video, **sent: Any) -> str:
    answer = admin.post(f"/video/{video.id}/subtitles/", {**SENT, **sent})
    assert answer.status == 200, answer.json
    put(answer.json["url"])
    return str(answer.json["id"])


def test_what_is_sent_is_listed_with_its_kind_and_deleted(admin: Browser, video: Video) -> None:
    path = f"/video/{video.id}/subtitles/"
    forced = send(admin, video, language="de", is_forced=True)
    deaf = send(admin, video, language="pt-BR", filename="x.vtt", is_for_deaf=True)
    assert send(admin, video, language="de", is_forced=True) == forced
    first, second = admin.get(path).json["files"]
    assert second.pop("sent_at").endswith("+00:00")
    assert second == {
        "id": deaf,
        "name": "pt-BR.sdh.vtt",
        "language": "pt-BR",
        "is_forced": False,
        "is_for_deaf": True,
        "size": 5,
        "is_used": True,
    }
    assert (first["id"], first["name"]) == (forced, "de.forced.srt")
    assert (first["is_forced"], first["is_for_deaf"]) == (True, False)
    for _ in range(2):
        deleted = admin.delete(f"{path}{forced}/")
        assert (deleted.status, deleted.json["detail"]) == (200, "The subtitles have been deleted.")
    assert [each["id"] for each in admin.get(path).json["files"]] == [deaf]


def test_tracks_that_play_are_listed_with_their_files(admin: Browser, video: Video) -> None:
    inside, beside = admin.get(f"/video/{video.id}/subtitles/").json["tracks"]
    assert inside == {
        "number": 0,
        "name": "&lt;Deutsch&gt;",
        "language": "de",
        "is_forced": False,
        "is_for_deaf": False,
        "is_default": True,
        "file": None,
    }
    assert (beside["file"], beside["is_forced"]) == ("en.forced.srt", True)
    plain = admin.get(f"/video/{video.id}/subtitles/?text=plain").json["tracks"]
    assert plain[0]["name"] == "<Deutsch>"


def test_subtitles_are_for_administrators_alone(signed_in: Browser, video: Video) -> None:
    path = f"/video/{video.id}/subtitles/"
    assert [signed_in.get(path).status, signed_in.delete(f"{path}x/").status] == [403, 403]


def test_a_kind_is_true_or_false(admin: Browser, video: Video) -> None:
    for name in ("is_forced", "is_for_deaf"):
        answer = admin.post(f"/video/{video.id}/subtitles/", {**SENT, "language": "de", name: 3})
        assert (answer.status, list(answer.json)) == (400, [name])


def test_subtitles_of_the_inbox_are_listed_and_deleted(admin: Browser, encoder: Encoder) -> None:
    """Their names are those that people gave them."""
    video = encoder.video(source_key="inbox/A & B.mp4")
    bucket = boto3.resource("s3").Bucket(stage.settings().uploads_bucket)
    for name in ("A & B.de.srt", "A & B.fr.VTT", "A & B.klingonese.srt"):
        bucket.put_object(Key=f"inbox/{name}", Body=b"words")
    path = f"/video/{video.id}/subtitles/"
    listed = admin.get(path).json["files"]
    assert [(each["name"], each["language"], each["is_used"]) for each in listed] == [
        ("A &amp; B.de.srt", "de", True),
        ("A &amp; B.fr.VTT", "fr", True),
        ("A &amp; B.klingonese.srt", None, False),
    ]
    for each in listed:
        assert admin.delete(f"{path}{each['id']}/").status == 200
    assert admin.get(path).json["files"] == []


def test_subtitles_cost_what_the_page_of_calls_says(admin: Browser, video: Video) -> None:
    path = f"/video/{video.id}/subtitles/"
    file_id = send(admin, video, language="de")
    route = "/api/video/{video_id}/subtitles"
    with measured() as listing:
        admin.get(path)
    with measured() as deletion:
        admin.delete(f"{path}{file_id}/")
    for served, spent in (
        (("official", f"GET {route}"), listing),
        (("official", f"DELETE {route}/{{file_id}}"), deletion),
    ):
        assert row(served, spent) == row(served, documented()[served])
