"""The emulated AWS accepts programs and our own pages, and refuses foreign pages."""

import asyncio
from collections.abc import Mapping

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from infra.local.own_pages import OwnPagesOnly

HERE = "127.0.0.1:4566"
OURS = "http://127.0.0.1:8080"


def status_of(headers: Mapping[str, str], method: str = "POST", path: str = "/") -> int:
    methods = ["GET", "POST", "PUT", "OPTIONS"]
    emulator = Starlette(
        routes=[Route("/{path:path}", lambda _: PlainTextResponse("secrets"), methods=methods)]
    )

    async def answer() -> int:
        wire = httpx.ASGITransport(OwnPagesOnly(emulator, f"http://localhost:5500, {OURS},"))
        async with httpx.AsyncClient(transport=wire, base_url="http://aws") as client:
            return (await client.request(method, path, headers=headers)).status_code

    return asyncio.run(answer())


@pytest.mark.parametrize(
    "host",
    [
        HERE, "localhost:4566", "[::1]:4566", "aws.localhost:4566", "10.0.0.7", "aws:4566",
        "videoflix-media.s3.aws.localhost:4566", "s3.eu-central-1.amazonaws.com",
    ],
)  # fmt: skip
def test_programs_are_accepted_by_every_local_name(host: str) -> None:
    assert status_of({"Host": host}) == 200


@pytest.mark.parametrize("method", ["OPTIONS", "PUT"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_our_pages_may_upload(method: str, site: str) -> None:
    sent = {"Host": HERE, "Origin": OURS, "Sec-Fetch-Site": site}
    assert status_of(sent, method) == 200


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize(
    "origin", ["http://evil.com", "null", "http://127.0.0.1:8081", f"{OURS}.evil.com"]
)
def test_foreign_pages_are_refused(method: str, origin: str) -> None:
    assert status_of({"Host": HERE, "Origin": origin}, method) == 403


@pytest.mark.parametrize(
    "host", ["evil.com", "evil.com:4566", "127.0.0.1.evil.com", "localhost.evil.com", "[::1"]
)
def test_a_foreign_host_name_is_refused(host: str) -> None:
    assert status_of({"Host": host}, "GET") == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_foreign_page_without_an_origin_is_refused(site: str) -> None:
    assert status_of({"Host": HERE, "Sec-Fetch-Site": site}, "GET") == 403


@pytest.mark.parametrize(
    ("host", "path"),
    [
        (HERE, "/restapis/2f146001/api/_user_request_/api/login/"),
        (HERE, "/_aws/execute-api/2f146001/api/api/login/"),
        ("2f146001.execute-api.localhost:4566", "/api/api/login/"),
    ],
)
def test_a_deployed_api_checks_origins_itself(host: str, path: str) -> None:
    sent = {"Host": host, "Origin": "https://flix.example.com"}
    assert status_of(sent, "OPTIONS", path) == 200


@pytest.mark.parametrize(
    "path", ["/uploads/_user_request_/x", "/restapis/2f146001", "/x/_aws/execute-api/"]
)
def test_a_path_that_resembles_an_api_is_refused(path: str) -> None:
    assert status_of({"Host": HERE, "Origin": "https://flix.example.com"}, "GET", path) == 403


def test_navigation_from_the_address_bar_is_accepted() -> None:
    assert status_of({"Host": HERE, "Sec-Fetch-Site": "none"}, "GET") == 200
