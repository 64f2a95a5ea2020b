"""API Gateway between browsers and functions: its own answers and the API's."""

from contextlib import closing

import pytest

from tests.browser import PAGE, Browser
from tests.deploy.conftest import Packaged
from tests.integration.test_story import email, signed_in

__all__ = ["email", "signed_in"]

PREFLIGHT = {
    "access_control_request_method": "POST",
    "access_control_request_headers": "x-csrftoken",
}


@pytest.mark.parametrize("path", ["/health", "/health/"])
def test_a_path_has_an_optional_last_slash(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status, answer.json["stage"]) == (200, "dev")


def test_a_preflight_of_our_page_is_allowed(browser: Browser) -> None:
    answer = browser.send("OPTIONS", "/login/", headers=PREFLIGHT)
    assert answer.status in (200, 204)
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert "POST" in answer.headers["access-control-allow-methods"]


def test_a_preflight_of_a_foreign_page_is_refused(browser: Browser) -> None:
    browser.origin = "https://elsewhere.example"
    answer = browser.send("OPTIONS", "/login/", headers=PREFLIGHT)
    assert "access-control-allow-origin" not in answer.headers


def test_a_refusal_has_cors_headers(browser: Browser) -> None:
    answer = browser.get("/user/")
    assert (answer.status, answer.json) == (401, {"detail": "Please sign in."})
    assert answer.headers["access-control-allow-origin"] == PAGE


def test_invalid_json_is_400(browser: Browser) -> None:
    assert browser.post("/login/", b"{").status == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing/", 404),
        ("POST", "/nothing/at/all", 404),
        ("GET", "/video/7/480p/", 404),  # a prefix of a path of the API
        ("PUT", "/health/", 405),
        ("GET", "/login/", 405),
        ("POST", "/video/7/", 405),
    ],
)
def test_an_unknown_path_or_method_is_answered_like_every_error(
    browser: Browser, method: str, path: str, status: int
) -> None:
    answer = browser.send(method, path)
    assert (answer.status, list(answer.json)) == (status, ["detail"])
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert ("allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize("path", ["/nothing/", "/health/", "/video/7/480p/"])
def test_a_preflight_of_any_path_is_allowed(browser: Browser, path: str) -> None:
    answer = browser.send("OPTIONS", path, headers=PREFLIGHT)
    assert answer.status in (200, 204)
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert "POST" in answer.headers["access-control-allow-methods"]


def test_head_is_answered_like_get(browser: Browser) -> None:
    assert browser.send("HEAD", "/health/").status == 200


def test_a_sign_in_sets_several_cookies(signed_in: Browser) -> None:
    assert {"access_token", "refresh_token", "csrftoken"} <= signed_in.cookies.keys()


def test_api_gateway_is_configured_to_compress(packaged: Packaged) -> None:
    """MiniStack does not compress, so only its configuration can be checked."""
    with closing(packaged.emulated.client("apigateway")) as client:
        assert int(client.get_rest_api(restApiId=packaged.api)["minimumCompressionSize"]) == 1024
