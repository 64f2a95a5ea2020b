"""Playback over HTTP, for browsers and for players without cookies."""

import json
import os
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import boto3
import m3u8
import pytest

from chalicelib.catalogue import object_keys
from chalicelib.wiring import stage
from tests.api.conftest import PASSWORD, sign_in
from tests.api.encoder import Encoder, media_path
from tests.browser import Answer, Browser
from tests.builders.assets import asset
from tests.fakes.clock import HandClock

PLAYLIST = "application/vnd.apple.mpegurl"
STRANGE = [
    "480p/..",
    "480p/%2e%2e",
    "480p/%2fetc%2fpasswd",
    "480p/4.ts",
    "480p/9999999999.ts",
    "480p/-1.ts",
    "480p/%00.ts",
    "hd/000.ts",
    "../000.ts",
    "480p/000.ts%0d%0aX:1",
    "playlist/000.ts",
    "480p/index.m3u8.m3u8",
    "99999999p/index.m3u8",
    "%F0%9F%8E%AC/0.ts",
    "480p/%D9%A0.ts",
    "480p/000.ts%00",
    "%00/index.m3u8",
]


def test_a_video_plays_from_its_first_to_its_last_segment(
    signed_in: Browser, encoder: Encoder
) -> None:
    video = encoder.video()
    answer = Browser(signed_in.server).get(media_path(signed_in, video))
    assert (answer.status, answer.headers["content-type"]) == (200, PLAYLIST)
    listed = m3u8.loads(answer.body.decode())
    assert (listed.is_endlist, len(listed.segments)) == (True, 4)
    start = f"http://127.0.0.1:8080/media/{video.id}/1/video/480p/00003.m4s?Policy="
    assert listed.segments[3].uri.startswith(start)
    assert "Hash-Algorithm=SHA256" in listed.segments[3].uri
    assert answer.headers["cache-control"] == "no-store"


def test_anonymous_callers_must_sign_in(browser: Browser, encoder: Encoder) -> None:
    video = encoder.video()
    for path in ("master.m3u8", "480p/index.m3u8", "480p/000.ts", "storyboard.vtt", "files"):
        assert browser.get(f"/video/{video.id}/{path}").status == 401
    for grant in ("", "?grant=", "?grant=x.y.z"):
        path = f"/video/{video.id}/playlist/video-480p.m3u8{grant}"
        assert browser.get(path).status == 403


@pytest.mark.parametrize("slash", ["", "/"])
def test_old_clients_get_one_size(signed_in: Browser, encoder: Encoder, slash: str) -> None:
    video = encoder.video()
    path = f"/video/{video.id}/720p/index.m3u8{slash}"
    answer = signed_in.get(path)
    (variant,) = m3u8.loads(answer.body.decode()).playlists
    assert variant.stream_info.resolution == (1280, 720)
    playlist = urljoin(path, variant.uri)
    assert urlsplit(playlist).path == f"/video/{video.id}/playlist/video-720p.m3u8"
    assert signed_in.get(playlist).status == 200


def test_a_playable_video_plays_at_every_url(signed_in: Browser, encoder: Encoder) -> None:
    video = encoder.video_in_encode(asset(seconds=60))
    [listed] = signed_in.get("/video/?include=playable").json
    assert listed["playable"]
    for path in ("master.m3u8", "480p/index.m3u8", "720p/index.m3u8"):
        answer = signed_in.get(f"/video/{video.id}/{path}")
        assert answer.status == 200
        (uri, *_) = [each.uri for each in m3u8.loads(answer.body.decode()).playlists]
        playlist = signed_in.get(urljoin(f"/video/{video.id}/{path}", uri))
        assert len(m3u8.loads(playlist.body.decode()).segments) == 1


def test_a_video_plays_from_its_beginning_during_the_encode(
    signed_in: Browser, encoder: Encoder
) -> None:
    video = encoder.video_in_encode(asset(seconds=60))
    text = signed_in.get(media_path(signed_in, video)).body.decode()
    assert "#EXT-X-PLAYLIST-TYPE:EVENT" in text
    assert "#EXT-X-START:TIME-OFFSET=0" in text
    assert "#EXT-X-ENDLIST" not in text
    assert len(m3u8.loads(text).segments) == 1


def test_signing_out_ends_the_playlists_at_once(signed_in: Browser, encoder: Encoder) -> None:
    path = media_path(signed_in, encoder.video())
    television = Browser(signed_in.server)
    assert television.get(path).status == 200
    signed_in.post("/logout/")
    answer = television.get(path)
    assert answer.status == 403
    assert list(answer.json) == ["detail"]


@pytest.mark.parametrize("minutes", [1, 6, 60])
def test_a_session_that_ended_long_ago_is_still_over(
    signed_in: Browser, encoder: Encoder, clock: HandClock, minutes: int
) -> None:
    path = media_path(signed_in, encoder.video())
    signed_in.post("/logout/")
    clock.advance(minutes=minutes)
    assert signed_in.get(path).status == 403


def test_a_new_password_elsewhere_ends_the_playlists(
    signed_in: Browser, encoder: Encoder, clock: HandClock
) -> None:
    path = media_path(signed_in, encoder.video())
    clock.advance(minutes=30)
    assert signed_in.get(path).status == 200
    elsewhere = Browser(signed_in.server)
    assert sign_in(elsewhere).status == 200
    assert elsewhere.delete("/user/sessions/").status == 200
    clock.advance(minutes=1)
    assert signed_in.get(path).status == 403


def test_withdrawing_a_video_ends_its_playlists(
    signed_in: Browser, encoder: Encoder, clock: HandClock
) -> None:
    video = encoder.video()
    path = media_path(signed_in, video)
    stage.videos().write(video.id, video.card, is_published=False)
    clock.advance(seconds=3)
    assert signed_in.get(path).status == 404
    assert signed_in.get(f"/video/{video.id}/master.m3u8").status == 404


def test_a_draft_plays_for_administrators_only(
    signed_in: Browser, admin: Browser, encoder: Encoder
) -> None:
    video = encoder.video(is_published=False)
    assert signed_in.get(f"/video/{video.id}/master.m3u8").status == 404
    assert admin.get(media_path(admin, video)).status == 200


def test_segments_by_number_are_refused_with_a_pointer_to_the_playlist(
    signed_in: Browser, encoder: Encoder
) -> None:
    video = encoder.video()
    for path in ("480p/001.ts", "480p/001.ts/", "480/1.m4s"):
        answer = signed_in.get(f"/video/{video.id}/{path}")
        assert answer.status == 404
        assert "index.m3u8" in answer.json["detail"]
        assert answer.headers["access-control-allow-credentials"] == "true"


def test_odd_names_never_cause_a_server_error(signed_in: Browser, encoder: Encoder) -> None:
    video = encoder.video()
    for path in STRANGE:
        assert signed_in.get(f"/video/{video.id}/{path}").status in (403, 404), path


def test_unknown_videos_are_404(signed_in: Browser, encoder: Encoder) -> None:
    encoder.video()
    for number in ("0", "-1", "x", "1e9", "9" * 30, "%20", "7"):
        for path in ("master.m3u8", "480p/index.m3u8", "480p/000.ts", "storyboard.vtt", "files"):
            assert signed_in.get(f"/video/{number}/{path}").status == 404


def test_the_storyboard_is_webvtt(signed_in: Browser, encoder: Encoder) -> None:
    answer = signed_in.get(f"/video/{encoder.video().id}/storyboard.vtt")
    assert answer.headers["content-type"] == "text/vtt; charset=utf-8"
    assert answer.body.startswith(b"WEBVTT\n\n00:00:00.000 --> 00:00:06.000\nhttp://127.0.0.1:8080")


def test_iframe_playlists_come_from_the_index(signed_in: Browser, encoder: Encoder) -> None:
    video = encoder.video(asset(seconds=14, has_iframes=True))
    boto3.client("s3").put_object(
        Bucket=os.environ["MEDIA_BUCKET"],
        Key=object_keys.folder(video.id, video.encode.revision) + "iframes.json",
        Body=json.dumps({"480p": [900, 800, 700]}),
    )
    listed = m3u8.loads(signed_in.get(f"/video/{video.id}/master.m3u8").body.decode())
    (offered,) = listed.iframe_playlists
    playlist = signed_in.get(f"/video/{video.id}/{offered.uri}").body.decode()
    assert "#EXT-X-I-FRAMES-ONLY" in playlist
    assert "#EXT-X-BYTERANGE:900@0" in playlist


def gzipped(browser: Browser, path: str) -> Answer:
    return browser.get(path, Accept_Encoding="gzip, br")


def test_playlists_are_sent_compressed(signed_in: Browser, encoder: Encoder) -> None:
    import gzip

    path = media_path(signed_in, encoder.video(asset(seconds=7200)))
    plain, small = signed_in.get(path), gzipped(signed_in, path)
    assert small.headers["content-encoding"] == "gzip"
    assert gzip.decompress(small.body) == plain.body
    assert len(plain.body) > 20 * len(small.body)
    assert "content-encoding" not in gzipped(signed_in, "/health").headers


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Record the requests of botocore, for any library above it."""
    from botocore.client import BaseClient

    asked: list[tuple[str, Any]] = []
    make = BaseClient._make_api_call  # type: ignore[attr-defined]

    def counting(client: Any, operation: str, sent: Any) -> Any:
        asked.append((operation, sent))
        return make(client, operation, sent)

    monkeypatch.setattr(BaseClient, "_make_api_call", counting)
    return asked


def test_a_complete_video_costs_no_call(
    signed_in: Browser, encoder: Encoder, calls: list[tuple[str, Any]]
) -> None:
    path = media_path(signed_in, encoder.video())
    signed_in.get(path)
    calls.clear()
    assert signed_in.get(path).status == 200
    assert signed_in.get(path.replace("480p", "720p")).status == 200
    assert calls == []


def test_a_video_during_its_encode_costs_half_a_capacity_unit(
    signed_in: Browser, encoder: Encoder, calls: list[tuple[str, Any]]
) -> None:
    path = media_path(signed_in, encoder.video_in_encode(asset(seconds=60)))
    signed_in.get(path)
    calls.clear()
    assert signed_in.get(path).status == 200
    assert [operation for operation, _ in calls] == ["GetItem"]
    assert not calls[0][1].get("ConsistentRead")


def test_the_life_of_a_grant_covers_the_video_and_pauses(
    signed_in: Browser, encoder: Encoder, clock: HandClock
) -> None:
    path = media_path(signed_in, encoder.video())
    clock.advance(hours=4)
    assert signed_in.get(path).status == 200
    clock.advance(seconds=timedelta(minutes=16).total_seconds())
    assert signed_in.get(path).status == 403
    assert PASSWORD not in path


def test_a_deactivated_account_cannot_play(
    signed_in: Browser, admin: Browser, encoder: Encoder, clock: HandClock
) -> None:
    path = media_path(signed_in, encoder.video())
    number = signed_in.get("/user/").json["id"]
    assert admin.patch(f"/admin/accounts/{number}/", {"is_active": False}).status == 200
    assert Browser(signed_in.server).get(path).status == 403
    clock.advance(minutes=30)
    assert Browser(signed_in.server).get(path).status == 403


def test_a_grant_is_valid_for_no_other_video_and_no_other_path(
    signed_in: Browser, encoder: Encoder
) -> None:
    video, other = encoder.video(), encoder.video()
    grant = media_path(signed_in, video).partition("?grant=")[2]
    television = Browser(signed_in.server)
    elsewhere = f"/video/{other.id}/playlist/video-480p.m3u8?grant={grant}"
    assert television.get(elsewhere).status == 403
    assert television.get(f"/video/{video.id}/master.m3u8?grant={grant}").status == 401
    television.headers = {"authorization": f"Bearer {grant}"}
    assert television.get("/user/").status == 401
    access = signed_in.cookies["access_token"]
    path = f"/video/{video.id}/playlist/video-480p.m3u8?grant={access}"
    assert Browser(signed_in.server).get(path).status == 403
