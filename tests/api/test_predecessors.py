"""Faults that were measured in the replaced backends do not exist here."""

from urllib.parse import urljoin, urlsplit

import m3u8
import pytest

from tests.api.conftest import ADDRESS, PASSWORD, Post, sign_in, sign_up
from tests.api.encoder import Encoder, media_path
from tests.browser import Browser
from tests.builders.assets import SUBTITLES, asset
from tests.fakes.clock import HandClock


def test_activation_needs_the_mail(browser: Browser) -> None:
    answer = sign_up(browser).json
    browser.get(f"/activate/{answer['user']['id']}/{answer['token']}/")
    assert sign_in(browser).status == 400


@pytest.mark.parametrize("password", ["1", "12345678", "password", "iloveyou1", "qwertyuiop"])
def test_bad_passwords_are_refused(browser: Browser, password: str) -> None:
    assert sign_up(browser, password=password).status == 400


def test_an_address_in_other_case_is_no_second_account(member: Browser, post: Post) -> None:
    sign_up(member, "Ada@Example.com", "some other horse")
    post.deliver()
    assert sign_in(member, "Ada@Example.com", "some other horse").status == 400
    assert sign_in(member, "ADA@EXAMPLE.COM").status == 200


def test_forty_wrong_sign_ins_are_throttled(member: Browser) -> None:
    statuses = [sign_in(member, password="wrong password").status for _ in range(40)]
    assert statuses.count(429) == 30


def test_known_and_unknown_addresses_get_the_same_answer_at_reset(member: Browser) -> None:
    answers = [
        member.post("/password_reset/", {"email": email})
        for email in (ADDRESS, "unknown@example.com")
    ]
    assert answers[0].status == answers[1].status == 200
    assert answers[0].body == answers[1].body


def test_refreshing_never_crashes(browser: Browser, signed_in: Browser) -> None:
    assert Browser(browser.server).post("/token/refresh/").status == 401
    browser.cookies = {"refresh_token": "nonsense"}
    assert browser.post("/token/refresh/").status == 401
    assert signed_in is browser


def test_an_access_token_is_revoked_by_signing_out(signed_in: Browser) -> None:
    token = signed_in.cookies["access_token"]
    signed_in.post("/logout/")
    program = Browser(signed_in.server, headers={"authorization": f"Bearer {token}"})
    assert program.get("/user/").status == 401


def test_a_foreign_page_without_a_csrf_token_cannot_sign_out(signed_in: Browser) -> None:
    answer = signed_in.post("/logout/", origin="https://evil.example", x_csrftoken="")
    assert answer.status == 403
    assert signed_in.get("/user/").status == 200


def test_no_token_is_in_a_json_body(signed_in: Browser, post: Post) -> None:
    fresh = Browser(signed_in.server)
    bodies = [
        sign_up(fresh, "new@example.com").body,
        sign_in(signed_in).body,
        signed_in.post("/token/refresh/").body,
        signed_in.get("/user/sessions/").body,
    ]
    live = [*signed_in.cookies.values(), post.link("new@example.com")[1]]
    assert not any(token.encode() in body for body in bodies for token in live)


def test_account_details_are_not_public(browser: Browser) -> None:
    for path in ("/user/", "/user/sessions/", "/admin/accounts/"):
        assert browser.get(path).status == 401


def test_a_viewer_cannot_change_other_accounts(signed_in: Browser, admin: Browser) -> None:
    root = admin.get("/user/").json["id"]
    assert signed_in.patch(f"/admin/accounts/{root}/", {"is_active": False}).status == 403
    assert admin.get("/user/").status == 200


def test_a_change_is_visible_at_once_despite_caches(signed_in: Browser) -> None:
    signed_in.patch("/user/", {"first_name": "Ada"})
    answer = signed_in.get("/user/")
    assert answer.json["first_name"] == "Ada"
    assert answer.headers["cache-control"] == "no-store"


def test_no_foreign_origin_is_reflected(signed_in: Browser) -> None:
    answer = signed_in.get("/user/", origin="https://evil.example")
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["vary"] == "Origin"


def test_the_host_header_of_a_caller_is_in_no_mail(browser: Browser, post: Post) -> None:
    browser.headers = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    sign_up(browser)
    mail = post.newest()
    assert mail is not None
    assert "evil.example" not in mail.as_string()


def test_a_reset_does_not_leave_old_sessions_alive(
    signed_in: Browser, post: Post, clock: HandClock
) -> None:
    stolen = Browser(signed_in.server, cookies=dict(signed_in.cookies))
    signed_in.post("/password_reset/", {"email": ADDRESS})
    uid, token = post.link()
    new = {"new_password": "another horse", "confirm_password": "another horse"}
    signed_in.post(f"/password_confirm/{uid}/{token}/", new)
    clock.advance(seconds=1)
    assert stolen.get("/user/").status == 401
    assert sign_in(stolen, password=PASSWORD).status == 400


def test_anonymous_callers_get_no_list_no_playlist_and_no_segment(
    browser: Browser, encoder: Encoder
) -> None:
    video = encoder.video()
    names = (
        "",
        "master.m3u8",
        "720p/index.m3u8",
        "720p/000.ts",
        "storyboard.vtt",
        "files",
        "progress",
    )
    asked = [browser.get("/video/"), *(browser.get(f"/video/{video.id}/{name}") for name in names)]
    assert [answer.status for answer in asked] == [401] * len(asked)
    assert browser.get(f"/video/{video.id}/playlist/video-720p.m3u8").status == 403


def test_every_uri_of_the_multivariant_playlist_is_a_playlist(
    signed_in: Browser, encoder: Encoder
) -> None:
    path = f"/video/{encoder.video(asset(subtitles=(SUBTITLES,))).id}/master.m3u8"
    listed = m3u8.loads(signed_in.get(path).body.decode())
    entries = [each.uri for each in [*listed.playlists, *listed.media]]
    kinds = {urlsplit(each).path.rpartition("/")[2].partition("-")[0] for each in entries}
    assert kinds == {"video", "audio", "subtitles"}
    for entry in entries:
        answer = signed_in.get(urljoin(path, entry))
        assert (answer.status, answer.body[:8]) == (200, b"#EXTM3U\n")


def test_bandwidths_are_the_measured_ones(signed_in: Browser, encoder: Encoder) -> None:
    video_asset = asset(seconds=20)
    listed = m3u8.loads(
        signed_in.get(f"/video/{encoder.video(video_asset).id}/master.m3u8").body.decode()
    )
    sound = max(video_asset.audio, key=lambda track: track.peak)
    bandwidths = {each.stream_info.bandwidth for each in listed.playlists}
    assert all(rung.peak for rung in video_asset.rungs)
    assert bandwidths == {rung.peak + sound.peak for rung in video_asset.rungs}


@pytest.mark.parametrize("size", ["480p", "720p"])
def test_segments_have_the_requested_size_without_redirects(
    signed_in: Browser, encoder: Encoder, size: str
) -> None:
    video = encoder.video()
    text = signed_in.get(media_path(signed_in, video, of=f"video-{size}")).body.decode()
    folder = f"http://127.0.0.1:8080/media/{video.id}/1/video/{size}/"
    assert all(each.uri.startswith(folder) for each in m3u8.loads(text).segments)
    assert signed_in.get(f"/video/{video.id}/{size}/000.ts").status == 404


def test_no_segment_is_longer_than_the_target_says(signed_in: Browser, encoder: Encoder) -> None:
    video = encoder.video(asset(seconds=125, subtitles=(SUBTITLES,)))
    for of in ("video-480p", "audio-0", "subtitles-0"):
        listed = m3u8.loads(signed_in.get(media_path(signed_in, video, of=of)).body.decode())
        longest = max(each.duration for each in listed.segments)
        assert listed.target_duration - 1 < longest < listed.target_duration + 0.5


@pytest.mark.parametrize("number", ["0", "-1", "x", "1e9", "9" * 30, "%20", "..", "%00", "%ff"])
def test_progress_of_an_invalid_id_is_no_server_error(signed_in: Browser, number: str) -> None:
    assert signed_in.get(f"/video/{number}/progress").status in (403, 404)


def test_a_segment_named_two_dots_is_no_server_error(signed_in: Browser, encoder: Encoder) -> None:
    video = encoder.video()
    for name in ("..", "%2e%2e", "%2e%2e%2f%2e%2e", "..%5c", "%252e%252e"):
        assert signed_in.get(f"/video/{video.id}/480p/{name}").status in (403, 404)
