"""Security and cache headers of every answer."""

import pytest

from chalicelib.api.endpoint import EVERY_API
from chalicelib.api.openapi import document
from chalicelib.api.outcome import SECURITY_HEADERS
from chalicelib.api.reference.page import page
from tests.api.conftest import PASSWORD
from tests.api.test_attacks import knock
from tests.browser import Browser

KEPT = {"no-store", "private, no-cache"}


def operations() -> list[tuple[str, str]]:
    import app  # noqa: F401 - registers them all

    return [(each.method, each.path) for api in EVERY_API for each in api.operations]


@pytest.mark.parametrize("who", ["browser", "signed_in", "admin"])
def test_no_answer_but_one_is_a_page_or_cached_for_another_caller(
    who: str, request: pytest.FixtureRequest
) -> None:
    browser: Browser = request.getfixturevalue(who)
    policy = "Content-Security-Policy"
    of_page = {policy: page(document(EVERY_API)).headers[policy]}
    for method, path in operations():
        headers = knock(browser, method, path).headers
        # The reference page is one, with a policy of its own.
        expected = {**SECURITY_HEADERS, **(of_page if path == "/docs" else {})}
        sent = {name: headers.get(name.lower()) for name in SECURITY_HEADERS}
        assert sent == expected, path
        # The API document is public, so it may be cached.
        kept = headers["cache-control"]
        assert kept in KEPT or path == "/openapi.json", (path, kept)


@pytest.mark.parametrize(("method", "path"), [("GET", "/nothing/"), ("PUT", "/login/")])
def test_an_answer_of_the_catch_all_route_is_neither(
    browser: Browser, method: str, path: str
) -> None:
    headers = browser.send(method, path).headers
    assert {name: headers.get(name.lower()) for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_signing_out_clears_the_cache_of_the_browser(signed_in: Browser) -> None:
    kept = dict(signed_in.cookies)
    out = signed_in.post("/logout/")
    assert out.headers["clear-site-data"] == '"cache"'
    assert signed_in.cookies == {"device_token": kept["device_token"]}
    assert "clear-site-data" not in signed_in.get("/video/").headers


def test_deleting_the_account_clears_the_cache_of_the_browser(signed_in: Browser) -> None:
    gone = signed_in.delete("/user/", {"password": PASSWORD})
    assert (gone.status, gone.headers["clear-site-data"]) == (200, '"cache"')
