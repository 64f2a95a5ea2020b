"""A program without a network reads ranges of a source, and gets nothing else."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from chalicelib.encoding.model import Source, SourceReplaced
from tests.fakes.clock import HandClock
from tests.fakes.uploads_bucket import InMemoryUploads
from transcoder.sandbox.confinement import enforcement
from transcoder.sandbox.link import SourceServer
from transcoder.sandbox.runner import Finished, Limits, Sandbox
from transcoder.sources.http import Loopback, SourceContent
from transcoder.sources.supervised import Supervised

PATIENT = Limits(idle_seconds=30, cpu_seconds=20)
PYTHON = (sys.prefix, sys.base_prefix)
# As large as several blocks and more than a socket buffers.
CONTENT = bytes(range(256)) * 8192
ASK = """
import json, socket, sys
def ask(request, *, host="127.0.0.1", port=80):
    with socket.create_connection((host, port), 10) as connection:
        connection.sendall(request)
        whole = b""
        while block := connection.recv(65536):
            whole += block
    head, _, body = whole.partition(b"\\r\\n\\r\\n")
    return head.decode().split("\\r\\n"), body
def get(path, *headers, **where):
    return ask("\\r\\n".join([f"GET {path} HTTP/1.1", *headers, "", ""]).encode(), **where)
from urllib.parse import urlsplit
url = urlsplit(sys.argv[1])
there = {"port": url.port or 80}
def say(head, body):
    print(json.dumps([*head, len(body), sum(body)]))
"""


@dataclass
class Flaky(InMemoryUploads):
    """Breaks off after so many bytes, as often as it is set to."""

    breaks: int = 0
    asked: list[tuple[int, int]] = field(default_factory=list)

    def read(self, source: Source, first: int, last: int) -> Iterator[bytes]:
        self.asked.append((first, last))
        content = b"".join(super().read(source, first, last))
        if self.breaks:
            self.breaks -= 1
            yield content[: len(content) // 2]
            raise ConnectionResetError
        yield content


@pytest.fixture
def store() -> Flaky:
    return Flaky(HandClock(), {"film": CONTENT})


@pytest.fixture
def content(store: Flaky) -> SourceContent:
    source = store.find("film")
    assert source is not None
    return SourceContent(store, source, pause_seconds=0)


@pytest.fixture(params=["supervised", "loopback"])
def server(
    request: pytest.FixtureRequest,
    content: SourceContent,
    socket_enabled: None,  # noqa: ARG001
) -> SourceServer:
    if request.param == "loopback":
        return Loopback(content)
    if not enforcement.can_supervise():
        pytest.skip(enforcement.NO_SUPERVISION)
    return Supervised(content)


Run = Callable[[str], Finished]


@pytest.fixture
def run(server: SourceServer, tmp_path: Path) -> Run:
    def run(code: str) -> Finished:
        sandbox = Sandbox(tmp_path, threading.Event()).serving(server)
        command = [sys.executable, "-c", ASK + code, server.url]
        return sandbox.run(command, limits=PATIENT, source=server.url, reads=PYTHON)

    return run


def said(finished: Finished) -> list[object]:
    assert finished.is_good, finished.lines
    answer: list[object] = json.loads(finished.lines[-1])
    return answer


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-", 0, len(CONTENT) - 1),
        ("bytes=5-9", 5, 9),
        ("bytes=1000000-", 1_000_000, len(CONTENT) - 1),
        ("bytes=7-99999999", 7, len(CONTENT) - 1),
    ],
)
def test_it_gets_the_bytes_it_asks_for(run: Run, asked: str, first: int, last: int) -> None:
    answer = said(run(f'say(*get(url.path, "Host: x", "Range: {asked}", **there))'))
    assert answer[0] == "HTTP/1.1 206 Partial Content"
    assert f"Content-Range: bytes {first}-{last}/{len(CONTENT)}" in answer
    expected = CONTENT[first : last + 1]
    assert answer[-2:] == [len(expected), sum(expected)]


def test_without_a_range_it_gets_everything(run: Run) -> None:
    answer = said(run("say(*get(url.path, **there))"))
    assert answer[0] == "HTTP/1.1 200 OK"
    assert answer[-2:] == [len(CONTENT), sum(CONTENT)]


def test_what_is_behind_the_end_is_said_not_to_be_there(run: Run) -> None:
    code = f'say(*get(url.path, "Range: bytes={len(CONTENT)}-", **there))'
    assert said(run(code))[:3] == [
        "HTTP/1.1 416 Requested Range Not Satisfiable",
        "Content-Length: 0",
        f"Content-Range: bytes */{len(CONTENT)}",
    ]


@pytest.mark.parametrize(
    ("request_line", "status"),
    [("GET /other HTTP/1.1", 404), ("POST {path} HTTP/1.1", 400), ("nonsense", 400)],
)
def test_it_can_ask_for_nothing_else(run: Run, request_line: str, status: int) -> None:
    code = f"say(*ask(({request_line!r}.format(path=url.path) + '\\r\\n\\r\\n').encode(), **there))"
    assert f" {status} " in str(said(run(code))[0])


def test_an_endless_request_is_not_read_to_its_end(run: Run) -> None:
    finished = run("say(*ask(b'GET /' + b'x' * 100_000_000, **there))")
    assert not finished.is_good or " 400 " in finished.lines[-1]


def test_it_can_seek_as_often_as_it_likes(run: Run) -> None:
    code = """
for first in range(0, 200):
    head, body = get(url.path, f"Range: bytes={first}-{first}", **there)
    assert body == bytes([first]), (first, body)
    # Left in the middle, as FFmpeg does.
    with socket.create_connection(("127.0.0.1", there["port"]), 10) as connection:
        connection.sendall(f"GET {url.path} HTTP/1.1\\r\\nRange: bytes=0-\\r\\n\\r\\n".encode())
        assert connection.recv(100)
print("[]")
"""
    assert said(run(code)) == []


def test_a_connection_that_breaks_is_taken_up_where_it_broke(run: Run, store: Flaky) -> None:
    store.breaks = 3
    answer = said(run('say(*get(url.path, "Range: bytes=10-", **there))'))
    assert answer[-2:] == [len(CONTENT) - 10, sum(CONTENT[10:])]
    assert [first for first, _ in store.asked] == sorted({first for first, _ in store.asked})


def test_one_that_breaks_again_and_again_is_said_to_be_short(run: Run, store: Flaky) -> None:
    store.breaks = 10**6
    store.objects["film"] = CONTENT[:1] + CONTENT[1:]
    answer = said(run('say(*get(url.path, "Range: bytes=0-", **there))'))
    assert f"Content-Length: {len(CONTENT)}" in answer
    assert int(str(answer[-2])) < len(CONTENT)


def test_a_source_that_was_replaced_is_gone(run: Run, store: Flaky) -> None:
    store.objects["film"] = CONTENT + b"more"
    assert said(run("say(*get(url.path, **there))"))[0] == "HTTP/1.1 404 Not Found"


@pytest.mark.skipif(not enforcement.can_supervise(), reason=enforcement.NO_SUPERVISION)
class TestSupervised:
    """What only holds where the kernel hands the program its connection."""

    @pytest.fixture
    def server(self, content: SourceContent) -> SourceServer:
        return Supervised(content)

    def test_wherever_it_connects_to_it_gets_the_source_and_nothing_else(self, run: Run) -> None:
        answer = said(run('say(*get("/source", "Range: bytes=0-9", host="192.0.2.1", port=443))'))
        assert answer[-2:] == [10, sum(CONTENT[:10])]

    def test_it_cannot_hold_more_connections_than_any_command_needs(self, run: Run) -> None:
        code = """
held = []
try:
    while len(held) < 100:
        held.append(socket.create_connection(("127.0.0.1", 80)))
except OSError as error:
    print(json.dumps([len(held), error.errno]))
"""
        assert said(run(code)) == [16, 24]

    def test_no_other_kind_of_socket_can_be_had(self, run: Run) -> None:
        code = """
refused = []
for family, kind in ((2, 2), (2, 3), (10, 1), (1, 1), (16, 3), (17, 3), (40, 1)):
    try:
        socket.socket(family, kind)
    except OSError as error:
        refused.append(error.errno)
print(json.dumps(refused))
"""
        assert said(run(code)) == [13] * 7

    def test_it_can_pass_nothing_through_its_connection_but_bytes(self, run: Run) -> None:
        code = """
connection = socket.create_connection(("127.0.0.1", 80))
for call in (
    lambda: socket.send_fds(connection, [b"x"], [0]),
    lambda: connection.recvmsg(1, 100),
    lambda: connection.bind(("127.0.0.1", 0)),
    lambda: connection.listen(),
):
    try:
        call()
    except OSError:
        continue
    raise SystemExit("reached")
print("[]")
"""
        assert said(run(code)) == []

    def test_a_program_that_is_killed_leaves_nothing_behind(self, run: Run) -> None:
        before = threading.active_count()
        code = """
import os
connection = socket.create_connection(("127.0.0.1", 80))
connection.sendall(b"GET /source HTTP/1.1\\r\\n\\r\\n")
os.kill(os.getpid(), 9)
"""
        assert run(code).code == -9
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and thread.daemon:
                thread.join(5)
        assert threading.active_count() <= before


def test_a_program_that_reads_no_source_has_no_network(
    content: SourceContent, tmp_path: Path
) -> None:
    sandbox = Sandbox(tmp_path, threading.Event()).serving(Supervised(content))
    code = "import socket; socket.create_connection(('127.0.0.1', 80))"
    finished = sandbox.run([sys.executable, "-c", code], limits=PATIENT, reads=PYTHON)
    assert not finished.is_good
    assert "PermissionError" in finished.lines[-1]


def test_bytes_are_yielded_once_each_however_often_it_breaks(
    content: SourceContent, store: Flaky
) -> None:
    store.breaks = 3
    assert b"".join(content.read(3, 1_000_002)) == CONTENT[3:1_000_003]
    store.objects["film"] = b""
    with pytest.raises(SourceReplaced):
        next(content.read(0, 1))
