"""Tokens are bound to their account, session and life."""

from datetime import datetime, timedelta

import pytest

from infra.local.gateway import Gateway
from tests.api.conftest import ADDRESS, PASSWORD, Post, sign_in, sign_up
from tests.browser import Browser
from tests.fakes.clock import HandClock

NEW = "a much better horse"
CHANGE = {"current_password": PASSWORD, "new_password": NEW, "confirm_password": NEW}


def flood(gateway: Gateway) -> None:
    """Use up the attempts on the account of Ada, each from another address."""
    for number in range(105):
        sign_in(Browser(gateway, address=f"203.0.113.{number}"), password="a guess")


def newcomer(gateway: Gateway, **cookies: str) -> Browser:
    return Browser(gateway, address="198.51.100.99", cookies=dict(cookies))


def test_a_device_token_ends_with_a_change_of_the_password(
    signed_in: Browser, gateway: Gateway
) -> None:
    old = signed_in.cookies["device_token"]
    assert signed_in.post("/user/password/", CHANGE).status == 200
    flood(gateway)
    assert sign_in(newcomer(gateway, device_token=old), password=NEW).status == 429
    assert sign_in(signed_in, password=NEW).status == 200, "the browser that changed it goes on"


def test_ending_all_other_sessions_ends_device_tokens_of_other_browsers(
    signed_in: Browser, gateway: Gateway
) -> None:
    old = signed_in.cookies["device_token"]
    assert signed_in.delete("/user/sessions/").status == 200
    flood(gateway)
    assert sign_in(newcomer(gateway, device_token=old)).status == 429
    assert sign_in(signed_in).status == 200


def test_many_device_tokens_of_one_account_share_one_limit(
    signed_in: Browser, gateway: Gateway
) -> None:
    marks = [signed_in.cookies["device_token"]]
    for _ in range(3):
        other = Browser(gateway, address="192.0.2.1")
        sign_in(other)
        marks.append(other.cookies["device_token"])
    flood(gateway)
    guesses = [
        sign_in(newcomer(gateway, device_token=mark), password="a guess").status
        for mark in marks
        for _ in range(5)
    ]
    # The sign-in after the activation was the first of ten attempts.
    assert (guesses.count(400), guesses.count(429)) == (9, 11)


def test_a_device_token_of_an_earlier_version_is_no_error(
    signed_in: Browser, gateway: Gateway
) -> None:
    import jwt

    claims = jwt.decode(signed_in.cookies["device_token"], options={"verify_signature": False})
    assert claims.keys() == {"sub", "for", "iss", "aud", "iat", "exp"}
    flood(gateway)
    assert sign_in(newcomer(gateway, device_token="of-before")).status == 429


@pytest.mark.parametrize("link", ["activation", "reset"])
def test_a_browser_that_redeemed_a_link_signs_in_while_the_account_is_throttled(
    browser: Browser, gateway: Gateway, post: Post, link: str
) -> None:
    sign_up(browser)
    uid, token = post.link()
    new = newcomer(gateway)
    opener = new if link == "activation" else browser
    assert opener.get(f"/activate/{uid}/{token}/").status == 200
    flood(gateway)
    if link == "reset":
        assert sign_in(new).status == 429
        new.post("/password_reset/", {"email": ADDRESS})
        uid, token = post.link()
        chosen = {"new_password": PASSWORD, "confirm_password": PASSWORD}
        assert new.post(f"/password_confirm/{uid}/{token}/", chosen).status == 200
    assert sign_in(new).status == 200


def test_an_api_token_ends_with_the_password(signed_in: Browser, gateway: Gateway) -> None:
    issued = signed_in.post("/user/tokens/", {"label": "x", "password": PASSWORD}).json["token"]
    program = Browser(gateway, headers={"authorization": f"Token {issued}"})
    assert program.get("/user/").status == 200
    assert signed_in.post("/user/password/", CHANGE).status == 200
    assert program.get("/user/").status == 401


def test_signing_in_ends_the_earlier_session_of_this_browser(signed_in: Browser) -> None:
    earlier = Browser(signed_in.server, cookies=dict(signed_in.cookies))
    assert sign_in(signed_in).status == 200
    assert earlier.get("/user/").status == 401
    assert earlier.post("/token/refresh/").status == 401
    assert [each["is_current"] for each in signed_in.get("/user/sessions/").json] == [True]


def test_a_wrong_password_ends_no_session(signed_in: Browser) -> None:
    assert sign_in(signed_in, password="mistyped").status == 400
    assert signed_in.post("/token/refresh/").status == 200


def test_signing_in_with_cookies_of_an_ended_session_is_no_error(
    signed_in: Browser, clock: HandClock
) -> None:
    clock.advance(days=8)
    assert sign_in(signed_in).status == 200
    signed_in.cookies["refresh_token"] = "garbage"
    assert sign_in(signed_in).status == 200


def test_a_session_ends_ninety_days_after_it_began_despite_renewals(
    signed_in: Browser, clock: HandClock
) -> None:
    for _ in range(17):
        clock.advance(days=5)
        assert signed_in.get("/user/").status == 200
    clock.advance(days=4, hours=23, minutes=58)
    assert signed_in.get("/user/").status == 200
    clock.advance(minutes=2)
    assert signed_in.get("/user/").status == 401
    assert signed_in.post("/token/refresh/").status == 401
    assert sign_in(signed_in).status == 200


def test_the_list_of_sessions_says_when_each_ends(signed_in: Browser, clock: HandClock) -> None:
    for _ in range(17):
        clock.advance(days=5)
        signed_in.get("/user/")
    (session,) = signed_in.get("/user/sessions/").json
    ends_at = datetime.fromisoformat(session["expires_at"])
    assert ends_at - datetime.fromisoformat(session["created_at"]) == timedelta(days=90)


def test_a_csrf_token_of_another_session_is_refused(signed_in: Browser, gateway: Gateway) -> None:
    other = newcomer(gateway)
    sign_in(other)
    signed_in.cookies["csrftoken"] = other.cookies["csrftoken"]
    for method, path in (("PATCH", "/user/"), ("POST", "/logout/"), ("DELETE", "/user/sessions/")):
        assert signed_in.send(method, path, {"first_name": "Eve"}).status == 403, path
    assert signed_in.get("/user/").json["first_name"] == ""


@pytest.mark.parametrize("planted", ["planted", "\u00fc", "0" * 32])
def test_a_planted_pair_of_csrf_tokens_is_refused(signed_in: Browser, planted: str) -> None:
    signed_in.cookies["csrftoken"] = planted
    assert signed_in.patch("/user/", {"first_name": "Eve"}).status == 403


def test_a_planted_csrf_token_does_not_sign_out_after_the_access_token_expired(
    signed_in: Browser, clock: HandClock
) -> None:
    own = signed_in.cookies["csrftoken"]
    clock.advance(hours=1)
    signed_in.cookies.pop("access_token")
    signed_in.cookies["csrftoken"] = "planted"
    assert signed_in.post("/logout/").status == 403
    signed_in.cookies["csrftoken"] = own
    assert signed_in.post("/logout/").status == 200


def test_without_a_csrf_cookie_the_origin_decides(
    signed_in: Browser,
) -> None:
    del signed_in.cookies["csrftoken"]
    assert signed_in.patch("/user/", {"first_name": "Ada"}).status == 200
    foreign = {"origin": "https://evil.example"}
    assert signed_in.send("PATCH", "/user/", {"first_name": "E"}, headers=foreign).status == 403


@pytest.mark.parametrize(
    "password", ["videoflix", "Videoflix1", "summer2026", "Sommer2026!", "dragon1234", "example1"]
)
def test_a_guessable_password_is_refused(
    browser: Browser, signed_in: Browser, password: str
) -> None:
    assert sign_up(browser, "new@example.com", password).status == 400
    change = {**CHANGE, "new_password": password, "confirm_password": password}
    assert signed_in.post("/user/password/", change).status == 400
