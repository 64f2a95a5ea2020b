"""The smoke test detects each failure of a site, and names its URL."""

import httpx
import pytest

from infra.deploy.smoke import SmokeTest
from infra.terminal import Refusal

ORIGIN = "https://app.example.com"
GOOD: dict[str, tuple[int, dict[str, str], str]] = {
    "/api/health/": (200, {}, "{}"),
    "/api/openapi.json": (200, {}, '{"paths": {"/api/login/": {}}}'),
    "/api/login/": (204, {"Access-Control-Allow-Origin": ORIGIN}, ""),
    "/": (200, {"Content-Type": "text/html; charset=utf-8"}, "<!doctype html>"),
    "/media/1/1/any": (403, {}, ""),
}
BAD: dict[str, tuple[int, dict[str, str], str]] = {
    "/api/health/": (502, {}, ""),
    "/api/openapi.json": (200, {}, "{}"),
    "/api/login/": (204, {"Access-Control-Allow-Origin": "*"}, ""),
    "/": (200, {"Content-Type": "application/xml"}, ""),
    "/media/1/1/any": (200, {}, "a segment"),
}


def site(answers: dict[str, tuple[int, dict[str, str], str]]) -> SmokeTest:
    def answer(request: httpx.Request) -> httpx.Response:
        status, headers, text = answers[request.url.path]
        return httpx.Response(status, headers=headers, text=text)

    transport = httpx.MockTransport(answer)
    return SmokeTest("https://d1.cloudfront.net", patience_seconds=0, transport=transport)


def test_a_site_that_works_passes() -> None:
    assert len(site(GOOD).require_all(origin=ORIGIN, has_edge=True)) == len(GOOD)


@pytest.mark.parametrize("path", GOOD)
def test_a_failure_is_named_with_its_url(path: str) -> None:
    with pytest.raises(Refusal, match=f"https://d1.cloudfront.net{path} gave {BAD[path][0]}"):
        site({**GOOD, path: BAD[path]}).require_all(origin=ORIGIN, has_edge=True)


def test_without_an_edge_only_the_api_is_checked() -> None:
    answers = {path: answer for path, answer in GOOD.items() if path.startswith("/api/")}
    assert len(site(answers).require_all(origin=ORIGIN, has_edge=False)) == len(answers)
