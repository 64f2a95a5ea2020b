"""The edge serves signed media and public pictures, in ranges, and fetches each object once."""

import asyncio
import gzip
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from botocore.exceptions import EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from chalicelib.adapters.media_bucket import IMMUTABLE
from infra.local.edge import file_answer
from infra.local.edge.app import LocalEdge
from infra.local.edge.disk_cache import DiskCache
from infra.local.edge.file_answer import Span, Unsatisfiable
from infra.local.edge.forwarding import Forwarder
from infra.local.edge.keys import Keys
from infra.local.edge.pages import Pages
from infra.local.edge.signed_urls import Gate
from tests.unit.infra.local.edge.signing import NOON, OBJECT_URL, policy, secret, signed

HOST = "http://127.0.0.1:8080"
PAGE = "http://127.0.0.1:5500"
BODY = bytes(range(256)) * 40
KEYS = Keys(lambda: secret("ECDSA"))
QUERY = signed(OBJECT_URL, policy(), kind="ECDSA", hash_name="SHA256").partition("?")[2]
SEGMENT = f"/media/7/1/video/720p/00000.m4s?{QUERY}"


@dataclass
class Bucket:
    objects: dict[str, bytes] = field(default_factory=dict)
    fetched: Counter[str] = field(default_factory=Counter)
    pause_seconds: float = 0

    def fetch(self, key: str, path: Path) -> bool:
        self.fetched[key] += 1
        time.sleep(self.pause_seconds)
        if key not in self.objects:
            return False
        path.write_bytes(self.objects[key])
        return True


@dataclass
class Site:
    edge: LocalEdge
    bucket: Bucket
    folder: Path

    def get(self, path: str, *, method: str = "GET", **headers: str) -> httpx.Response:
        async def answer() -> httpx.Response:
            wire = httpx.ASGITransport(self.edge.application())
            async with httpx.AsyncClient(transport=wire, base_url=HOST) as client:
                url = httpx.URL(HOST).copy_with(raw_path=path.encode())
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                return await client.request(method, url, headers=named)

        return asyncio.run(answer())


def api(request: httpx.Request) -> httpx.Response:
    """Answer with the request's own data, with two cookies and a compressed body."""
    if request.url.path == "/api/down":
        raise httpx.ConnectError("refused")
    said = f"{request.method} {request.url.raw_path.decode()} {request.headers.get('cookie')}"
    if request.url.path == "/api/headers":
        said = "\n".join(f"{name}: {value}" for name, value in request.headers.multi_items())
    cookies = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Content-Encoding", "gzip")]
    body = httpx.ByteStream(gzip.compress(said.encode()))
    return httpx.Response(201, headers=cookies, stream=body)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    bucket = Bucket({"media/7/1/video/720p/00000.m4s": BODY, "images/7/1/poster.jpg": b"picture"})
    web = tmp_path / "web"
    (web / "vendor").mkdir(parents=True)
    (web / "index.html").write_text("<h1>Videoflix</h1>")
    (web / "vendor" / "hls.js").write_text("export {}")
    (web / ".secret").write_text("no")
    (tmp_path / "outside.txt").write_text("no")
    (web / "link.txt").symlink_to(tmp_path / "outside.txt")
    edge = LocalEdge(
        gate=Gate(KEYS, NOON.timestamp),
        cache=DiskCache(tmp_path / "cache", bucket.fetch, largest_bytes=10**6),
        pages=Pages(web, "default-src 'self'"),
        forwarder=Forwarder(
            "http://127.0.0.1:8000", httpx.MockTransport(api), viewer_header="x-viewer-secret"
        ),
        allowed_origins=frozenset({PAGE}),
    )
    return Site(edge, bucket, tmp_path)


def test_a_signed_object_is_served_whole_and_may_be_cached(site: Site) -> None:
    answer = site.get(SEGMENT)
    assert (answer.status_code, answer.content == BODY) == (200, True)
    assert answer.headers["content-type"] == "video/iso.segment"
    assert answer.headers["cache-control"] == f"private, {IMMUTABLE}"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert int(answer.headers["content-length"]) == len(BODY)


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=100-199", 100, 199),
        ("bytes=10000-", 10_000, 10_239),
        ("bytes=-5", 10_235, 10_239),
        ("bytes=10230-99999", 10_230, 10_239),
        ("bytes=-99999", 0, 10_239),
    ],
)
def test_a_range_is_answered_with_206(site: Site, header: str, first: int, last: int) -> None:
    answer = site.get(SEGMENT, Range=header)
    assert (answer.status_code, answer.content == BODY[first : last + 1]) == (206, True)
    assert answer.headers["content-range"] == f"bytes {first}-{last}/10240"


@pytest.mark.parametrize("header", ["bytes=10240-", "bytes=99999-100000", "bytes=-0"])
def test_a_range_after_the_end_is_416(site: Site, header: str) -> None:
    answer = site.get(SEGMENT, Range=header)
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{len(BODY)}"
    assert answer.headers["cache-control"] == "no-store"


def test_our_pages_may_read_that_a_range_was_refused(site: Site) -> None:
    refused = site.get(SEGMENT, Range="bytes=10240-", Origin=PAGE)
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (416, PAGE)


@pytest.mark.parametrize(
    "header", ["bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes=-"]
)
def test_an_invalid_range_is_ignored(site: Site, header: str) -> None:
    answer = site.get(SEGMENT, Range=header)
    assert (answer.status_code, len(answer.content)) == (200, len(BODY))


def test_an_mp4_file_is_served_in_ranges_under_the_signature_of_its_folder(site: Site) -> None:
    site.bucket.objects["media/7/1/mp4/film_720p.mp4"] = BODY
    guessed = f"/media/7/1/mp4/film.mp4?{QUERY}".replace(".mp4", "_720p.mp4", 1)
    for header, content in (("bytes=0-99", BODY[:100]), ("bytes=-9", BODY[-9:])):
        answer = site.get(guessed, Range=header)
        assert (answer.status_code, answer.content == content) == (206, True)
        assert answer.headers["content-type"] == "video/mp4"
    head = site.get(guessed, method="HEAD")
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(BODY)))


def test_conditional_requests_are_answered(site: Site) -> None:
    etag = site.get(SEGMENT).headers["etag"]
    assert site.get(SEGMENT, If_None_Match=f'"x", {etag}').status_code == 304
    assert site.get(SEGMENT, If_Range=etag, Range="bytes=0-9").status_code == 206
    assert site.get(SEGMENT, If_Range='"old"', Range="bytes=0-9").status_code == 200


def test_head_has_everything_but_the_body(site: Site) -> None:
    whole, head = site.get(SEGMENT), site.get(SEGMENT, method="HEAD")
    assert head.content == b""
    assert head.headers == whole.headers


def test_our_pages_may_read_media_and_others_may_not(site: Site) -> None:
    allowed = site.get(SEGMENT, Origin=PAGE).headers
    assert allowed["access-control-allow-origin"] == PAGE
    assert allowed["access-control-allow-credentials"] == "true"
    refused = site.get("/media/7/1/x", Origin=PAGE)
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (403, PAGE)
    foreign = site.get(SEGMENT, Origin="http://evil.example").headers
    assert "access-control-allow-origin" not in foreign
    assert foreign["vary"] == allowed["vary"] == "Origin"


def test_a_redirect_from_the_api_may_be_followed_by_a_script(site: Site) -> None:
    assert site.get(SEGMENT, Origin="null").headers["access-control-allow-origin"] == "null"


def test_preflights_need_no_signature(site: Site) -> None:
    answer = site.get("/media/7/1/video/720p/00000.m4s", method="OPTIONS", Origin=PAGE)
    assert answer.status_code == 204
    assert "range" in answer.headers["access-control-allow-headers"]


@pytest.mark.parametrize("name", ["authorization", "x-profile-token", "accept-language"])
def test_clients_may_set_headers_of_the_api_on_media_which_ignore_them(
    site: Site, name: str
) -> None:
    asked = {"Origin": PAGE, "Access_Control_Request_Headers": name}
    preflight = site.get(SEGMENT, method="OPTIONS", **asked)
    assert name in preflight.headers["access-control-allow-headers"].split(", ")
    answer = site.get(SEGMENT, Origin=PAGE, **{name: "Bearer of nothing"})
    assert (answer.status_code, answer.content == BODY) == (200, True)


def test_a_refusal_looks_like_cloudfronts(site: Site) -> None:
    answer = site.get(SEGMENT.replace("/7/1/", "/7/2/"))
    assert (answer.status_code, answer.headers["content-type"]) == (403, "text/xml; charset=utf-8")
    assert "<Code>AccessDenied</Code>" in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_pictures_are_public(site: Site) -> None:
    answer = site.get("/images/7/1/poster.jpg")
    assert (answer.content, answer.headers["content-type"]) == (b"picture", "image/jpeg")
    # No longer, because a video may be withdrawn.
    assert answer.headers["cache-control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    "path",
    [
        "/images/none.jpg", "/images/", "/images/../images/7/1/none.jpg",
        "/images/%2e%2e/media/x", "/images/.hidden", "/images/a//b", "/images/a%00b", "/images/%ff",
        "/images/a%5cb", "/reports/7/1.json", "/work/7/1/plan.json", f"/media/7/1/none?{QUERY}",
        f"/media/7/1/mp4/film_120p.mp4?{QUERY}",
    ],
)  # fmt: skip
def test_everything_else_is_404(site: Site, path: str) -> None:
    assert site.get(path).status_code == 404


def test_concurrent_requests_share_one_fetch(site: Site) -> None:
    site.bucket.pause_seconds = 0.05

    async def open_20_times() -> list[Any]:
        opening = [site.edge.cache.open("images/7/1/poster.jpg") for _ in range(20)]
        return await asyncio.gather(*opening)

    files = asyncio.run(open_20_times())
    assert [each.file.read() for each in files] == [b"picture"] * 20
    [each.file.close() for each in files]
    assert site.bucket.fetched["images/7/1/poster.jpg"] == 1


def test_a_slow_bucket_does_not_delay_cached_objects(site: Site) -> None:
    async def seconds_for_a_cached_object() -> float:
        wire = httpx.ASGITransport(site.edge.application())
        async with httpx.AsyncClient(transport=wire, base_url=HOST) as client:
            await client.get(SEGMENT)
            site.bucket.pause_seconds = 0.5
            others = [
                asyncio.create_task(client.get(f"/images/7/1/{number}.jpg")) for number in range(40)
            ]
            await asyncio.sleep(0.1)
            started = time.perf_counter()
            assert (await client.get(SEGMENT)).content == BODY
            took = time.perf_counter() - started
            await asyncio.gather(*others)
            return took

    assert asyncio.run(seconds_for_a_cached_object()) < 0.3


def test_an_object_is_sent_whole_although_its_copy_is_removed_before(site: Site) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def send_a_removed_object() -> None:
        answer = await site.edge._answer("/images/7/1/poster.jpg", {})
        site.edge.cache.invalidate("/*")
        scope = {"type": "http", "method": "GET", "headers": [], "asgi": {"spec_version": "2.4"}}
        await answer(scope, nothing_more, send)

    asyncio.run(send_a_removed_object())
    assert b"".join(message.get("body", b"") for message in sent) == b"picture"


async def nothing_more() -> Message:
    return {"type": "http.disconnect"}


def test_a_missing_object_is_fetched_again(site: Site) -> None:
    late = "/images/7/1/late.jpg"
    assert site.get(late).status_code == 404
    site.bucket.objects["images/7/1/late.jpg"] = b"here"
    assert site.get(late).content == b"here"


def test_an_unreachable_bucket_is_503_and_fetched_again(site: Site) -> None:
    def fail(_key: str, path: Path) -> bool:
        path.write_bytes(b"half")
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:4566")

    site.edge.cache._fetch = fail
    assert site.get("/images/7/1/poster.jpg").status_code == 503
    site.edge.cache._fetch = site.bucket.fetch
    assert site.get("/images/7/1/poster.jpg").content == b"picture"


def cached(folder: Path, largest_bytes: int, bucket: Bucket) -> Callable[[str], bytes]:
    cache = DiskCache(folder, bucket.fetch, largest_bytes=largest_bytes)

    def read(key: str) -> bytes:
        opened = asyncio.run(cache.open(key))
        assert opened is not None
        with opened.file as file:
            return file.read()

    return read


def test_the_cache_stays_within_its_limit(tmp_path: Path) -> None:
    bucket = Bucket(dict.fromkeys("abc", b"x" * 40))
    read = cached(tmp_path, 100, bucket)
    for name in "abaca":
        read(name)
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) == 80
    assert bucket.fetched == {"a": 1, "b": 1, "c": 1}
    read("b")
    assert bucket.fetched["b"] == 2


def test_the_cache_survives_a_restart_without_unfinished_files(tmp_path: Path) -> None:
    bucket = Bucket({"a": b"whole"})
    cached(tmp_path, 100, bucket)("a")
    (tmp_path / "broken.part").write_bytes(b"half")
    assert cached(tmp_path, 100, bucket)("a") == b"whole"
    assert bucket.fetched["a"] == 1
    assert list(tmp_path.glob("*.part")) == []


def test_the_page_is_served_with_its_types_and_policy(site: Site) -> None:
    page = site.get("/")
    assert (page.text, page.headers["content-type"]) == (
        "<h1>Videoflix</h1>",
        "text/html; charset=utf-8",
    )
    assert page.headers["content-security-policy"] == "default-src 'self'"
    assert page.headers["cache-control"] == "no-cache"
    assert site.get("/", If_None_Match=page.headers["etag"]).status_code == 304
    script = site.get("/vendor/hls.js")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize(
    "path",
    ["/../outside.txt", "/%2e%2e/outside.txt", "/link.txt", "/.secret", "/vendor", "/vendor/",
     "/nothing", "//index.html", "/index.html/", "/%00", "/vendor%5chls.js", "/" + "a" * 5000],
)  # fmt: skip
def test_nothing_outside_the_page_is_served(site: Site, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 404
    assert answer.text != "no"


def test_an_old_link_of_a_mail_is_answered_by_the_api(site: Site) -> None:
    answer = site.get("/activate/7/a.b/")
    assert (answer.status_code, answer.text) == (201, "GET /activate/7/a.b/ None")


def test_a_request_to_the_api_is_forwarded_unchanged(site: Site) -> None:
    answer = site.get("/api/video/%2e%2e/x?a=b%20c", Cookie="a=1; b=2")
    assert (answer.status_code, answer.text) == (201, "GET /api/video/%2e%2e/x?a=b%20c a=1; b=2")
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.headers["content-encoding"] == "gzip"


def test_the_api_gets_the_clients_address_which_a_client_cannot_forge(site: Site) -> None:
    sent = {"X_Viewer_Secret": "10.9.8.7", "X_Forwarded_For": "10.9.8.7"}
    named = site.get("/api/headers", Connection="close, x-viewer-secret", **sent).text
    assert [line for line in named.split("\n") if line.startswith("x-viewer")] == [
        "x-viewer-secret: 127.0.0.1"
    ]
    assert "x-viewer-secret" not in site.get("/api/headers").headers


def test_headers_of_the_connection_are_not_forwarded(site: Site) -> None:
    own = {"Connection": "x-mine, close", "X_Mine": "1", "TE": "trailers", "Expect": "nothing"}
    named = site.get("/api/headers", **own).text
    assert not {"connection", "x-mine", "te", "expect"} & {
        line.partition(":")[0] for line in named.split("\n")
    }


def test_an_unreachable_api_is_502_in_json(site: Site) -> None:
    answer = site.get("/api/down")
    assert (answer.status_code, list(answer.json())) == (502, ["detail"])


@given(first=st.integers(0, 50), last=st.integers(0, 50), size=st.integers(0, 40))
def test_a_range_never_leaves_the_file(first: int, last: int, size: int) -> None:
    for header in (f"bytes={first}-{last}", f"bytes={first}-", f"bytes=-{last}"):
        try:
            span = file_answer.parse(header, size)
        except Unsatisfiable:
            continue
        assert span is None or (0 <= span.first <= span.last < size)
    assert file_answer.parse("bytes=0-0", 1) == Span(0, 0)


@pytest.mark.parametrize("host", ["127.0.0.1:8080/images", "evil/images", "evil/images?", "x/#"])
def test_an_invented_host_does_not_turn_media_into_pictures(site: Site, host: str) -> None:
    assert site.get("/media/7/1/video/720p/00000.m4s", Host=host).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8080/media/7/1", "127.0.0.1:8080/media/7/1/x?y="])
def test_an_invented_host_does_not_widen_a_signature(site: Site, host: str) -> None:
    site.bucket.objects["media/8/1/video/720p/00000.m4s"] = BODY
    answer = site.get(f"/media/8/1/video/720p/00000.m4s?{QUERY}", Host=host)
    assert answer.status_code == 403
