"""The dialect `prefixed`: the same answers as the core API, at other paths."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from chalicelib.accounts.session import SessionId
from chalicelib.api.dialects import prefixed
from chalicelib.wiring import accounts
from infra.local.gateway import Gateway, HttpRequest, HttpResponse
from tests.api.conftest import ADDRESS, PASSWORD, Post
from tests.api.spending import documented, measured, row
from tests.browser import Answer, Browser
from tests.dialects.described import is_described, misdescribed
from tests.dialects.playing import Answer as Received
from tests.dialects.playing import read
from tests.fakes.clock import HandClock

SIGN_UP = {"email": ADDRESS, "password": PASSWORD, "confirmed_password": PASSWORD}
NEW = "another horse battery"


@dataclass(frozen=True, slots=True)
class DescribedGateway:
    """A gateway, each of whose answers must be as the API document says."""

    gateway: Gateway

    def handle(self, request: HttpRequest) -> HttpResponse:
        answer = self.gateway.handle(request)
        headers = {name.lower(): value for name, value in answer.headers}
        content_type = headers.get("content-type", "")
        received = Received(answer.status, content_type, read(content_type, answer.body))
        assert misdescribed(request.method, request.target, received) == []
        return answer


@pytest.fixture
def browser(gateway: Gateway) -> Browser:
    return Browser(DescribedGateway(gateway))


def confirmed(browser: Browser, post: Post) -> None:
    assert browser.post("/auth/register/", SIGN_UP).status == 201
    uid, token = post.link()
    assert browser.get(f"/activate/{uid}/{token}/").status == 200


def test_one_signs_up_in_refreshes_and_out(browser: Browser, post: Post) -> None:
    confirmed(browser, post)
    signed_in = browser.post("/auth/login/", {"email": ADDRESS, "password": PASSWORD})
    assert (signed_in.status, signed_in.json["detail"]) == (200, "Login successful")
    assert {"access_token", "refresh_token", "csrftoken"} <= browser.cookies.keys()
    assert browser.get("/user/").json["email"] == ADDRESS
    refreshed = browser.post("/auth/token/refresh/")
    assert (refreshed.status, refreshed.json["detail"]) == (200, "Token refreshed")
    assert browser.post("/auth/logout/").status == 200
    assert browser.get("/user/").status == 401


def test_wrong_credentials_are_400_as_in_the_core_api(browser: Browser) -> None:
    answer = browser.post("/auth/login/", {"email": ADDRESS, "password": "wrong horse"})
    assert (answer.status, list(answer.json)) == (400, ["detail"])


def test_a_password_is_reset_with_and_without_a_slash(browser: Browser, post: Post) -> None:
    confirmed(browser, post)
    for slash in ("", "/"):
        assert browser.post("/passwort_reset/", {"email": ADDRESS}).status == 200
        uid, token = post.link()
        new = {"new_password": NEW + slash, "confirm_password": NEW + slash}
        reset = browser.post(f"/passwort_confirm/{uid}/{token}{slash}", new)
        assert (reset.status, list(reset.json)) == (200, ["detail"])
        signed_in = browser.post("/auth/login/", {"email": ADDRESS, "password": NEW + slash})
        assert signed_in.status == 200


def test_a_link_without_its_token_says_where_the_token_is(browser: Browser) -> None:
    answer = browser.get("/activate/7/")
    assert (answer.status, answer.json) == (400, {"detail": "Please open the link in the mail."})


def test_its_requests_are_audited_like_those_of_the_core(
    browser: Browser, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    confirmed(browser, post)
    browser.post("/auth/login/", {"email": ADDRESS, "password": PASSWORD})
    lines = capsys.readouterr().out.splitlines()
    recorded = [json.loads(line)["action"] for line in lines if '"stream":"audit"' in line]
    assert recorded == ["account.sign_up", "account.confirm", "session.begin"]


def test_every_route_is_in_the_api_document() -> None:
    for operation in prefixed.api.operations:
        assert is_described(operation.method, f"/api{operation.path}"), operation.path


def signing_up(browser: Browser, post: Post) -> Callable[[], Answer]:
    del post
    return lambda: browser.post("/auth/register/", SIGN_UP)


def signing_in(browser: Browser, post: Post) -> Callable[[], Answer]:
    confirmed(browser, post)
    sent = {"email": ADDRESS, "password": PASSWORD}
    return lambda: browser.post("/auth/login/", sent)


def refreshing(browser: Browser, post: Post) -> Callable[[], Answer]:
    signing_in(browser, post)()
    return lambda: browser.post("/auth/token/refresh/")


def signing_out(browser: Browser, post: Post) -> Callable[[], Answer]:
    signing_in(browser, post)()
    return lambda: browser.post("/auth/logout/")


def asking_for_a_reset(browser: Browser, post: Post) -> Callable[[], Answer]:
    confirmed(browser, post)
    return lambda: browser.post("/passwort_reset/", {"email": ADDRESS})


def resetting(browser: Browser, post: Post) -> Callable[[], Answer]:
    asking_for_a_reset(browser, post)()
    uid, token = post.link()
    new = {"new_password": NEW, "confirm_password": NEW}
    return lambda: browser.post(f"/passwort_confirm/{uid}/{token}/", new)


def opening_half_a_link(browser: Browser, post: Post) -> Callable[[], Answer]:
    del post
    return lambda: browser.get("/activate/7/")


# Each makes what must be there before the request.
REQUESTS: Mapping[str, Callable[[Browser, Post], Callable[[], Answer]]] = {
    "GET /api/activate/{uid}": opening_half_a_link,
    "POST /api/auth/login": signing_in,
    "POST /api/auth/logout": signing_out,
    "POST /api/auth/register": signing_up,
    "POST /api/auth/token/refresh": refreshing,
    "POST /api/passwort_confirm/{uid}/{token}": resetting,
    "POST /api/passwort_reset": asking_for_a_reset,
}


@pytest.mark.parametrize("route", REQUESTS)
def test_a_warm_request_spends_what_the_page_says(
    route: str, browser: Browser, post: Post, clock: HandClock
) -> None:
    send = REQUESTS[route](browser, post)
    clock.advance(minutes=1)
    accounts.revocations().is_over(SessionId("x"))  # polled every two seconds in any case
    with measured() as spent:
        assert send().status < 401
    served = "prefixed", route
    assert row(served, spent) == row(served, documented()[served])


def test_every_route_is_measured() -> None:
    served = {f"{each.method} /api{each.path}" for each in prefixed.api.operations}
    assert served == REQUESTS.keys()
