"""Faults measured in the systems we replace, each shown not to be ours."""

import pytest

from tests.api.conftest import ADDRESS, PASSWORD, Post, sign_in, sign_up
from tests.browser import Browser
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


def test_known_and_unknown_addresses_are_answered_alike_at_reset(member: Browser) -> None:
    answers = [
        member.post("/password_reset/", {"email": email})
        for email in (ADDRESS, "nobody@example.com")
    ]
    assert answers[0].status == answers[1].status == 200
    assert answers[0].body == answers[1].body


def test_refreshing_never_crashes(browser: Browser, signed_in: Browser) -> None:
    assert Browser(browser.server).post("/token/refresh/").status == 401
    browser.cookies = {"refresh_token": "nonsense"}
    assert browser.post("/token/refresh/").status == 401
    assert signed_in is browser


def test_an_access_token_is_void_after_signing_out(signed_in: Browser) -> None:
    token = signed_in.cookies["access_token"]
    signed_in.post("/logout/")
    program = Browser(signed_in.server, headers={"authorization": f"Bearer {token}"})
    assert program.get("/user/").status == 401


def test_a_foreign_page_without_a_csrf_token_signs_nobody_out(signed_in: Browser) -> None:
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


def test_nothing_of_an_account_is_shown_to_strangers(browser: Browser) -> None:
    for path in ("/user/", "/user/sessions/", "/admin/accounts/"):
        assert browser.get(path).status == 401


def test_an_ordinary_user_changes_nobody_else(signed_in: Browser, admin: Browser) -> None:
    root = admin.get("/user/").json["id"]
    assert signed_in.patch(f"/admin/accounts/{root}/", {"is_active": False}).status == 403
    assert admin.get("/user/").status == 200


def test_a_change_is_seen_at_once_and_not_served_from_a_cache(signed_in: Browser) -> None:
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
