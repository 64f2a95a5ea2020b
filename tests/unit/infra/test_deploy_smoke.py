"""The smoke test sees each thing that can be wrong with a site, and says where it looked."""

import httpx
import pytest

from infra.deploy.smoke import Address
from infra.refusal import Refusal

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
    "/media/1/1/any": (200, {}, "a film for everybody"),
}


def site(answers: dict[str, tuple[int, dict[str, str], str]]) -> Address:
    def answer(request: httpx.Request) -> httpx.Response:
        status, headers, text = answers[request.url.path]
        return httpx.Response(status, headers=headers, text=text)

    transport = httpx.MockTransport(answer)
    return Address("https://d1.cloudfront.net", patience_seconds=0, transport=transport)


def test_a_site_that_works_passes() -> None:
    assert len(site(GOOD).require_all(origin=ORIGIN, has_edge=True)) == len(GOOD)


@pytest.mark.parametrize("path", GOOD)
def test_whatever_is_wrong_is_found_and_named(path: str) -> None:
    with pytest.raises(Refusal, match=f"https://d1.cloudfront.net{path} gave {BAD[path][0]}"):
        site({**GOOD, path: BAD[path]}).require_all(origin=ORIGIN, has_edge=True)


def test_an_emulator_is_not_asked_for_what_it_lacks() -> None:
    answers = {path: answer for path, answer in GOOD.items() if path.startswith("/api/")}
    assert len(site(answers).require_all(origin=ORIGIN, has_edge=False)) == len(answers)
