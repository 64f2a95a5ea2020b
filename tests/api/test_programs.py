"""Tokens of programs: bearer sessions, sign-in tokens and API tokens, by their headers."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.accounts.session import BEARER_LIFE, SIGN_IN_TOKEN_LIFE
from chalicelib.wiring import accounts
from tests.api.conftest import ADDRESS, PASSWORD
from tests.browser import Browser
from tests.builders.accounts import VISITOR
from tests.fakes.clock import HandClock


def program(browser: Browser, authorization: str) -> Browser:
    return Browser(browser.server, headers={"authorization": authorization})


def bearer_of(browser: Browser) -> Browser:
    begun = accounts.sessions().sign_in_bearer(email=ADDRESS, password=PASSWORD, visitor=VISITOR)
    return program(browser, f"Bearer {begun.credentials.access}")


def token_of(browser: Browser) -> Browser:
    begun = accounts.sessions().sign_in_for_token(email=ADDRESS, password=PASSWORD, visitor=VISITOR)
    return program(browser, f"Token {begun.token}")


def test_programs_are_listed_with_their_kind_and_end(signed_in: Browser, clock: HandClock) -> None:
    clock.advance(seconds=1)
    token_of(signed_in)
    clock.advance(seconds=1)
    bearer = bearer_of(signed_in)
    listed = signed_in.get("/user/sessions/").json
    assert [each["kind"] for each in listed] == ["bearer", "sign_in_token", "browser"]
    assert listed[0]["expires_at"] == (clock.now() + BEARER_LIFE).isoformat()
    begun = clock.now() - timedelta(seconds=1)
    assert listed[1]["expires_at"] == (begun + SIGN_IN_TOKEN_LIFE).isoformat()
    assert bearer.get("/user/sessions/").json[0]["is_current"] is True


@pytest.mark.parametrize("begin", [bearer_of, token_of], ids=["bearer", "token"])
@pytest.mark.parametrize("by", ["sign-out", "list", "others", "deletion"])
def test_a_session_of_a_program_ends(
    signed_in: Browser,
    begin: Callable[[Browser], Browser],
    by: str,
) -> None:
    caller = begin(signed_in)
    assert caller.get("/user/").status == 200
    if by == "sign-out":
        assert caller.post("/logout/").status == 200
    elif by == "list":
        ids = [each["id"] for each in caller.get("/user/sessions/").json if each["is_current"]]
        assert signed_in.delete(f"/user/sessions/{ids[0]}/").status == 200
    elif by == "others":
        assert signed_in.delete("/user/sessions/").status == 200
    else:
        assert signed_in.delete("/user/", {"password": PASSWORD}).status == 200
    assert caller.get("/user/").status == 401


def test_an_api_token_shows_its_last_use_and_ends_when_its_owner_chose(
    signed_in: Browser, clock: HandClock
) -> None:
    sent = {"label": "script", "password": PASSWORD, "expires_in_days": 30}
    issued = signed_in.post("/user/tokens/", sent).json
    end = (clock.now() + timedelta(days=30)).isoformat()
    assert issued["session"]["expires_at"] == end
    script = program(signed_in, f"Token {issued['token']}")
    clock.advance(days=3)
    script.headers["user-agent"] = "curl"
    assert script.get("/user/").status == 200
    [listed] = [each for each in script.get("/user/sessions/").json if each["is_current"]]
    assert (listed["last_used_at"], listed["label"]) == (clock.now().isoformat(), "script")
    assert listed["expires_at"] == end
    clock.advance(days=27)
    assert script.get("/user/").status == 401


@pytest.mark.parametrize("days", [0, 366, "30", 1.5, True])
def test_a_life_of_a_token_that_is_none_is_refused(signed_in: Browser, days: object) -> None:
    sent = {"label": "script", "password": PASSWORD, "expires_in_days": days}
    answer = signed_in.post("/user/tokens/", sent)
    assert (answer.status, list(answer.json)) == (400, ["expires_in_days"])
