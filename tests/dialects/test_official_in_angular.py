"""The calls of an Angular frontend of the core API, in its order and with its headers.

It signs out without a request, and draws some messages late: both are of the client alone.
"""

import re
from urllib.parse import urljoin

import m3u8
import pytest

from chalicelib.catalogue.model import Card
from infra import mail_settings
from infra.local.gateway import Gateway
from tests.api.conftest import ADDRESS, PASSWORD, Post
from tests.api.encoder import Encoder
from tests.api.test_catalogue import put
from tests.browser import Answer, Browser
from tests.conftest import forget_wiring
from tests.dialects.page import ORIGIN
from tests.fakes.clock import HandClock

SIGN_UP = {"email": ADDRESS, "password": PASSWORD, "confirmed_password": PASSWORD}
ACCOUNT = {"email": ADDRESS, "password": PASSWORD}
NEW = "staple lamp window"
LINK = re.compile(rf"{ORIGIN}/auth/(\w+)\.html\?uid=([\w.~-]+)&token=([\w.~-]+)")


@pytest.fixture(autouse=True)
def _origins_of_make_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAIN_TEXT_ORIGINS", mail_settings.ANGULAR_PAGES)
    forget_wiring()


@pytest.fixture
def page(gateway: Gateway) -> Browser:
    return Browser(gateway, origin=ORIGIN)


def get(page: Browser, path: str) -> Answer:
    return page.get(path, content_type="")


def send(page: Browser, path: str, sent: object) -> Answer:
    """Post without a CSRF header, which Angular adds to requests for its own origin alone."""
    answer = page.post(path, sent, x_csrftoken="")
    assert isinstance(answer.json, dict)
    return answer


def mailed_link(post: Post, to_page: str) -> str:
    mail = post.newest()
    body = mail and mail.get_body(("plain",))
    assert body
    link = LINK.search(body.get_content())
    assert link
    assert link[1] == to_page
    return f"{link[2]}/{link[3]}"


def signed_up(page: Browser, post: Post) -> None:
    assert send(page, "/register/", SIGN_UP).status == 201
    activated = get(page, f"/activate/{mailed_link(post, 'activate')}/")
    assert activated.json["message"] == "Account successfully activated."


@pytest.fixture
def signed_in(page: Browser, post: Post) -> Browser:
    signed_up(page, post)
    answer = send(page, "/login/", ACCOUNT)
    assert (answer.status, answer.json["user"]["email"]) == (200, ADDRESS)
    return page


def test_a_viewer_signs_up_and_in_and_watches(signed_in: Browser, encoder: Encoder) -> None:
    video = encoder.video()
    [listed] = get(signed_in, "/video/").json
    assert listed["id"] == video.id
    for resolution in ("480p", "720p", "1080p"):
        path = f"/video/{video.id}/{resolution}/index.m3u8"
        [variant] = m3u8.loads(get(signed_in, path).body.decode()).playlists
        assert m3u8.loads(get(signed_in, urljoin(path, variant.uri)).body.decode()).segments


def test_a_forgotten_password_is_replaced_by_the_link_of_a_mail(page: Browser, post: Post) -> None:
    signed_up(page, post)
    assert send(page, "/password_reset/", {"email": ADDRESS}).status == 200
    path = f"/password_confirm/{mailed_link(post, 'confirm_password')}/"
    new = {"new_password": NEW, "confirm_password": NEW}
    assert send(page, path, new).status == 200
    assert send(page, "/login/", ACCOUNT | {"password": NEW}).status == 200


def test_wrong_credentials_are_a_400_whose_text_it_shows(page: Browser, post: Post) -> None:
    signed_up(page, post)
    answer = send(page, "/login/", ACCOUNT | {"password": NEW})
    assert answer.status == 400
    assert isinstance(answer.json["detail"], str)


def test_errors_are_texts_or_lists_of_texts_by_field(page: Browser) -> None:
    for sent in ({}, SIGN_UP | {"password": "1"}, SIGN_UP | {"email": "ada"}):
        answer = send(page, "/register/", sent)
        assert answer.status == 400
        texts = [text for each in answer.json.values() for text in each]
        assert all(isinstance(each, list) for each in answer.json.values())
        assert all(isinstance(text, str) for text in texts)


def test_it_signs_in_again_with_cookies_that_it_never_deleted(signed_in: Browser) -> None:
    assert send(signed_in, "/login/", ACCOUNT).status == 200


def test_a_session_lasts_although_it_is_never_refreshed(
    signed_in: Browser, clock: HandClock
) -> None:
    for _ in range(3):
        clock.advance(hours=5)
        assert get(signed_in, "/video/").status == 200


def test_cookies_are_those_of_the_host_that_was_called(page: Browser, post: Post) -> None:
    signed_up(page, post)
    cookies = send(page, "/login/", ACCOUNT).set_cookies
    assert cookies
    assert not any("domain=" in text.lower() for text in cookies.values())


def test_texts_are_as_they_were_written_because_angular_escapes_them(
    signed_in: Browser, clock: HandClock
) -> None:
    put(clock, "", card=Card("Tom & Jerry", "<b>Cat</b>"))
    [listed] = get(signed_in, "/video/").json
    assert (listed["title"], listed["description"]) == ("Tom & Jerry", "<b>Cat</b>")
