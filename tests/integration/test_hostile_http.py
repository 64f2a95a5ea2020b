"""Whatever arrives on a socket, a server of this machine answers or hangs up, and goes on."""

import itertools
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.local import lifeline, start
from infra.local.gateway import LARGEST_BODY
from tests.integration.supervised import REPOSITORY, free_ports
from tests.integration.test_http import APP

# The edge with an empty bucket, and keys that are never used.
EDGE = """
import os, pathlib, time
from infra.local.edge.app import LocalEdge
from infra.local.edge.disk_cache import DiskCache
from infra.local.edge.forwarding import Forwarder
from infra.local.edge.keys import Keys
from infra.local.edge.pages import Pages
from infra.local.edge.signed_urls import Gate
from infra.local.emulator import fresh_pair
from infra.local.serving import serve

cache = DiskCache(pathlib.Path("cache"), lambda key, path: False, largest_bytes=10**6)
origins = frozenset(os.environ["ALLOWED_ORIGINS"].split(","))
forwarder = Forwarder(
    os.environ["API_URL"], viewer_header="x-viewer", allowed_origins=origins
)
serve(LocalEdge(
    gate=Gate(Keys(fresh_pair), time.time), cache=cache, pages=Pages(pathlib.Path("web"), ""),
    forwarder=forwarder, allowed_origins=frozenset(),
).application())
"""

_PAGE = "http://localhost:4200"
_SEED = 20261126
_DISORDER = 150
# Some of these requests never end, and nothing comes back to them.
_MOMENT = 0.2


@dataclass(frozen=True)
class Server:
    port: int
    errors: Path

    def answer(self, raw: bytes, *, patience_seconds: float = 10) -> bytes:
        """All that comes back to these bytes, until the server hangs up or says nothing more."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=patience_seconds) as client:
            came = b""
            # It may hang up before it has read all.
            with suppress(ConnectionError, TimeoutError):
                client.sendall(raw)
            with suppress(ConnectionError, TimeoutError):
                while block := client.recv(65_536):
                    came += block
        return came

    def status(self, raw: bytes, *, patience_seconds: float = 10) -> int:
        came = self.answer(raw, patience_seconds=patience_seconds)
        first = came.partition(b"\r\n")[0].split(b" ")
        return int(first[1]) if len(first) > 1 else 0


@contextmanager
def program(folder: Path, module: str, **environment: str) -> Iterator[Server]:
    [port] = free_ports(1)
    ours, theirs = socket.socketpair()
    errors = folder / f"{module}.txt"
    with ours, start.listening(port, "PORT") as sockets, errors.open("wb") as log:
        numbers = [listener.fileno() for listener in sockets]
        process = subprocess.Popen(
            [sys.executable, "-m", module, *map(str, numbers)],
            cwd=folder,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(REPOSITORY),
                "ALLOWED_ORIGINS": _PAGE,
                **environment,
            },
            stdin=theirs.fileno(),
            stdout=log,
            stderr=log,
            pass_fds=numbers,
        )
        theirs.close()
        assert ours.recv(100) == lifeline.READY
        yield Server(port, errors)
    assert process.wait(15) == -signal.SIGTERM


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    """API, edge and mailbox, with nothing behind them but a small app."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "app.py").write_text(APP)
    (folder / "edge.py").write_text(EDGE)
    with ExitStack() as stack:
        api = stack.enter_context(program(folder, "infra.local.api"))
        edge = program(folder, "edge", API_URL=f"http://127.0.0.1:{api.port}")
        [closed_port] = free_ports(1)
        aws = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{closed_port}"}
        yield {
            "api": api,
            "edge": stack.enter_context(edge),
            "mailbox": stack.enter_context(program(folder, "infra.local.mailbox", **aws)),
        }


@pytest.fixture(params=["api", "edge", "mailbox"])
def server(request: pytest.FixtureRequest, servers: dict[str, Server]) -> Iterator[Server]:
    server = servers[request.param]
    before = server.errors.stat().st_size
    yield server
    time.sleep(0.05)
    said = server.errors.read_bytes()[before:].decode()
    assert "Traceback" not in said, said[said.find("Traceback") - 300 :]
    assert server.status(written("GET", "/")) in (200, 403, 404, 503)


def written(method: str, target: str, *headers: str, body: bytes = b"") -> bytes:
    head = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *headers]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body


TARGETS = ("/", "/api/who", "/api/echo/x", "/images/.x", "/media/a", "/api/mails", "/mails/1")
LENGTHS = {
    "a body": (["Content-Length: 5"], b"hello"),
    "an empty body": (["Content-Length: 0"], b""),
    "less than was said": (["Content-Length: 50"], b"hello"),
    "chunks": (["Transfer-Encoding: chunked"], b"5\r\nhello\r\n0\r\n\r\n"),
    "chunks and no body": (["Transfer-Encoding: chunked"], b"0\r\n\r\n"),
    "broken chunks": (["Transfer-Encoding: chunked"], b"zz\r\nhello\r\n"),
    "two lengths": (["Content-Length: 5", "Content-Length: 6"], b"hello"),
    "one length twice": (["Content-Length: 5", "Content-Length: 5"], b"hello"),
    "a list of lengths": (["Content-Length: 5, 5"], b"hello"),
    "a length below nothing": (["Content-Length: -1"], b""),
    "a signed length": (["Content-Length: +5"], b"hello"),
    "a length of words": (["Content-Length: five"], b"hello"),
    "an endless length": (["Content-Length: " + "9" * 5000], b"hello"),
    "another coding": (["Transfer-Encoding: gzip, chunked"], b"0\r\n\r\n"),
    "an expectation": (["Content-Length: 5", "Expect: 100-continue"], b"hello"),
}  # fmt: skip
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW")


@pytest.mark.parametrize("length", LENGTHS)
def test_a_body_is_read_ignored_or_refused(server: Server, length: str) -> None:
    headers, body = LENGTHS[length]
    for method, target in itertools.product(METHODS, TARGETS):
        sent = written(method, target, *headers, body=body)
        status = server.status(sent, patience_seconds=_MOMENT)
        assert status < 500 or status == 503, (method, target)


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST"])
@pytest.mark.parametrize("length", ["Content-Length: 5", "content-length: 44"])
def test_two_opinions_about_the_end_of_a_request_are_refused(
    server: Server, method: str, length: str
) -> None:
    """One of them would make a second request of what the other takes for the body."""
    hidden = b"GET /api/who HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    sent = written(method, "/api/who", length, "Transfer-Encoding: chunked", body=b"0\r\n\r\n")
    came = server.answer(sent.replace(b"Connection: close\r\n", b"") + hidden)
    assert came.startswith(b"HTTP/1.1 400 ")
    assert came.count(b"HTTP/1.1 ") == 1


_LENGTH = f"Content-Length: {LARGEST_BODY + 1}"
_MEGABYTE = b"100000\r\n" + b"x" * 2**20 + b"\r\n"


@pytest.mark.parametrize("name", ["api", "edge"])
@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize(
    ("headers", "body"),
    [
        pytest.param([_LENGTH], b"", id="not sent"),
        pytest.param([_LENGTH], b"x" * (LARGEST_BODY + 1), id="sent"),
        pytest.param([_LENGTH, "Expect: 100-continue"], b"", id="an expectation"),
        pytest.param([_LENGTH, "EXPECT: 100-continue"], b"", id="an expectation in capitals"),
        pytest.param(["Transfer-Encoding: chunked"], 11 * _MEGABYTE, id="chunks"),
    ],
)
def test_a_body_that_is_too_large_is_refused(
    servers: dict[str, Server], name: str, method: str, headers: Sequence[str], body: bytes
) -> None:
    sent = written(method, "/api/echo/x", *headers, f"Origin: {_PAGE}", body=body)
    came = servers[name].answer(sent)
    assert came.startswith(b"HTTP/1.1 413 "), came[:300]
    # A page reads a refusal, and not an error of CORS.
    assert f"access-control-allow-origin: {_PAGE}".encode() in came.lower()


def test_the_largest_body_is_forwarded(servers: dict[str, Server]) -> None:
    sent = written("POST", "/api/who", f"Content-Length: {LARGEST_BODY}", body=b"x" * LARGEST_BODY)
    # As API Gateway answers where it has no such route.
    assert [servers[name].status(sent) for name in ("api", "edge")] == [403, 403]


def test_a_body_where_none_belongs_changes_no_answer(servers: dict[str, Server]) -> None:
    edge = servers["edge"]
    for body in ("a body", "chunks", "an empty body"):
        headers, sent = LENGTHS[body]
        came = edge.answer(written("GET", "/api/who", *headers, body=sent))
        assert came.startswith(b"HTTP/1.1 403 "), body  # as API Gateway: no such route


@pytest.mark.parametrize(
    "before", ["http://127.0.0.1", "HTTP://127.0.0.1:8080", "https://127.0.0.1"]
)
@pytest.mark.parametrize("target", ["/api/who", "/api/echo/x?a=/b", "/images/.x", "/mails/1", "/"])
def test_a_target_with_a_host_is_answered_like_one_without(
    server: Server, before: str, target: str
) -> None:
    assert server.status(written("GET", before + target)) == server.status(written("GET", target))


def test_the_host_in_a_target_is_the_one_that_counts(servers: dict[str, Server]) -> None:
    """The mailbox hears one host alone, or any page could read mails by a name of its own."""
    assert servers["mailbox"].status(written("GET", "http://film.example/")) == 421


STRANGE_TARGETS = (
    *TARGETS, "*", "//", "//[", "http://[::1/", "http://x/api/who", "/api/%", "/api/%ff", "a",
    "/api/%00", "/api/..%2f..", "/api/" + "a" * 9000, "/?" + "&" * 3000, "/api/who?%ff=%",
    "/media/a?Policy=%ff&Signature=x&Key-Pair-Id=y", "/api/{x}", "/api/a|b^c`", "/mails/%2e%2e",
    "/media/a?Expires=" + "9" * 5000 + "&Signature=x&Key-Pair-Id=y", "/api/mails?to=%00",
    "/api/who#x", "/api/\\..\\",
)  # fmt: skip
STRANGE_HEADERS = (
    "Host: x", "Host:", "Host: [::1", "Host: 127.0.0.1:99999999", "Range: bytes=-,-", ": x",
    "Range: bytes=" + "9" * 5000 + "-", "Cookie: \xff", "If-None-Match: " + "," * 5000,
    "Upgrade: websocket", "Connection: upgrade, close, x", "Connection: host", "X: " + "y" * 7000,
    "Origin: null", "Accept-Encoding: gzip;q=\xfc", "Content-Type: \xfc", "Trailer: x",
    "Authorization: Bearer \xfc", "Accept-Language: " + ",;=" * 900, "TE: trailers", " folded",
    "X-Forwarded-For: ::ffff:1.2.3.4%eth0", "Content-Length: 3", "bad header",
)  # fmt: skip


def strange_requests() -> Sequence[bytes]:
    chosen = random.Random(_SEED)  # noqa: S311 - the same ones each time
    bodies = [b"", b"{}\r", b"\xff" * 300, b"0\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"]
    return [
        written(
            chosen.choice(METHODS),
            chosen.choice(STRANGE_TARGETS),
            *chosen.sample(STRANGE_HEADERS, chosen.randrange(4)),
            body=chosen.choice(bodies),
        )
        for _ in range(_DISORDER)
    ]


LINES = (
    b"", b"\r\n", b"\0" * 100, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / ",
    b"GET / HTTP/1.0\r\n\r\n", b"GET /api/who HTTP/1.0\r\n\r\n", b"A" * 100_000,
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET / HTTP/1.1\nHost: a\n\n",
    b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n", b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /api/" + b"a" * 65_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(LINES)))
def test_what_is_no_request_is_refused(server: Server, number: int) -> None:
    status = server.status(LINES[number], patience_seconds=_MOMENT)
    assert status < 500 or status == 503


def test_no_request_however_strange_breaks_a_server(server: Server) -> None:
    for sent in strange_requests():
        status = server.status(sent, patience_seconds=_MOMENT)
        assert status < 500 or status == 503, sent[:300]
