"""Unknown paths and methods get the usual error shape, readable by pages."""

import pytest

import app
from infra.local.gateway import Gateway, HttpRequest
from tests.browser import PAGE, Browser

NOTHING = {"detail": "There is nothing at this address."}
NOT_THAT_WAY = {"detail": "This address cannot be called that way."}
NOWHERE = [
    "/nothing/",
    "/nothing",
    "/video/7/480p/000.ts/more/",
    "/activate/",
    "/admin/",
    "//health/",
    "/health//",
    "/../health/",
    "/%00/",
    "/.env",
    "/" + "x/" * 300,
]


@pytest.mark.parametrize("path", NOWHERE)
@pytest.mark.parametrize("method", ["GET", "PATCH", "HEAD"])
def test_a_path_that_does_not_exist_is_404_and_pages_can_read_it(
    browser: Browser, method: str, path: str
) -> None:
    answer = browser.send(method, path)
    assert (answer.status, answer.json) == (404, NOTHING)
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("target", ["/", "/index.html", "/api", "/api/", "/apis/health/"])
def test_a_path_outside_the_api_is_404_too(gateway: Gateway, target: str) -> None:
    answer = gateway.handle(HttpRequest("GET", target, [("origin", PAGE)]))
    assert answer.status == 404
    assert ("Access-Control-Allow-Origin", PAGE) in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/health/", "GET, HEAD, OPTIONS"),
        ("GET", "/login/", "POST, OPTIONS"),
        ("HEAD", "/login", "POST, OPTIONS"),
        ("POST", "/user/", "GET, HEAD, PATCH, DELETE, OPTIONS"),
        ("POST", "/video/7/", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"),
        ("PUT", "/activate/7/x/", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_method_that_does_not_exist_is_405_and_names_those_that_do(
    browser: Browser, method: str, path: str, allowed: str
) -> None:
    answer = browser.send(method, path)
    assert (answer.status, answer.json, answer.headers["allow"]) == (405, NOT_THAT_WAY, allowed)
    # Scripts of a page can read only the headers named here.
    assert "allow" in answer.headers["access-control-expose-headers"].split(", ")
    assert answer.headers["access-control-allow-origin"] == PAGE


@pytest.mark.parametrize("path", ["/api/nothing/", "/api/login/", "/api/video/7/", "/"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_preflight_lets_a_page_call_so_that_it_can_read_what_was_wrong(
    gateway: Gateway, path: str, method: str
) -> None:
    asked = [("origin", PAGE), ("access-control-request-method", method)]
    answer = gateway.handle(HttpRequest("OPTIONS", path, asked))
    headers = {name.lower(): value for name, value in answer.headers}
    assert answer.status == 200
    assert headers["access-control-allow-origin"] == PAGE
    assert method in headers["access-control-allow-methods"].split(", ")


@pytest.mark.parametrize("path", ["/nothing/", "/login/"])
def test_a_foreign_page_cannot_read_the_answer(browser: Browser, path: str) -> None:
    browser.origin = "https://evil.example"
    for method in ("OPTIONS", "GET", "POST"):
        answer = browser.send(method, path, headers={"access_control_request_method": "POST"})
        assert not any(name.startswith("access-control-allow") for name in answer.headers)


def test_head_is_a_get_without_its_body(signed_in: Browser) -> None:
    for path in ("/health/", "/user/", "/video/"):
        of_get, of_head = signed_in.get(path), signed_in.send("HEAD", path)
        assert of_head.status == of_get.status == 200
        assert of_head.headers["content-type"] == of_get.headers["content-type"]


def test_the_catch_all_route_is_not_in_the_api_document(browser: Browser) -> None:
    document = browser.get("/openapi.json").json
    assert not any("proxy" in path for path in document["paths"])
    methods = {method for path in document["paths"].values() for method in path}
    assert methods == {"get", "post", "put", "patch", "delete"}


def test_every_route_of_the_app_but_the_greedy_one_is_in_the_api_document(browser: Browser) -> None:
    documented = {path.rstrip("/") for path in browser.get("/openapi.json").json["paths"]}
    assert set(app.app.routes) - documented == {"/{proxy+}", "/"}


def test_no_log_holds_the_path(browser: Browser, capfd: pytest.CaptureFixture[str]) -> None:
    browser.get("/activate/7/a-token-with-a-slip/more/")
    written = capfd.readouterr().out
    assert '"route":"/{proxy+}"' in written
    assert "a-token-with-a-slip" not in written


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "BREW"])
def test_a_method_that_no_route_can_have_stays_with_api_gateway(
    gateway: Gateway, method: str
) -> None:
    answer = gateway.handle(HttpRequest(method, "/api/health/"))
    assert (answer.status, answer.body) == (403, b'{"message": "Missing Authentication Token"}')
