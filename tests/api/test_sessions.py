"""Sessions over HTTP: sign in, renew, list, sign out, API tokens."""

import pytest

from chalicelib.accounts.revocations import POLL_EVERY
from chalicelib.wiring import accounts
from infra.local.gateway import Gateway
from tests.api.conftest import ADDRESS, PASSWORD, Post, sign_in, sign_up
from tests.browser import Browser
from tests.fakes.clock import HandClock


def test_signing_in_answers_as_the_official_client_expects(member: Browser) -> None:
    answer = sign_in(member)
    assert answer.json == {
        "detail": "Login successful",
        "user": {"id": answer.json["user"]["id"], "username": ADDRESS, "email": ADDRESS},
    }


def test_wrong_credentials_are_answered_with_400_and_one_text(member: Browser) -> None:
    known = sign_in(member, password="wrong password")
    unknown = sign_in(member, "unknown@example.com")
    assert known.status == unknown.status == 400
    assert known.json == unknown.json == {"detail": "Unable to sign in with these credentials."}


def test_an_access_token_lives_five_minutes(signed_in: Browser, clock: HandClock) -> None:
    signed_in.cookies.pop("refresh_token")
    clock.advance(minutes=4, seconds=59)
    assert signed_in.get("/user/").status == 200
    clock.advance(seconds=1)
    assert signed_in.get("/user/").status == 401


def test_a_get_with_an_expired_access_token_renews_the_session(
    signed_in: Browser, clock: HandClock
) -> None:
    before = dict(signed_in.cookies)
    clock.advance(hours=20)
    answer = signed_in.get("/user/")
    assert answer.status == 200
    assert {"access_token", "refresh_token"} <= answer.set_cookies.keys()
    assert signed_in.cookies["refresh_token"] != before["refresh_token"]
    assert signed_in.cookies["csrftoken"] == before["csrftoken"]


CHANGES = [
    ("PATCH", "/user/", {"first_name": "Ada"}),
    ("POST", "/user/tokens/", {"label": "backup", "password": PASSWORD}),
    ("DELETE", "/user/sessions/", None),
]


@pytest.mark.parametrize(("method", "path", "sent"), CHANGES)
def test_a_change_with_an_expired_access_token_renews_the_session(
    signed_in: Browser, clock: HandClock, method: str, path: str, sent: dict[str, str] | None
) -> None:
    before = dict(signed_in.cookies)
    clock.advance(hours=1)
    answer = signed_in.send(method, path, sent)
    assert answer.status in (200, 201)
    assert {"access_token", "refresh_token"} <= answer.set_cookies.keys()
    assert signed_in.cookies["csrftoken"] == before["csrftoken"]
    clock.advance(minutes=1)
    assert signed_in.get("/user/").set_cookies == {}


@pytest.mark.parametrize("taken_away", ["csrftoken", "refresh_token"])
def test_a_change_without_the_csrf_token_does_not_renew_the_session(
    signed_in: Browser, clock: HandClock, taken_away: str
) -> None:
    clock.advance(hours=1)
    cookies = {name: text for name, text in signed_in.cookies.items() if name != taken_away}
    attacker = Browser(signed_in.server, cookies=cookies)
    answer = attacker.patch("/user/", {"first_name": "Eve"})
    assert (answer.status, answer.set_cookies) == (401, {})
    assert signed_in.get("/user/").json["first_name"] == ""


def test_a_change_with_a_wrong_csrf_token_does_not_rotate_the_refresh_token(
    signed_in: Browser, clock: HandClock
) -> None:
    clock.advance(hours=1)
    answer = signed_in.post("/user/tokens/", {"label": "x"}, x_csrftoken="wrong")
    assert (answer.status, answer.set_cookies) == (403, {})
    clock.advance(minutes=1)
    assert signed_in.patch("/user/", {"first_name": "Ada"}).status == 200


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("GET", "/video/123/", None, 404),
        ("GET", "/admin/accounts/", None, 403),
        ("PATCH", "/user/", {"language": "xx"}, 400),
        ("DELETE", "/user/sessions/x/", None, 404),
        ("GET", "/user/", None, 500),
    ],
)
def test_a_refused_request_still_sets_the_renewed_cookies(  # noqa: PLR0913, PLR0917 - one table
    signed_in: Browser,
    clock: HandClock,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    sent: dict[str, str] | None,
    status: int,
) -> None:
    clock.advance(hours=1)
    with monkeypatch.context() as broken:
        if status == 500:
            broken.setattr(accounts, "account_details", lambda: None)
        assert signed_in.send(method, path, sent).status == status
    clock.advance(minutes=1)
    assert signed_in.get("/user/").status == 200


def test_concurrent_changes_of_two_tabs_stay_signed_in(
    signed_in: Browser, clock: HandClock
) -> None:
    clock.advance(hours=1)
    tabs = [Browser(signed_in.server, cookies=dict(signed_in.cookies)) for _ in range(3)]
    assert [tab.patch("/user/", {"first_name": "Ada"}).status for tab in tabs] == [200] * 3
    assert len({tab.cookies["refresh_token"] for tab in tabs}) == 1
    clock.advance(hours=1)
    assert tabs[2].patch("/user/", {"first_name": "Lady Ada"}).status == 200


def test_refreshing_twice_works_and_replaying_the_first_ends_the_session(
    signed_in: Browser, clock: HandClock
) -> None:
    first = signed_in.cookies["refresh_token"]
    assert signed_in.post("/token/refresh/").status == 200
    assert signed_in.post("/token/refresh/").status == 200
    thief = Browser(signed_in.server, cookies={"refresh_token": first})
    clock.advance(seconds=11)
    assert thief.post("/token/refresh/").status == 401
    assert signed_in.post("/token/refresh/").status == 401
    assert signed_in.get("/user/").status == 401


def test_the_same_successor_is_returned_for_ten_seconds(
    signed_in: Browser, clock: HandClock
) -> None:
    token = signed_in.cookies["refresh_token"]
    tabs = [Browser(signed_in.server, cookies={"refresh_token": token}) for _ in range(2)]
    assert tabs[0].post("/token/refresh/").status == 200
    clock.advance(seconds=10)
    assert tabs[1].post("/token/refresh/").status == 200
    assert tabs[0].cookies["refresh_token"] == tabs[1].cookies["refresh_token"]


def test_a_spent_token_after_ten_seconds_ends_the_session(
    signed_in: Browser, clock: HandClock
) -> None:
    spent = signed_in.cookies["refresh_token"]
    signed_in.post("/token/refresh/")
    clock.advance(seconds=11)
    thief = Browser(signed_in.server, cookies={"refresh_token": spent})
    answer = thief.post("/token/refresh/")
    assert answer.status == 401
    assert thief.cookies == {}
    assert signed_in.post("/token/refresh/").status == 401


def test_a_forged_secret_does_not_end_a_session(signed_in: Browser) -> None:
    account, session, generation, *_ = signed_in.cookies["refresh_token"].split(".")
    forged = ".".join([account, session, generation, "x" * 43, "0" * 64])
    attacker = Browser(signed_in.server, cookies={"refresh_token": forged})
    assert attacker.post("/token/refresh/").status == 401
    assert signed_in.post("/token/refresh/").status == 200


@pytest.mark.parametrize("garbage", ["", "x", "1.2.3.4", "1.2.3.4.5", "ü.2.3.4.5", "9" * 5000])
def test_an_invalid_refresh_token_is_refused(browser: Browser, garbage: str) -> None:
    browser.cookies["refresh_token"] = garbage
    assert browser.post("/token/refresh/").status == 401


def test_a_refresh_token_lives_seven_days(signed_in: Browser, clock: HandClock) -> None:
    clock.advance(days=7)
    assert signed_in.post("/token/refresh/").status == 401


def test_using_it_keeps_a_session_alive(signed_in: Browser, clock: HandClock) -> None:
    for _ in range(3):
        clock.advance(days=6)
        assert signed_in.get("/user/").status == 200


def test_signing_out_ends_the_session_on_the_server(signed_in: Browser) -> None:
    kept = dict(signed_in.cookies)
    assert signed_in.post("/logout/").status == 200
    assert "access_token" not in signed_in.cookies
    stolen = Browser(signed_in.server, cookies=kept)
    assert stolen.get("/user/").status == 401
    assert stolen.post("/token/refresh/").status == 401


def test_another_process_revokes_within_two_seconds(signed_in: Browser, clock: HandClock) -> None:
    access = signed_in.cookies["access_token"]
    assert accounts.sessions().identify(access) is not None
    other_process = accounts.sessions.__wrapped__()
    accounts.revocations.cache_clear()
    accounts.sessions.cache_clear()
    signed_in.post("/logout/")
    clock.advance(seconds=POLL_EVERY.total_seconds())
    assert other_process.identify(access) is None


def test_signing_out_works_long_after_the_access_token_expired(
    signed_in: Browser, clock: HandClock
) -> None:
    clock.advance(hours=1)
    kept = dict(signed_in.cookies)
    assert signed_in.post("/logout/").status == 200
    assert Browser(signed_in.server, cookies=kept).post("/token/refresh/").status == 401


def test_signing_out_without_a_session_is_no_error(browser: Browser) -> None:
    assert browser.post("/logout/").status == 200


def test_signing_out_here_leaves_other_devices_signed_in(signed_in: Browser) -> None:
    phone = Browser(signed_in.server)
    sign_in(phone)
    signed_in.post("/logout/")
    assert phone.get("/user/").status == 200


def test_sessions_can_be_listed_and_ended(signed_in: Browser) -> None:
    phone = Browser(signed_in.server, headers={"user-agent": "Phone"})
    sign_in(phone)
    listed = signed_in.get("/user/sessions/").json
    (of_phone,) = [session for session in listed if session["label"] == "Phone"]
    assert [session["is_current"] for session in listed].count(True) == 1
    assert signed_in.delete(f"/user/sessions/{of_phone['id']}/").status == 200
    assert phone.get("/user/").status == 401
    assert signed_in.get("/user/").status == 200


def test_a_session_of_another_account_cannot_be_ended(signed_in: Browser, post: Post) -> None:
    eve = Browser(signed_in.server)
    sign_up(eve, "eve@example.com")
    uid, token = post.link("eve@example.com")
    eve.get(f"/activate/{uid}/{token}/")
    sign_in(eve, "eve@example.com")
    (hers,) = signed_in.get("/user/sessions/").json
    assert eve.delete(f"/user/sessions/{hers['id']}/").status == 404
    assert signed_in.get("/user/").status == 200


def test_all_other_sessions_can_be_ended_at_once(signed_in: Browser) -> None:
    others = [Browser(signed_in.server) for _ in range(3)]
    for other in others:
        sign_in(other)
    assert signed_in.delete("/user/sessions/").status == 200
    assert [other.get("/user/").status for other in others] == [401] * 3
    assert signed_in.get("/user/").status == 200


@pytest.mark.parametrize("scheme", ["Bearer", "JWT", "bearer"])
def test_the_access_token_is_also_read_from_the_header(signed_in: Browser, scheme: str) -> None:
    program = Browser(
        signed_in.server, headers={"authorization": f"{scheme} {signed_in.cookies['access_token']}"}
    )
    assert program.get("/user/").status == 200


@pytest.mark.parametrize("scheme", ["Bearer", "JWT", "Token"])
def test_an_invalid_token_in_the_header_is_refused_despite_cookies(
    signed_in: Browser, scheme: str
) -> None:
    answer = signed_in.get("/user/", authorization=f"{scheme} nonsense")
    assert (answer.status, answer.json["detail"]) == (401, "The token is wrong or expired.")
    signed_in.language = "de"
    answer = signed_in.get("/user/", authorization=f"{scheme} nonsense")
    assert answer.json["detail"] == "Das Token ist falsch oder abgelaufen."  # codespell:ignore


def test_an_api_token_signs_in_a_program_until_it_is_ended(
    signed_in: Browser, clock: HandClock
) -> None:
    issued = signed_in.post("/user/tokens/", {"label": "backup", "password": PASSWORD})
    program = Browser(signed_in.server, headers={"authorization": f"Token {issued.json['token']}"})
    clock.advance(days=200)
    assert program.get("/user/").json["email"] == ADDRESS
    assert program.delete(f"/user/sessions/{issued.json['session']['id']}/").status == 200
    answer = program.get("/user/")
    assert (answer.status, answer.json["detail"]) == (401, "The token is wrong or expired.")


def test_an_api_token_is_no_refresh_token(signed_in: Browser) -> None:
    issued = signed_in.post("/user/tokens/", {"label": "backup", "password": PASSWORD}).json
    browser = Browser(signed_in.server, cookies={"refresh_token": issued["token"]})
    assert browser.post("/token/refresh/").status == 401


def test_an_api_token_needs_the_password(signed_in: Browser) -> None:
    answer = signed_in.post("/user/tokens/", {"label": "backup", "password": "guessed it"})
    assert (answer.status, answer.json) == (400, {"password": ["This is not your password."]})


def test_a_stale_token_does_not_prevent_a_sign_in(member: Browser) -> None:
    member.headers["authorization"] = "Token of-an-old-session"
    assert sign_in(member).status == 200


def test_a_hash_of_a_django_backend_signs_in_and_is_upgraded(
    member: Browser,
    gateway: Gateway,  # noqa: ARG001
) -> None:
    from dataclasses import replace

    from passlib.hash import django_pbkdf2_sha256

    store = accounts.account_store()
    account = store.by_email(ADDRESS)
    assert account is not None
    old = django_pbkdf2_sha256.using(rounds=1000).hash("from the old backend")
    store.save(replace(account, password_hash=old))
    assert sign_in(member, password="from the old backend").status == 200
    upgraded = store.by_email(ADDRESS)
    assert upgraded is not None
    assert upgraded.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert sign_in(member, password="from the old backend").status == 200
