"""The cost of requests: calls to AWS and capacity units of DynamoDB."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.wiring import accounts, catalogue
from tests.api.conftest import ADDRESS, PASSWORD, Post, sign_in
from tests.api.encoder import Encoder
from tests.api.spending import measured
from tests.browser import Browser
from tests.builders.accounts import VISITOR
from tests.builders.videos import a_published_video
from tests.fakes.clock import HandClock


@pytest.fixture
def calls() -> Iterator[Counter[str]]:
    with measured() as spent:
        yield spent.calls


Act = Callable[[Browser], Any]

BUDGET: dict[str, tuple[Act, dict[str, int]]] = {
    "login": (
        lambda browser: sign_in(Browser(browser.server)),
        {"UpdateItem": 2, "GetItem": 1, "TransactWriteItems": 1},
    ),
    "login of a known browser": (
        sign_in,
        {"UpdateItem": 1, "GetItem": 2, "BatchGetItem": 1, "TransactWriteItems": 2},
    ),
    "refresh": (
        lambda browser: browser.post("/token/refresh/"),
        {"BatchGetItem": 1, "TransactWriteItems": 1},
    ),
    "profile": (lambda browser: browser.get("/user/"), {"GetItem": 1}),
    "list": (lambda browser: browser.get("/video/"), {}),
    "list in part": (lambda browser: browser.get("/video/?category=drama&search=x&page=1"), {}),
    "categories": (lambda browser: browser.get("/categories/"), {}),
    "reset": (
        lambda browser: browser.post("/password_reset/", {"email": ADDRESS}),
        {"UpdateItem": 2, "SendMessage": 1},
    ),
    "change of the password": (
        lambda browser: browser.post(
            "/user/password/",
            {
                "current_password": PASSWORD,
                "new_password": "a much better horse",
                "confirm_password": "a much better horse",
            },
        ),
        {"UpdateItem": 1, "GetItem": 2, "TransactWriteItems": 1, "Query": 1, "SendMessage": 1},
    ),
    "request of another address": (
        lambda browser: browser.post(
            "/user/email/", {"new_email": "new@example.com", "password": PASSWORD}
        ),
        {"UpdateItem": 3, "GetItem": 1, "TransactWriteItems": 1, "SendMessage": 2},
    ),
    "activation again": (
        lambda browser: browser.post("/resend_activation/", {"email": ADDRESS}),
        {"UpdateItem": 2, "SendMessage": 1},
    ),
    "register": (
        lambda browser: browser.post(
            "/register/",
            {
                "email": "new@example.com",
                "password": PASSWORD,
                "confirmed_password": PASSWORD,
            },
        ),
        {"UpdateItem": 2, "GetItem": 1, "TransactWriteItems": 1, "SendMessage": 1},
    ),
}


@pytest.mark.parametrize("name", BUDGET)
def test_a_warm_request_makes_only_these_calls(
    signed_in: Browser, calls: Counter[str], name: str
) -> None:
    act, budget = BUDGET[name]
    signed_in.get("/user/")  # polls the revocations, which are cached for two seconds
    signed_in.get("/video/")  # polls the catalogue changes too
    calls.clear()
    assert act(signed_in).status < 300
    assert dict(calls) == budget


def test_a_warm_request_of_a_video_or_its_files_makes_no_call(
    signed_in: Browser, calls: Counter[str], encoder: Encoder
) -> None:
    video = encoder.video()
    for path in ("", "files/"):
        assert signed_in.get(f"/video/{video.id}/{path}").status == 200
    calls.clear()
    for path in ("", "files/"):
        assert signed_in.get(f"/video/{video.id}/{path}").status == 200
    assert dict(calls) == {}


def test_an_api_token_costs_one_read_and_once_an_hour_a_write(
    signed_in: Browser, calls: Counter[str], clock: HandClock
) -> None:
    issued = signed_in.post("/user/tokens/", {"label": "script", "password": PASSWORD}).json
    program = Browser(signed_in.server, headers={"authorization": f"Token {issued['token']}"})
    for minutes, writes in ((59, {}), (1, {"UpdateItem": 1}), (59, {})):
        clock.advance(minutes=minutes)
        calls.clear()
        assert program.get("/user/").status == 200
        assert dict(calls) == {"BatchGetItem": 1, "GetItem": 1, **writes}


def test_a_bearer_session_costs_two_calls_to_go_on_and_one_within_seconds(
    signed_in: Browser, calls: Counter[str], clock: HandClock
) -> None:
    assert signed_in.get("/user/").status == 200
    sessions = accounts.sessions()
    begun = sessions.sign_in_bearer(email=ADDRESS, password=PASSWORD, visitor=VISITOR)
    refresh = str(begun.credentials.refresh)
    clock.advance(minutes=1)
    for writes in ({"TransactWriteItems": 1}, {}):
        calls.clear()
        assert sessions.access_for(refresh, VISITOR)
        assert dict(calls) == {"BatchGetItem": 1, **writes}


def test_authentication_costs_no_call(signed_in: Browser, calls: Counter[str]) -> None:
    signed_in.get("/user/")
    calls.clear()
    assert accounts.sessions().identify(signed_in.cookies["access_token"]) is not None
    assert dict(calls) == {}


def test_a_cached_video_and_a_cached_list_cost_no_call(
    signed_in: Browser, calls: Counter[str], clock: HandClock
) -> None:
    video = a_published_video(clock.now())
    catalogue.curation().videos.add(video)
    tag = signed_in.get("/video/").headers["etag"]
    calls.clear()
    assert signed_in.get(f"/video/{video.id}/").status == 200
    assert signed_in.get("/video/", if_none_match=tag).status == 304
    assert dict(calls) == {}
    clock.advance(seconds=2)
    signed_in.get("/video/")
    assert dict(calls) == {"Query": 2}  # revocations and catalogue changes


def test_a_known_and_an_unknown_address_cost_the_same(
    signed_in: Browser, post: Post, calls: Counter[str]
) -> None:
    spent = []
    for email in (ADDRESS, "new@example.com"):
        sent = {"email": email, "password": PASSWORD, "confirmed_password": PASSWORD}
        calls.clear()
        signed_in.post("/register/", sent)
        signed_in.post("/password_reset/", {"email": email})
        sign_in(Browser(signed_in.server), email, "wrong password")
        spent.append(dict(calls))
    assert spent[0] == spent[1]
    assert post.sent() != []
