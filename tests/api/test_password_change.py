"""Sessions after a change of the password: the changing browser and copies of its cookies."""

from collections.abc import Callable

import pytest

from chalicelib.accounts.model import Account
from chalicelib.accounts.revocations import POLL_EVERY, Revocations
from chalicelib.wiring import accounts
from tests.api.conftest import PASSWORD, copied_session, sign_in
from tests.browser import Answer, Browser
from tests.fakes.clock import HandClock

NEW = "a much better horse"


def change(browser: Browser, current: str = PASSWORD) -> Answer:
    return browser.post(
        "/user/password/",
        {"current_password": current, "new_password": NEW, "confirm_password": NEW},
    )


def test_a_copy_of_the_session_that_changed_the_password_is_over(signed_in: Browser) -> None:
    thief = copied_session(signed_in)
    assert change(signed_in).status == 200
    assert thief.get("/user/").status == 401
    assert thief.post("/token/refresh/").status == 401


def test_the_browser_that_changed_it_stays_signed_in(signed_in: Browser, clock: HandClock) -> None:
    change(signed_in)
    assert signed_in.get("/user/").status == 200
    assert signed_in.patch("/user/", {"first_name": "Ada"}).status == 200
    clock.advance(hours=1)
    assert signed_in.post("/token/refresh/").status == 200


def test_the_answer_sets_every_cookie_of_a_sign_in(member: Browser) -> None:
    of_sign_in = sign_in(member).set_cookies
    of_change = change(member).set_cookies
    assert of_change.keys() == of_sign_in.keys()
    for name, text in of_change.items():
        value, _, attributes = text.partition(";")
        assert value != of_sign_in[name].partition(";")[0]
        assert attributes == of_sign_in[name].partition(";")[2]


def test_a_change_with_an_expired_access_token_ends_with_the_new_session(
    signed_in: Browser, clock: HandClock
) -> None:
    clock.advance(hours=1)
    assert change(signed_in).status == 200
    assert signed_in.get("/user/").set_cookies == {}


def test_the_list_shows_one_session_that_began_with_the_change(
    signed_in: Browser, clock: HandClock
) -> None:
    (before,) = signed_in.get("/user/sessions/").json
    clock.advance(days=1)
    signed_in.headers["user-agent"] = "Firefox, a day later"
    change(signed_in)
    (after,) = signed_in.get("/user/sessions/").json
    assert after["id"] != before["id"]
    assert after["is_current"] is True
    assert after["label"] == "Firefox, a day later"
    assert after["address"] == before["address"]
    assert after["created_at"] == after["last_used_at"] == clock.now().isoformat()


def test_another_process_revokes_within_two_seconds(signed_in: Browser, clock: HandClock) -> None:
    access = signed_in.cookies["access_token"]
    other_process = accounts.sessions.__wrapped__()
    assert other_process.identify(access) is not None
    for cached in (accounts.revocations, accounts.sessions, accounts.passwords):
        cached.cache_clear()
    assert change(signed_in).status == 200
    clock.advance(seconds=POLL_EVERY.total_seconds())
    assert other_process.identify(access) is None


def test_a_client_with_an_authorization_header_gets_the_new_token_as_a_cookie(
    signed_in: Browser,
) -> None:
    old = signed_in.cookies["access_token"]
    program = Browser(signed_in.server, headers={"authorization": f"Bearer {old}"})
    assert change(program).status == 200
    assert program.get("/user/").status == 401
    program.headers["authorization"] = f"Bearer {program.cookies['access_token']}"
    assert program.get("/user/").status == 200


def test_an_api_token_that_changed_the_password_stays_valid(signed_in: Browser) -> None:
    issued = signed_in.post("/user/tokens/", {"label": "x", "password": PASSWORD}).json["token"]
    program = Browser(signed_in.server, headers={"authorization": f"Token {issued}"})
    assert change(program).set_cookies.keys() == {"device_token"}
    assert program.get("/user/").status == 200
    assert signed_in.get("/user/").status == 401


def test_a_refused_change_leaves_the_session_alone(signed_in: Browser) -> None:
    refused = change(signed_in, current="guess")
    assert (refused.status, refused.set_cookies) == (400, {})
    assert signed_in.post("/token/refresh/").status == 200


@pytest.mark.parametrize(
    "ask", [lambda tab: tab.get("/user/"), lambda tab: tab.post("/token/refresh/")]
)
def test_a_late_answer_to_another_tab_does_not_expire_the_new_cookies(
    signed_in: Browser, ask: Callable[[Browser], Answer]
) -> None:
    late = copied_session(signed_in)
    change(signed_in)
    answer = ask(late)
    assert (answer.status, answer.set_cookies) == (401, {})


def test_cookies_of_a_session_replaced_long_ago_are_expired(
    signed_in: Browser, clock: HandClock
) -> None:
    late = copied_session(signed_in)
    change(signed_in)
    clock.advance(hours=1)
    late.get("/user/")
    assert late.cookies.keys() == {"device_token"}


def test_after_a_lost_answer_the_new_password_signs_in(signed_in: Browser) -> None:
    unanswered = copied_session(signed_in)
    change(unanswered)
    assert change(signed_in).status == 401
    assert sign_in(signed_in).status == 400
    assert sign_in(signed_in, password=NEW).status == 200


def test_a_failure_after_the_change_ends_all_sessions_and_keeps_the_new_password(
    signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Revocations, __: Account, *, but: object = None) -> None:
        raise TimeoutError(but)

    thief = copied_session(signed_in)
    with monkeypatch.context() as broken:
        broken.setattr(Revocations, "end_all", fail)
        assert change(signed_in).status == 500
    assert thief.get("/user/").status == 401
    assert thief.post("/token/refresh/").status == 401
    assert sign_in(signed_in, password=NEW).status == 200


def test_a_change_that_is_not_written_changes_nothing(
    signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.adapters.dynamodb import session_store

    def fail(*_: object) -> None:
        raise TimeoutError

    with monkeypatch.context() as broken:
        broken.setattr(session_store, "commit", fail)
        assert change(signed_in).status == 500
    assert signed_in.post("/token/refresh/").status == 200
    assert sign_in(signed_in).status == 200


def test_the_ninety_days_begin_again_with_a_change_of_the_password(
    signed_in: Browser, clock: HandClock
) -> None:
    for _ in range(17):
        clock.advance(days=5)
        signed_in.get("/user/")
    assert change(signed_in).status == 200
    clock.advance(days=6)
    assert signed_in.get("/user/").status == 200
