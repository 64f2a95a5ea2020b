"""Passwords over HTTP: request a reset, reset, change."""

import pytest

from infra.local.gateway import Gateway
from tests.api.conftest import ADDRESS, PASSWORD, Post, sign_in, sign_up
from tests.browser import Browser
from tests.fakes.clock import HandClock

NEW = "a much better horse"


def request_reset(browser: Browser, email: str = ADDRESS) -> int:
    return browser.post("/password_reset/", {"email": email}).status


def new_password(password: str = NEW) -> dict[str, str]:
    return {"new_password": password, "confirm_password": password}


def test_a_forgotten_password_is_replaced_by_the_link_in_the_mail(
    member: Browser, post: Post
) -> None:
    ordered = member.post("/password_reset/", {"email": ADDRESS})
    uid, token = post.link()
    confirmed = member.post(f"/password_confirm/{uid}/{token}/", new_password())
    assert ordered.json == {"detail": "An email has been sent to reset your password."}
    assert confirmed.json == {"detail": "Your Password has been successfully reset."}
    assert sign_in(member, password=PASSWORD).status == 400
    assert sign_in(member, password=NEW).status == 200


def test_known_and_unknown_addresses_get_the_same_answer(member: Browser, post: Post) -> None:
    known = member.post("/password_reset/", {"email": ADDRESS})
    unknown = member.post("/password_reset/", {"email": "unknown@example.com"})
    post.deliver()
    assert (known.status, known.json) == (unknown.status, unknown.json)
    assert [mail["To"] for mail in post.sent()].count("unknown@example.com") == 0


def test_a_reset_link_works_once(member: Browser, post: Post) -> None:
    request_reset(member)
    uid, token = post.link()
    member.post(f"/password_confirm/{uid}/{token}/", new_password())
    again = member.post(f"/password_confirm/{uid}/{token}/", new_password("yet another horse"))
    assert again.status == 400


def test_a_reset_link_is_good_for_an_hour(member: Browser, post: Post, clock: HandClock) -> None:
    request_reset(member)
    uid, token = post.link()
    clock.advance(hours=1)
    assert member.post(f"/password_confirm/{uid}/{token}/", new_password()).status == 400


def test_a_reset_of_a_pending_account_confirms_its_address(browser: Browser, post: Post) -> None:
    sign_up(browser)
    post.deliver()
    request_reset(browser)
    uid, token = post.link()
    assert sign_in(browser).status == 400
    assert browser.post(f"/password_confirm/{uid}/{token}/", new_password()).status == 200
    assert sign_in(browser, password=NEW).status == 200


def test_a_reset_signs_out_everywhere(signed_in: Browser, post: Post) -> None:
    request_reset(signed_in)
    uid, token = post.link()
    Browser(signed_in.server).post(f"/password_confirm/{uid}/{token}/", new_password())
    assert signed_in.get("/user/").status == 401
    assert signed_in.post("/token/refresh/").status == 401


def test_the_owner_gets_a_mail_about_a_reset(member: Browser, post: Post) -> None:
    request_reset(member)
    uid, token = post.link()
    member.post(f"/password_confirm/{uid}/{token}/", new_password())
    mail = post.newest()
    assert mail is not None
    assert "token=" not in mail.as_string()
    assert len(post.sent()) == 3


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("new_password", "confirm_password"),
        ("password", "password_confirm"),
        ("new_password", "re_new_password"),
    ],
)
def test_every_spelling_of_the_new_password_is_read(
    member: Browser, post: Post, first: str, second: str
) -> None:
    request_reset(member)
    uid, token = post.link()
    different = member.post(f"/password_confirm/{uid}/{token}/", {first: NEW, second: "no"})
    weak = member.post(f"/password_confirm/{uid}/{token}/", {first: "short", second: "short"})
    fitting = member.post(f"/password_confirm/{uid}/{token}/", {first: NEW, second: NEW})
    assert different.json == {second: ["The passwords do not match."]}
    assert weak.json == {first: ["Use at least 8 characters."]}
    assert fitting.status == 200


def test_a_refused_password_does_not_use_up_the_link(member: Browser, post: Post) -> None:
    request_reset(member)
    uid, token = post.link()
    member.post(f"/password_confirm/{uid}/{token}/", new_password("short"))
    assert member.post(f"/password_confirm/{uid}/{token}/", new_password()).status == 200


def test_changing_the_password_ends_all_other_sessions(signed_in: Browser) -> None:
    phone = Browser(signed_in.server)
    sign_in(phone)
    changed = signed_in.post("/user/password/", {"current_password": PASSWORD, **new_password()})
    assert changed.status == 200
    assert signed_in.get("/user/").status == 200
    assert phone.get("/user/").status == 401
    assert sign_in(phone, password=NEW).status == 200


def test_changing_the_password_takes_the_present_one(signed_in: Browser) -> None:
    answer = signed_in.post("/user/password/", {"current_password": "guess", **new_password()})
    assert answer.json == {"current_password": ["This is not your password."]}


def test_an_open_session_cannot_be_used_to_guess_the_password(signed_in: Browser) -> None:
    statuses = [
        signed_in.post("/user/password/", {"current_password": "guess", **new_password()}).status
        for _ in range(11)
    ]
    assert statuses == [400] * 10 + [429]


def test_resets_are_limited_per_account_and_caller(gateway: Gateway) -> None:
    attacker = Browser(gateway, address="203.0.113.5")
    statuses = [request_reset(attacker) for _ in range(7)]
    owner = Browser(gateway)
    assert statuses == [200] * 6 + [429]
    assert request_reset(owner) == 200


def test_a_password_of_64_and_more_characters_is_accepted(browser: Browser, post: Post) -> None:
    long = "long but fine, and with spaces " * 20
    sign_up(browser, password=long)
    uid, token = post.link()
    browser.get(f"/activate/{uid}/{token}/")
    assert sign_in(browser, password=long).status == 200
    assert sign_in(browser, password=long.strip()).status == 400


def test_a_password_beyond_a_kilobyte_is_refused(browser: Browser) -> None:
    answer = sign_up(browser, password="ü" * 513)
    assert answer.json["password"] == ["Ensure this field has no more than 1024 bytes."]


def test_a_password_is_the_same_in_every_unicode_form(browser: Browser, post: Post) -> None:
    sign_up(browser, password="schl\u00fcssel und schloss")
    uid, token = post.link()
    browser.get(f"/activate/{uid}/{token}/")
    assert sign_in(browser, password="schlu\u0308ssel und schloss").status == 200
