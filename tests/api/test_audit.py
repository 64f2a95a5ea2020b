"""The audit trail over HTTP: actor, action, target and outcome of each change."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.wiring import accounts
from infra.local.gateway import HttpRequest
from tests.api.conftest import ADDRESS, PASSWORD, Post, sign_in, sign_up
from tests.api.encoder import Encoder
from tests.api.test_damage import refused
from tests.browser import Browser
from tests.fakes.clock import HandClock

NEW = "a much better horse"
Line = dict[str, Any]
ReadTrail = Callable[[], list[Line]]


@pytest.fixture
def trail(capsys: pytest.CaptureFixture[str]) -> ReadTrail:
    """Return the events recorded since the last read."""

    def read() -> list[Line]:
        lines = capsys.readouterr().out.splitlines()
        return [json.loads(line) for line in lines if '"stream":"audit"' in line]

    return read


def summary(line: Line) -> tuple[str, ...]:
    return tuple(line[name] for name in ("action", "outcome", "actor", "target_kind", "target"))


def test_the_story_of_an_account(browser: Browser, post: Post, trail: ReadTrail) -> None:
    sign_up(browser)
    uid, token = post.link()
    browser.get(f"/activate/{uid}/{token}/")
    sign_in(browser)
    browser.patch("/user/", {"first_name": "Ada"})
    browser.post("/user/password/", {"current_password": PASSWORD, "new_password": NEW,
                                     "confirm_password": NEW})  # fmt: skip
    issued = browser.post("/user/tokens/", {"label": "x", "password": NEW}).json["session"]["id"]
    browser.delete(f"/user/sessions/{issued}/")
    browser.delete("/user/sessions/")
    browser.post("/password_reset/", {"email": ADDRESS})
    browser.post("/logout/")
    sign_in(browser, password=NEW)
    browser.delete("/user/", {"password": NEW})
    assert [summary(line) for line in trail()] == [
        ("account.sign_up", "done", "", "", ""),
        ("account.confirm", "done", "", "account", uid),
        ("session.begin", "done", uid, "account", uid),
        ("account.change", "done", uid, "account", uid),
        ("password.change", "done", uid, "account", uid),
        ("token.issue", "done", uid, "session", issued),
        ("session.end", "done", uid, "session", issued),
        ("session.end_others", "done", uid, "account", uid),
        ("password.request_reset", "done", "", "", ""),
        ("session.end", "done", uid, "account", uid),
        ("session.begin", "done", uid, "account", uid),
        ("account.delete", "done", uid, "account", uid),
    ]


def test_a_link_that_only_leads_to_a_page_confirms_nothing(
    browser: Browser, trail: ReadTrail
) -> None:
    request = HttpRequest("GET", "/activate/375712371049911/x/", [], b"")
    assert browser.server.handle(request).status == 302
    assert trail() == []


def test_a_sign_in_is_recorded_with_its_session_and_where_it_came_from(
    trail: ReadTrail, signed_in: Browser
) -> None:
    (line,) = [each for each in trail() if each["action"] == "session.begin"]
    (session,) = signed_in.get("/user/sessions/").json
    assert line["session"] == session["id"]
    assert line["caller"] == signed_in.address
    assert line["correlation_id"]
    assert line["version"] == 1
    assert line["at"].endswith("+00:00")


def test_a_sign_out_by_the_refresh_cookie_alone_records_the_account(
    signed_in: Browser, trail: ReadTrail
) -> None:
    uid = str(signed_in.get("/user/").json["id"])
    (session,) = signed_in.get("/user/sessions/").json
    signed_in.cookies = {"refresh_token": signed_in.cookies["refresh_token"]}
    trail()
    signed_in.post("/logout/")
    (line,) = trail()
    assert summary(line) == ("session.end", "done", uid, "account", uid)
    assert (line["session"], line["caller"]) == (session["id"], signed_in.address)


def test_a_sign_out_that_ends_no_session_is_not_recorded(
    signed_in: Browser, browser: Browser, trail: ReadTrail
) -> None:
    kept = {**signed_in.cookies}
    signed_in.post("/logout/")
    trail()
    for cookies in ({}, kept, {"refresh_token": "garbage"}):
        browser.cookies = {**cookies}
        assert browser.post("/logout/").status == 200
    assert trail() == []


def test_a_sign_out_of_two_sessions_records_both(
    signed_in: Browser, admin: Browser, trail: ReadTrail
) -> None:
    uid, root = (str(each.get("/user/").json["id"]) for each in (signed_in, admin))
    for name in ("access_token", "csrftoken"):
        signed_in.cookies[name] = admin.cookies[name]
    trail()
    signed_in.post("/logout/")
    assert [summary(line) for line in trail()] == [
        ("session.end", "done", uid, "account", uid),
        ("session.end", "done", root, "account", root),
    ]


def test_a_session_that_ends_at_a_replay_while_signing_out_is_recorded(
    signed_in: Browser, clock: HandClock, trail: ReadTrail
) -> None:
    uid = str(signed_in.get("/user/").json["id"])
    spent = signed_in.cookies["refresh_token"]
    signed_in.post("/token/refresh/")
    clock.advance(seconds=11)
    trail()
    Browser(signed_in.server, cookies={"refresh_token": spent}).post("/logout/")
    assert [summary(line) for line in trail()] == [("session.end", "done", uid, "account", uid)]


def test_signing_in_again_records_the_end_of_the_earlier_session(
    signed_in: Browser, trail: ReadTrail
) -> None:
    uid = str(signed_in.get("/user/").json["id"])
    (earlier,) = signed_in.get("/user/sessions/").json
    trail()
    sign_in(signed_in)
    begun, ended = trail()
    assert summary(begun) == ("session.begin", "done", uid, "account", uid)
    assert summary(ended) == ("session.end", "done", uid, "account", uid)
    assert ended["session"] == earlier["id"] != begun["session"]


def test_a_failed_sign_in_records_the_account_if_it_exists(
    member: Browser, trail: ReadTrail
) -> None:
    uid = str(accounts.administration().by_email(ADDRESS)[0].id)
    trail()
    sign_in(member, password="a wrong guess")
    sign_in(member, "unknown@example.com")
    assert [summary(line) for line in trail()] == [
        ("session.begin", "refused", "", "account", uid),
        ("session.begin", "refused", "", "account", ""),
    ]


def test_actions_of_administrators_are_recorded_by_name(
    admin: Browser, signed_in: Browser, trail: ReadTrail
) -> None:
    uid = str(signed_in.get("/user/").json["id"])
    root = str(admin.get("/user/").json["id"])
    trail()
    for change in (
        {"is_admin": True},
        {"is_admin": False, "is_active": False},
        {"is_active": True},
    ):
        assert admin.patch(f"/admin/accounts/{uid}/", change).status == 200
    assert admin.patch(f"/admin/accounts/{root}/", {"is_admin": False}).status == 403
    assert [summary(line) for line in trail()] == [
        ("account.promote", "done", root, "account", uid),
        ("account.demote", "done", root, "account", uid),
        ("account.deactivate", "done", root, "account", uid),
        ("account.admit", "done", root, "account", uid),
        ("account.demote", "refused", root, "account", root),
    ]


def test_changes_of_a_video_are_recorded(admin: Browser, trail: ReadTrail) -> None:
    root = str(admin.get("/user/").json["id"])
    trail()
    video = str(admin.post("/video/", {"title": "Metropolis"}).json["id"])
    admin.patch(f"/video/{video}/", {"is_published": True})
    admin.patch(f"/video/{video}/", {"is_published": False, "description": "x"})
    admin.delete(f"/video/{video}/")
    admin.delete(f"/video/{video}/")
    assert [summary(line) for line in trail()] == [
        ("video.add", "done", root, "video", video),
        ("video.publish", "done", root, "video", video),
        ("video.change", "done", root, "video", video),
        ("video.withdraw", "done", root, "video", video),
        ("video.delete", "done", root, "video", video),
        ("video.delete", "refused", root, "video", video),
    ]


def test_a_category_that_comes_with_a_video_is_recorded_once(
    admin: Browser, trail: ReadTrail
) -> None:
    root = str(admin.get("/user/").json["id"])
    trail()
    video = str(admin.post("/video/", {"title": "Metropolis", "category": "Silent"}).json["id"])
    admin.patch(f"/video/{video}/", {"category": "Classic"})
    admin.patch(f"/video/{video}/", {"category": "Silent"})
    upload = {"filename": "film.mp4", "size": 10, "category": "Uploaded"}
    assert admin.post("/uploads/", upload).status == 201
    added = [summary(line) for line in trail() if line["action"] == "category.add"]
    ids = {each["name"]: str(each["id"]) for each in admin.get("/categories/").json}
    assert added == [
        ("category.add", "done", root, "category", ids[name])
        for name in ("Silent", "Classic", "Uploaded")
    ]


def test_uploads_are_recorded_from_begin_to_end(admin: Browser, trail: ReadTrail) -> None:
    root = str(admin.get("/user/").json["id"])
    trail()
    upload = admin.post("/uploads/", {"filename": "film.mp4", "size": 10}).json["id"]
    admin.post(f"/uploads/{upload}/parts/", {"numbers": [1]})
    admin.delete(f"/uploads/{upload}/")
    assert [summary(line) for line in trail()] == [
        ("upload.begin", "done", root, "upload", upload),
        ("upload.cancel", "done", root, "upload", upload),
    ]


def test_a_viewer_on_an_endpoint_for_administrators_is_recorded(
    signed_in: Browser, trail: ReadTrail
) -> None:
    uid = str(signed_in.get("/user/").json["id"])
    trail()
    signed_in.delete("/video/7/")
    (line,) = trail()
    assert summary(line) == ("video.delete", "refused", uid, "video", "7")
    assert line["reason"] == "not_an_admin"


def test_an_unauthenticated_request_is_not_recorded(browser: Browser, trail: ReadTrail) -> None:
    assert browser.delete("/video/7/").status == 401
    assert trail() == []


def test_a_replayed_refresh_token_is_recorded_with_its_session(
    signed_in: Browser, clock: HandClock, trail: ReadTrail
) -> None:
    spent = signed_in.cookies["refresh_token"]
    (session,) = signed_in.get("/user/sessions/").json
    signed_in.post("/token/refresh/")
    clock.advance(seconds=11)
    trail()
    thief = Browser(signed_in.server, cookies={"refresh_token": spent}, address="203.0.113.9")
    thief.post("/token/refresh/")
    (line,) = trail()
    assert summary(line) == ("session.replay", "refused", "", "session", session["id"])
    assert line["caller"] == "203.0.113.9"


def test_no_address_and_no_secret_is_in_the_trail(
    browser: Browser, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_up(browser)
    uid, token = post.link()
    browser.get(f"/activate/{ADDRESS}/{token}/")
    browser.get(f"/activate/{token}/{token}/")
    browser.get(f"/activate/{uid}/{token}/")
    sign_in(browser, password="a wrong guess")
    sign_in(browser)
    secrets = {token, PASSWORD, ADDRESS, "example.com", *browser.cookies.values()}
    browser.delete(f"/user/sessions/{ADDRESS}/")
    browser.delete("/user/", {"password": PASSWORD})
    lines = [line for line in capsys.readouterr().out.splitlines() if '"stream":"audit"' in line]
    assert len(lines) >= 7
    assert [secret for secret in secrets if any(secret in line for line in lines)] == []


def test_the_audit_trail_is_written_at_any_log_level(
    member: Browser, trail: ReadTrail, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.telemetry import log

    trail()
    monkeypatch.setattr(type(log), "log_level", 50)
    sign_in(member)
    assert [line["action"] for line in trail()] == ["session.begin"]


def test_accepting_damage_is_recorded_with_account_and_video(
    admin: Browser, signed_in: Browser, encoder: Encoder, state_machine: str, trail: ReadTrail
) -> None:
    assert state_machine
    video = refused(encoder)
    account = str(admin.get("/user/").json["id"])
    viewer = str(signed_in.get("/user/").json["id"])
    trail()
    signed_in.post(f"/video/{video.id}/accept/", {"revision": 1})
    admin.post(f"/video/{video.id}/accept/", {"revision": 2})
    admin.post(f"/video/{video.id}/accept/", {"revision": 1})
    assert [(*summary(line), line["reason"]) for line in trail()] == [
        ("encode.accept_damage", "refused", viewer, "video", str(video.id), "not_an_admin"),
        ("encode.accept_damage", "refused", account, "video", str(video.id), "not_damaged"),
        ("encode.accept_damage", "done", account, "video", str(video.id), ""),
    ]
