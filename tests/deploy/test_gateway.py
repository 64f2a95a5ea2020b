"""What stands between a browser and a function: API Gateway, its answers and ours."""

from contextlib import closing

import pytest

from tests.browser import PAGE, Browser
from tests.deploy.conftest import Packaged
from tests.integration.test_story import email, signed_in

__all__ = ["email", "signed_in"]

ASKED = {"access_control_request_method": "POST", "access_control_request_headers": "x-csrftoken"}


@pytest.mark.parametrize("path", ["/health", "/health/"])
def test_a_path_is_found_with_and_without_its_last_slash(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status, answer.json["stage"]) == (200, "dev")


def test_a_page_may_ask_whether_it_may_call(browser: Browser) -> None:
    answer = browser.send("OPTIONS", "/login/", headers=ASKED)
    assert answer.status in (200, 204)
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert "POST" in answer.headers["access-control-allow-methods"]


def test_a_foreign_page_may_not(browser: Browser) -> None:
    browser.origin = "https://elsewhere.example"
    answer = browser.send("OPTIONS", "/login/", headers=ASKED)
    assert "access-control-allow-origin" not in answer.headers


def test_a_refusal_can_be_read_by_the_page(browser: Browser) -> None:
    answer = browser.get("/user/")
    assert (answer.status, answer.json) == (401, {"detail": "Please sign in."})
    assert answer.headers["access-control-allow-origin"] == PAGE


def test_what_is_no_json_is_the_fault_of_the_caller(browser: Browser) -> None:
    assert browser.post("/login/", b"{").status == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing/", 404),
        ("POST", "/nothing/at/all", 404),
        ("GET", "/video/7/480p/", 404),  # on the way to a path of ours, and none itself
        ("PUT", "/health/", 405),
        ("GET", "/login/", 405),
        ("POST", "/video/7/", 405),
    ],
)
def test_a_path_or_method_that_does_not_exist_is_told_to_pages_as_every_error_is(
    browser: Browser, method: str, path: str, status: int
) -> None:
    answer = browser.send(method, path)
    assert (answer.status, list(answer.json)) == (status, ["detail"])
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert ("allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize("path", ["/nothing/", "/health/", "/video/7/480p/"])
def test_a_page_may_ask_that_of_any_path(browser: Browser, path: str) -> None:
    answer = browser.send("OPTIONS", path, headers=ASKED)
    assert answer.status in (200, 204)
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert "POST" in answer.headers["access-control-allow-methods"]


def test_a_head_finds_what_a_get_finds(browser: Browser) -> None:
    assert browser.send("HEAD", "/health/").status == 200


def test_a_visit_leaves_several_cookies(signed_in: Browser) -> None:
    assert {"access_token", "refresh_token", "csrftoken"} <= signed_in.cookies.keys()


def test_api_gateway_is_told_to_compress(packaged: Packaged) -> None:
    """MiniStack does not compress; what we can see is that it was told to."""
    with closing(packaged.house.client("apigateway")) as client:
        assert int(client.get_rest_api(restApiId=packaged.api)["minimumCompressionSize"]) == 1024
