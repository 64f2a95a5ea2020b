"""Traps of the official frontend and of bock, numbered as in their specifications."""

import re

import pytest

from infra.local.gateway import Gateway, HttpRequest
from tests.api.conftest import ADDRESS, PASSWORD, Post, sign_in, sign_up
from tests.browser import PAGE, Browser

BOCK = "http://localhost:4200"


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


def test_3_ids_are_numbers_that_javascript_holds(browser: Browser) -> None:
    account_id = sign_up(browser).json["user"]["id"]
    assert isinstance(account_id, int)
    assert account_id < 2**53


def test_6_cookies_work_on_plain_http_at_home(member: Browser) -> None:
    for text in sign_in(member).set_cookies.values():
        assert "SameSite=Lax" in text
        assert "Secure" not in text
        assert "Domain" not in text


@pytest.mark.parametrize("origin", [PAGE, BOCK])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/user/", 401), ("POST", "/login/", 400), ("GET", "/health/", 200)],
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
    script = "<img src=x onerror=alert(1)>"
    answers = [
        sign_up(browser, email=script, password=script),
        sign_in(browser, email=script, password=script),
        browser.get("/activate/%3Cimg%3E/%3Cimg%3E/"),
        browser.get("/admin/accounts/?limit=%3Cimg%3E"),
    ]
    assert not any(b"img" in answer.body for answer in answers)


def test_18_error_bodies_hold_nothing_but_messages(browser: Browser) -> None:
    assert sign_in(browser).json.keys() == {"detail"}
    assert browser.post("/login/", {}).json == {
        "email": ["This field is required."],
        "password": ["This field is required."],
    }


def test_21_the_token_of_the_register_answer_is_a_dummy(browser: Browser, post: Post) -> None:
    answer = sign_up(browser)
    assert post.link()[1] != answer.json["token"]


def test_the_links_lead_to_the_pages_of_the_official_frontend(browser: Browser, post: Post) -> None:
    sign_up(browser)
    mail = post.newest()
    assert mail is not None
    body = mail.get_body(("plain",))
    assert body is not None
    assert "http://127.0.0.1:5500/pages/auth/activate.html?uid=" in body.get_content()


def test_routes_answer_with_and_without_the_slash(browser: Browser) -> None:
    assert browser.get("/health/").status == browser.get("/health").status == 200


def test_refreshing_takes_no_csrf_token_because_the_client_sends_none(signed_in: Browser) -> None:
    assert signed_in.post("/token/refresh/", x_csrftoken="").status == 200


def test_bock_signs_in_again_with_cookies_it_never_deleted(signed_in: Browser) -> None:
    signed_in.origin = BOCK
    answer = signed_in.post("/login/", {"email": ADDRESS, "password": PASSWORD}, x_csrftoken="")
    assert answer.status == 200


def test_bock_sees_the_text_of_wrong_credentials_because_it_is_a_400(member: Browser) -> None:
    answer = sign_in(member, password="wrong password")
    assert answer.status == 400
    assert isinstance(answer.json["detail"], str)
