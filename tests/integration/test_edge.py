"""The edge as a process: real sockets, a real bucket, and the API behind one name."""

import http.client
import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.adapters.media_bucket import IMMUTABLE
from chalicelib.adapters.media_signer import CloudFrontSigner, media_signing_key
from tests.integration.supervised import PASSWORD, Run

# By their names, for other tests make buckets beside them.
MEDIA, UPLOADS = (f"videoflix-{name}-000000000000" for name in ("media", "uploads"))
FOLDER = "media/77/1/"
BODY = bytes(range(256)) * 4096
PAGE = "http://127.0.0.1:5500"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    cookies: frozenset[str]
    body: bytes


@dataclass(frozen=True)
class Edge:
    run: Run
    query: str

    def get(self, path: str, *, method: str = "GET", body: str = "", **headers: str) -> Answer:
        port = self.run.settings.edge_port
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            own = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body=body or None, headers=own)
            raw = connection.getresponse()
            named = {name.lower(): value for name, value in raw.getheaders()}
            baked = raw.msg.get_all("set-cookie", [])
            cookies = frozenset(each.partition("=")[0] for each in baked)
            return Answer(raw.status, named, cookies, raw.read())
        finally:
            connection.close()

    def media(self, name: str, **headers: str) -> Answer:
        return self.get(f"/{FOLDER}{name}?{self.query}", **headers)


@pytest.fixture(scope="module")
def edge(running: Run) -> Edge:
    secrets = running.client("secretsmanager")
    text = secrets.get_secret_value(SecretId="videoflix/media-keys")["SecretString"]
    signer = CloudFrontSigner(running.settings.edge_url, lambda: media_signing_key(text))
    s3 = running.client("s3")
    for key in (f"{FOLDER}video/720p/00000.m4s", "images/77/1/poster.jpg", "work/77/1/plan.json"):
        s3.put_object(Bucket=MEDIA, Key=key, Body=BODY)
    return Edge(running, signer.query(FOLDER, expires_at=datetime.now(UTC) + timedelta(hours=1)))


def test_a_signed_segment_is_served(edge: Edge) -> None:
    answer = edge.media("video/720p/00000.m4s", Origin=PAGE)
    assert (answer.status, answer.body == BODY) == (200, True)
    assert answer.headers["content-type"] == "video/iso.segment"
    assert answer.headers["cache-control"] == f"private, {IMMUTABLE}"
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert answer.headers["access-control-allow-credentials"] == "true"


def test_a_range_of_it_is_served_as_such(edge: Edge) -> None:
    answer = edge.media("video/720p/00000.m4s", Range="bytes=1000-1999")
    assert (answer.status, answer.body) == (206, BODY[1000:2000])
    assert answer.headers["content-range"] == f"bytes 1000-1999/{len(BODY)}"


def test_without_a_signature_nothing_is_served(edge: Edge) -> None:
    answer = edge.get(f"/{FOLDER}video/720p/00000.m4s", Origin=PAGE)
    assert answer.status == 403
    assert b"<Code>MissingKey</Code>" in answer.body
    assert answer.headers["access-control-allow-origin"] == PAGE


def test_the_signature_of_one_video_opens_no_other(edge: Edge) -> None:
    answer = edge.get(f"/media/78/1/video/720p/00000.m4s?{edge.query}")
    assert (answer.status, b"AccessDenied" in answer.body) == (403, True)


def test_pictures_are_public_and_unfinished_media_are_not(edge: Edge) -> None:
    assert edge.get("/images/77/1/poster.jpg").body == BODY
    assert edge.get("/work/77/1/plan.json").status == 404
    assert edge.get(f"/media/77/1/../../../work/77/1/plan.json?{edge.query}").status in (403, 404)


def test_the_picture_of_videos_without_one_is_there(edge: Edge) -> None:
    answer = edge.get("/images/placeholder.jpg")
    assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.body.startswith(b"\xff\xd8")


def test_the_original_upload_is_at_no_address_of_the_edge(edge: Edge) -> None:
    s3 = edge.run.client("s3")
    source = f"uploads/77/{'0' * 32}/source.mp4"
    s3.put_object(Bucket=UPLOADS, Key=source, Body=BODY)
    for path in (
        source, f"media/{source}", f"images/{source}", f"{FOLDER}source.mp4", f"{FOLDER}{source}",
    ):  # fmt: skip
        assert edge.get(f"/{path}?{edge.query}").status in (403, 404), path


@pytest.mark.parametrize("begins", ["/media/77/1", "/media/77/1/x?y=", "/images"])
def test_the_name_of_the_host_opens_nothing(edge: Edge, begins: str) -> None:
    host = edge.run.settings.edge_url.removeprefix("http://") + begins
    answer = edge.get(f"/media/78/1/video/720p/00000.m4s?{edge.query}", Host=host)
    assert answer.status == 403
    assert edge.get(f"/{FOLDER}video/720p/00000.m4s", Host=host).status == 403


def test_the_api_answers_under_the_same_name(edge: Edge) -> None:
    assert edge.get("/api/health").status == 200
    sent = json.dumps({"email": edge.run.settings.administrator_email, "password": PASSWORD})
    answer = edge.get(
        "/api/login/",
        method="POST",
        body=sent,
        Content_Type="application/json",
        Origin=edge.run.settings.edge_url,
    )
    assert answer.status == 200
    assert {"access_token", "refresh_token", "csrftoken"} <= answer.cookies


def guesses_from(edge: Edge, address: str, count: int, **headers: str) -> list[int]:
    """Statuses of wrong passwords, tried through the edge from an address of this machine."""
    statuses = []
    for _ in range(count):
        connection = http.client.HTTPConnection(
            "127.0.0.1", edge.run.settings.edge_port, timeout=20, source_address=(address, 0)
        )
        with closing(connection):
            sent = json.dumps({"email": "absent@example.com", "password": "a guess"})
            named = {"Content-Type": "application/json", **headers}
            connection.request("POST", "/api/login/", sent, named)
            statuses.append(connection.getresponse().status)
    return statuses


def test_callers_behind_the_edge_are_counted_by_themselves(edge: Edge) -> None:
    assert guesses_from(edge, "127.0.0.2", 11) == [400] * 10 + [429]
    assert guesses_from(edge, "127.0.0.3", 1) == [400]
    forged = dict.fromkeys(("X-Forwarded-For", "X-Viewer", "Forwarded", "X-Real-Ip"), "127.0.0.9")
    assert guesses_from(edge, "127.0.0.2", 1, **forged) == [429]


def test_the_page_is_served_with_a_strict_policy(edge: Edge) -> None:
    answer = edge.get("/")
    assert answer.status == 200
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert edge.get("/../README.md").status == 404


def test_a_visitor_does_not_inherit_who_signed_in_before(edge: Edge) -> None:
    sent = json.dumps({"email": "admin@videoflix.test", "password": PASSWORD})
    assert edge.get(
        "/api/login/", method="POST", body=sent, Content_Type="application/json"
    ).cookies
    assert edge.get("/api/user/").status == 401


def test_nothing_is_compressed_for_who_did_not_ask(edge: Edge) -> None:
    assert json.loads(edge.get("/api/openapi.json", Accept_Encoding="identity").body)["paths"]
    connection = http.client.HTTPConnection("127.0.0.1", edge.run.settings.edge_port, timeout=20)
    connection.putrequest("GET", "/api/openapi.json", skip_accept_encoding=True)
    connection.endheaders()
    assert json.loads(connection.getresponse().read())["paths"]
    connection.close()
