"""Failures half way, late messages and rare attacks."""

import json
import re
from dataclasses import replace

import boto3
import pytest

from chalicelib.accounts.model import Account
from chalicelib.accounts.revocations import POLL_EVERY, Revocations
from chalicelib.wiring import stage
from infra.local.gateway import Gateway
from tests.api.conftest import ADDRESS, PASSWORD, Post, copied_session, sign_in, sign_up, sqs_event
from tests.browser import Browser
from tests.fakes.clock import HandClock

NEW = "a much better horse"
OTHER_PASSWORD = "a horse of another owner"


@pytest.fixture
def failing_revocations(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Revocations, __: Account, *, but: object = None) -> None:
        raise TimeoutError(but)

    monkeypatch.setattr(Revocations, "end_all", fail)


def test_a_change_after_the_access_token_expired_keeps_the_session(
    signed_in: Browser, clock: HandClock
) -> None:
    clock.advance(minutes=6)
    signed_in.cookies.pop("access_token")
    refused = signed_in.send("PATCH", "/user/", b"{}", headers={"x_csrftoken": ""})
    assert (refused.status, refused.set_cookies) == (403, {})
    assert signed_in.post("/token/refresh/").status == 200
    assert signed_in.patch("/user/", {"first_name": "Ada"}).status == 200


def test_a_wrong_password_in_another_tab_keeps_the_session(signed_in: Browser) -> None:
    assert sign_in(signed_in, password="mistyped").set_cookies == {}
    assert signed_in.get("/user/").status == 200


def test_a_stale_authorization_header_keeps_the_session(signed_in: Browser) -> None:
    assert signed_in.get("/user/", authorization="Token stale").set_cookies == {}
    assert signed_in.get("/user/").status == 200


def test_a_reset_counts_although_the_mail_about_it_cannot_be_queued(
    signed_in: Browser, post: Post, clock: HandClock
) -> None:
    thief = copied_session(signed_in)
    signed_in.post("/password_reset/", {"email": ADDRESS})
    uid, token = post.link()
    boto3.client("sqs").delete_queue(QueueUrl=stage.settings().mail_queue_url)
    sent = {"new_password": NEW, "confirm_password": NEW}
    Browser(signed_in.server).post(f"/password_confirm/{uid}/{token}/", sent)
    clock.advance(seconds=POLL_EVERY.total_seconds())
    assert thief.get("/user/").status == 401
    assert thief.post("/token/refresh/").status == 401


@pytest.mark.usefixtures("failing_revocations")
def test_a_reset_ends_all_sessions_by_the_write_of_the_password_itself(
    signed_in: Browser, post: Post
) -> None:
    issued = signed_in.post("/user/tokens/", {"label": "x", "password": PASSWORD}).json["token"]
    program = Browser(signed_in.server, headers={"authorization": f"Token {issued}"})
    signed_in.post("/password_reset/", {"email": ADDRESS})
    uid, token = post.link()
    sent = {"new_password": NEW, "confirm_password": NEW}
    assert program.post(f"/password_confirm/{uid}/{token}/", sent).status == 500
    assert program.get("/user/").status == 401
    assert signed_in.post("/token/refresh/").status == 401


@pytest.mark.usefixtures("failing_revocations")
def test_a_deactivation_ends_all_sessions_by_itself(admin: Browser, signed_in: Browser) -> None:
    path = f"/admin/accounts/{signed_in.get('/user/').json['id']}/"
    assert admin.patch(path, {"is_active": False}).status == 500
    assert signed_in.post("/token/refresh/").status == 401


@pytest.mark.usefixtures("failing_revocations")
def test_a_deletion_ends_all_sessions_by_itself(signed_in: Browser) -> None:
    thief = copied_session(signed_in)
    assert signed_in.delete("/user/", {"password": PASSWORD}).status == 500
    assert thief.post("/token/refresh/").status == 401


def test_a_deactivation_can_be_repeated_until_nothing_is_left(
    admin: Browser, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/admin/accounts/{signed_in.get('/user/').json['id']}/"
    with monkeypatch.context() as patched:
        patched.delattr(Revocations, "end_all")
        assert admin.patch(path, {"is_active": False}).status == 500
    assert signed_in.get("/user/").status == 200
    assert admin.patch(path, {"is_active": False}).status == 200
    assert signed_in.get("/user/").status == 401


def test_ended_sessions_are_not_listed(signed_in: Browser, clock: HandClock) -> None:
    phone = Browser(signed_in.server)
    sign_in(phone)
    clock.advance(hours=1)
    signed_in.get("/user/")
    assert signed_in.delete("/user/sessions/").status == 200
    assert [each["is_current"] for each in signed_in.get("/user/sessions/").json] == [True]
    assert phone.get("/user/").status == 401


def test_the_session_that_changed_the_password_can_be_renewed(
    signed_in: Browser, clock: HandClock
) -> None:
    changed = {"current_password": PASSWORD, "new_password": NEW, "confirm_password": NEW}
    signed_in.post("/user/password/", changed)
    for _ in range(2):
        clock.advance(days=1)
        assert signed_in.get("/user/").status == 200


def test_filling_the_mailbox_with_mails_gains_nothing(gateway: Gateway, post: Post) -> None:
    for number in range(10):
        other_browser = Browser(gateway, address=f"203.0.113.{number}")
        assert sign_up(other_browser, password=OTHER_PASSWORD).status == 201
    owner = Browser(gateway)
    assert sign_up(owner).status == 201
    uid, token = post.link()
    chosen = {"new_password": PASSWORD, "confirm_password": PASSWORD}
    assert owner.post(f"/password_confirm/{uid}/{token}/", chosen).status == 200
    assert sign_in(owner, password=OTHER_PASSWORD).status == 400
    assert sign_in(owner).status == 200


def test_a_late_mail_request_sends_the_link_of_its_own_sign_up(
    browser: Browser, gateway: Gateway, post: Post
) -> None:
    sqs, url = boto3.client("sqs"), stage.settings().mail_queue_url
    sign_up(browser)
    (of_owner,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    sign_up(Browser(gateway, address="203.0.113.1"), password=OTHER_PASSWORD)
    post.app.on_mail(sqs_event(of_owner), None)
    (mail,) = post.sent()
    body = mail.get_body(("plain",))
    assert body is not None
    match = re.search(r"uid=([\w.~-]+)&token=([\w.~-]+)", body.get_content())
    assert match
    browser.get(f"/activate/{match[1]}/{match[2]}/")
    assert sign_in(browser).status == 200


@pytest.mark.parametrize("session_id", ["x" * 2000, "%00", "..", "a%2Fb", "\u00fc", "x" * 65])
def test_an_invalid_session_id_is_404(signed_in: Browser, session_id: str) -> None:
    from urllib.parse import quote

    path = f"/user/sessions/{quote(session_id, safe='%')}/"
    assert signed_in.delete(path).status == 404


def test_a_throttled_address_does_not_lock_out_known_browsers(signed_in: Browser) -> None:
    neighbour = Browser(signed_in.server)
    for number in range(62):
        sign_in(neighbour, f"viewer{number}@example.com")
    assert sign_in(neighbour).status == 429
    assert sign_in(signed_in).status == 200


def test_basic_authentication_of_a_proxy_does_not_disable_csrf_protection(
    signed_in: Browser,
) -> None:
    basic = {"authorization": "Basic dXNlcjpwYXNz"}
    foreign = signed_in.post("/logout/", origin="https://evil.example", **basic)
    assert foreign.status == 403
    assert signed_in.get("/user/", **basic).status == 200


@pytest.mark.parametrize("address", ["=?x?q?y?=@example.com", "a=?utf-8?q?y?=b@example.com"])
def test_an_address_that_no_mail_header_can_hold_is_refused(browser: Browser, address: str) -> None:
    assert sign_up(browser, address).status == 400


def test_callers_behind_one_proxy_do_not_share_a_counter(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(stage.settings(), client_address_header="cloudfront-viewer-address")
    monkeypatch.setattr(stage, "settings", lambda: settings)
    for number in range(12):
        browser.headers = {"cloudfront-viewer-address": f"203.0.113.{number}:4711"}
        assert sign_in(browser).status == 400
    browser.headers = {"cloudfront-viewer-address": "198.51.100.1:4711"}
    assert json.loads(sign_in(browser).body) == {
        "detail": "Unable to sign in with these credentials."
    }
