"""The calls of the official frontend, in its order and with its headers; its traps.

The tests are numbered as the traps. Others are of the client alone: it must have the host name of
the API (5), and its player makes one request that fails (22). A browser shows what edges answer
to requests with credentials (10): `integration/test_clients_in_chromium.py`.
"""

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from html import escape
from urllib.parse import parse_qs, urljoin, urlsplit

import m3u8
import pytest

from chalicelib.catalogue.model import Card, EncodeSummary, Revision, Video
from chalicelib.playback.grants import PAUSES
from infra.local.gateway import Gateway, HttpRequest
from tests.api.conftest import ADDRESS, PASSWORD, Post, sign_in, sign_up
from tests.api.encoder import Encoder
from tests.api.test_catalogue import put
from tests.browser import PAGE, Browser
from tests.builders.assets import RUNGS, asset
from tests.dialects.page import ORIGIN
from tests.fakes.clock import HandClock

NEW = "staple lamp window"
SCRIPT = "<img src=x onerror=alert(1)>"
# What `new Date()` of ECMAScript reads in every browser.
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")
PAGES = f"{PAGE}/pages/auth"
EDGE = "http://127.0.0.1:8080"


def mailed_link(post: Post, page: str) -> tuple[str, str]:
    """Return uid and token of the newest mail, which lead to a page of the client."""
    mail = post.newest()
    body = mail and mail.get_body(("plain",))
    assert body
    assert f"{PAGES}/{page}.html?uid=" in body.get_content()
    return post.link()


def playlist(browser: Browser, video: Video, resolution: str) -> m3u8.M3U8:
    """Follow the playlist of one size to that of its picture, as hls.js does."""
    path = f"/video/{video.id}/{resolution}/index.m3u8"
    for _ in ("one size", "its picture"):
        answer = browser.get(path)
        assert (answer.status, "location" in answer.headers) == (200, False)
        listed = m3u8.loads(answer.body.decode())
        path = urljoin(path, next((each.uri for each in listed.playlists), ""))
    return listed


def end_of(url: str) -> datetime:
    """Return when a signed URL expires."""
    policy = parse_qs(urlsplit(url).query)["Policy"][0].translate(str.maketrans("-_~", "+=/"))
    condition = json.loads(base64.b64decode(policy))["Statement"][0]["Condition"]
    return datetime.fromtimestamp(condition["DateLessThan"]["AWS:EpochTime"], UTC)


def test_a_viewer_signs_up_and_watches_and_signs_out(
    browser: Browser, post: Post, encoder: Encoder
) -> None:
    form = {"email": ADDRESS, "password": PASSWORD, "confirmed_password": PASSWORD}
    registered = browser.post("/register/", form | {"privacy_policy": "on"})
    assert (registered.status, registered.json["user"]["email"]) == (201, ADDRESS)
    uid, token = mailed_link(post, "activate")
    activated = browser.get(f"/activate/{uid}/{token}/")
    assert activated.json["message"] == "Account successfully activated."
    assert sign_in(browser).json["detail"] == "Login successful"
    video = encoder.video()
    assert [each["id"] for each in browser.get("/video/").json] == [video.id]
    assert playlist(browser, video, "480p").segments
    refreshed = browser.post("/token/refresh/", x_csrftoken="")
    assert (refreshed.status, refreshed.json["detail"]) == (200, "Token refreshed")
    assert browser.post("/logout/").json["detail"].startswith("Logout successful!")
    assert browser.get("/video/").status == 401


def test_a_forgotten_password_is_replaced_by_the_link_of_a_mail(
    member: Browser, post: Post
) -> None:
    asked = member.post("/password_reset/", {"email": ADDRESS})
    assert asked.json == {"detail": "An email has been sent to reset your password."}
    uid, token = mailed_link(post, "confirm_password")
    new = {"new_password": NEW, "confirm_password": NEW}
    answer = member.post(f"/password_confirm/{uid}/{token}/", new)
    assert answer.json == {"detail": "Your Password has been successfully reset."}
    assert (sign_in(member).status, sign_in(member, password=NEW).status) == (400, 200)


def test_1_every_answer_to_a_post_is_a_json_object(signed_in: Browser) -> None:
    answers = [
        signed_in.post("/register/", {"email": "x"}),
        sign_in(signed_in),
        sign_in(signed_in, password="wrong password"),
        signed_in.post("/password_reset/", {"email": ADDRESS}),
        signed_in.post("/password_confirm/1/x/", {}),
        signed_in.post("/token/refresh/"),
        signed_in.post("/logout/"),
    ]
    assert all(isinstance(answer.json, dict) for answer in answers)
    assert {answer.headers["content-type"] for answer in answers} == {"application/json"}


def test_2_scripts_can_read_the_csrf_cookie_and_no_other(member: Browser) -> None:
    cookies = sign_in(member).set_cookies
    assert "HttpOnly" not in cookies["csrftoken"]
    assert "Path=/;" in cookies["csrftoken"]
    others = [text for name, text in cookies.items() if name != "csrftoken"]
    assert all("HttpOnly" in text for text in others)


def test_2_signing_out_needs_the_cookie_that_scripts_can_read(signed_in: Browser) -> None:
    assert signed_in.post("/logout/", x_csrftoken="").status == 403
    assert signed_in.post("/logout/").status == 200


def test_3_ids_are_numbers_that_javascript_holds(signed_in: Browser, encoder: Encoder) -> None:
    encoder.video()
    ids = [signed_in.get("/user/").json["id"], signed_in.get("/video/").json[0]["id"]]
    assert all(isinstance(each, int) and each < 2**53 for each in ids)


def test_4_the_list_is_a_bare_array_of_what_can_be_played(
    signed_in: Browser, clock: HandClock
) -> None:
    put(clock, "pending", media=None, encode=EncodeSummary(Revision(1)))
    [video] = put(clock, "complete", card=Card("complete"))
    [listed] = signed_in.get("/video/").json
    assert (listed["id"], listed["category"]) == (video.id, "")
    assert urlsplit(listed["thumbnail_url"]).scheme == "http"


def test_6_cookies_work_on_plain_http_at_home(member: Browser) -> None:
    for text in sign_in(member).set_cookies.values():
        assert "SameSite=Lax" in text
        assert "Secure" not in text
        assert "Domain" not in text


def test_7_lists_and_playlists_renew_the_session(
    signed_in: Browser, encoder: Encoder, clock: HandClock
) -> None:
    video = encoder.video()
    for path in ("/video/", f"/video/{video.id}/480p/index.m3u8"):
        clock.advance(hours=1)
        answer = signed_in.get(path)
        assert (answer.status, "access_token" in answer.set_cookies) == (200, True)


def test_8_urls_of_segments_outlive_the_video_and_pauses(
    signed_in: Browser, encoder: Encoder, clock: HandClock
) -> None:
    segments = playlist(signed_in, encoder.video(), "480p").segments
    needed = clock.now() + timedelta(seconds=20) + PAUSES
    assert all(end_of(each.uri) >= needed for each in segments)


@pytest.mark.parametrize("origin", [PAGE, ORIGIN])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/user/", 401),
        ("POST", "/login/", 400),
        ("GET", "/health/", 200),
        ("GET", "/nothing/", 404),
        ("PUT", "/login/", 405),
    ],
)
def test_9_answers_and_errors_allow_the_exact_origin(
    gateway: Gateway, origin: str, method: str, path: str, status: int
) -> None:
    answer = Browser(gateway, origin=origin).send(method, path, {})
    assert answer.status == status
    assert answer.headers["access-control-allow-origin"] == origin
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert "Origin" in answer.headers["vary"]


def test_9_a_preflight_needs_no_authentication_and_allows_what_the_client_sends(
    gateway: Gateway,
) -> None:
    asked = [
        ("origin", PAGE),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type,x-csrftoken"),
    ]
    answer = gateway.handle(HttpRequest("OPTIONS", "/api/logout/", asked))
    headers = {name.lower(): value for name, value in answer.headers}
    assert answer.status == 200
    assert headers["access-control-allow-origin"] == PAGE
    assert {"content-type", "x-csrftoken"} <= set(
        headers["access-control-allow-headers"].split(", ")
    )
    assert "POST" in headers["access-control-allow-methods"]


def test_9_a_foreign_origin_is_not_allowed(browser: Browser, gateway: Gateway) -> None:
    browser.origin = "https://evil.example"
    asked = [("origin", browser.origin), ("access-control-request-method", "POST")]
    preflight = gateway.handle(HttpRequest("OPTIONS", "/api/login/", asked))
    names = {name.lower() for name, _ in preflight.headers} | browser.get("/health/").headers.keys()
    assert not any(name.startswith("access-control-allow") for name in names)


def test_11_and_14_playlists_name_the_edge_instead_of_redirecting(
    signed_in: Browser, encoder: Encoder
) -> None:
    segments = playlist(signed_in, encoder.video(), "720p").segments
    assert {"{0.scheme}://{0.netloc}".format(urlsplit(each.uri)) for each in segments} == {EDGE}


def test_12_the_playlist_of_one_size_is_that_of_a_whole_video(
    signed_in: Browser, encoder: Encoder, clock: HandClock
) -> None:
    video = encoder.video()
    listed = m3u8.loads(signed_in.get(f"/video/{video.id}/480p/index.m3u8").body.decode())
    assert len(listed.playlists) == 1
    picture = playlist(signed_in, video, "480p")
    assert (picture.playlist_type, picture.is_endlist) == ("vod", True)
    # All that a native player reads of it, without cookies: the picture and the group of its sound.
    player = Browser(signed_in.server)
    assert [each.type for each in listed.media if each.type == "AUDIO"]
    for each in (*listed.playlists, *listed.media):
        url = urljoin(f"/video/{video.id}/480p/index.m3u8", each.uri)
        rendition = m3u8.loads(player.get(url).body.decode())
        assert (rendition.playlist_type, rendition.is_endlist) == ("vod", True)
    [pending] = put(clock, "pending", media=None, encode=EncodeSummary(Revision(1)))
    assert signed_in.get(f"/video/{pending.id}/480p/index.m3u8").status == 404


def test_13_no_number_of_playlists_is_too_many(signed_in: Browser, encoder: Encoder) -> None:
    path = f"/video/{encoder.video().id}/480p/index.m3u8"
    assert {signed_in.get(path).status for _ in range(100)} == {200}


def test_15_uid_and_token_go_raw_into_a_path(member: Browser, post: Post) -> None:
    member.post("/password_reset/", {"email": ADDRESS})
    uid, token = post.link()
    assert re.fullmatch(r"[A-Za-z0-9._~-]+", uid + token)


def test_16_the_server_compares_the_passwords(member: Browser, post: Post) -> None:
    member.post("/password_reset/", {"email": ADDRESS})
    uid, token = post.link()
    different = {"new_password": "first horse", "confirm_password": "second horse"}
    assert member.post(f"/password_confirm/{uid}/{token}/", different).status == 400


def test_17_errors_never_repeat_what_was_sent(browser: Browser) -> None:
    answers = [
        sign_up(browser, email=SCRIPT, password=SCRIPT),
        sign_in(browser, email=SCRIPT, password=SCRIPT),
        browser.get("/activate/%3Cimg%3E/%3Cimg%3E/"),
        browser.get("/admin/accounts/?limit=%3Cimg%3E"),
    ]
    assert not any(b"img" in answer.body for answer in answers)


def test_17_texts_of_the_catalogue_are_html(signed_in: Browser, clock: HandClock) -> None:
    put(clock, SCRIPT, card=Card(SCRIPT, SCRIPT, SCRIPT))
    [listed] = signed_in.get("/video/").json
    texts = [listed[field] for field in ("title", "description", "category")]
    assert texts == [escape(SCRIPT)] * 3


def test_18_error_bodies_hold_nothing_but_messages(browser: Browser) -> None:
    assert sign_in(browser).json.keys() == {"detail"}
    assert browser.post("/login/", {}).json == {
        "email": ["This field is required."],
        "password": ["This field is required."],
    }


def test_19_times_are_those_that_scripts_read(signed_in: Browser, encoder: Encoder) -> None:
    encoder.video()
    assert TIME.fullmatch(signed_in.get("/video/").json[0]["created_at"])


def test_20_a_segment_by_number_answers_with_and_without_a_slash(
    signed_in: Browser, encoder: Encoder
) -> None:
    path = f"/video/{encoder.video().id}/480p/000.ts"
    without, with_slash = signed_in.get(path), signed_in.get(f"{path}/")
    assert (without.status, without.body) == (with_slash.status, with_slash.body)
    assert "index.m3u8" in without.json["detail"]


def test_21_the_token_of_the_register_answer_is_a_dummy(browser: Browser, post: Post) -> None:
    answer = sign_up(browser)
    assert post.link()[1] != answer.json["token"]


def test_22_a_kept_choice_of_a_size_that_a_video_has_not_is_the_next_smaller_one(
    signed_in: Browser, encoder: Encoder
) -> None:
    path = f"/video/{encoder.video(asset(rungs=RUNGS[1:])).id}/1080p/index.m3u8"
    [variant] = m3u8.loads(signed_in.get(path).body.decode()).playlists
    assert variant.stream_info.resolution == (1280, 720)


@pytest.mark.parametrize(
    ("repeated", "new"),
    [
        ("confirmed_password", ("new_password", "confirm_password")),
        ("password_confirm", ("password", "password_confirm")),
    ],
)
def test_23_both_spellings_of_passwords_are_known(
    browser: Browser, post: Post, repeated: str, new: tuple[str, str]
) -> None:
    form = {"email": ADDRESS, "password": PASSWORD, repeated: PASSWORD}
    assert browser.post("/register/", form).status == 201
    uid, token = post.link()
    assert browser.get(f"/activate/{uid}/{token}/").status == 200
    browser.post("/password_reset/", {"email": ADDRESS})
    uid, token = post.link()
    answer = browser.post(f"/password_confirm/{uid}/{token}/", dict.fromkeys(new, NEW))
    assert (answer.status, sign_in(browser, password=NEW).status) == (200, 200)


def test_routes_answer_with_and_without_the_slash(browser: Browser) -> None:
    assert browser.get("/health/").status == browser.get("/health").status == 200


def test_an_empty_catalogue_is_an_empty_array(signed_in: Browser) -> None:
    assert signed_in.get("/video/").json == []
