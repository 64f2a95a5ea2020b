"""The API on this machine speaks HTTP as browsers expect it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from infra.local import lifeline, start
from tests.integration.supervised import REPOSITORY, free_ports

ELEVEN_MEGABYTES = 11 * 1024 * 1024
APP = """
import time
from chalice.app import Chalice, Response

app = Chalice(app_name="tiny")

@app.route("/who")
def who():
    return {"address": app.current_request.context["identity"]["sourceIp"]}

@app.route("/cookies")
def cookies():
    return Response("", headers={"Set-Cookie": ["one=1; Path=/", "two=2; Path=/"]})

@app.route("/nothing", methods=["DELETE"])
def nothing():
    return Response("", status_code=204)

@app.route("/echo/{word}", methods=["POST"])
def echo(word):
    request = app.current_request
    return {"word": word, "query": request.query_params, "body": request.json_body}

@app.route("/slow")
def slow():
    time.sleep(1)
"""


@contextmanager
def serving(root: Path) -> Iterator[tuple[int, socket.socket]]:
    """Serve a small app; yield its port and the lifeline that ends it."""
    (root / "app.py").write_text(APP)
    [port] = free_ports(1)
    ours, theirs = socket.socketpair()
    with ours, start.listening(port, "API_PORT") as sockets:
        numbers = [listener.fileno() for listener in sockets]
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.local.api", *map(str, numbers)],
            cwd=root,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY)},
            stdin=theirs.fileno(),
            pass_fds=numbers,
        )
        theirs.close()
        assert ours.recv(100) == lifeline.READY
        yield port, ours
    assert process.wait(15) == -signal.SIGTERM


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with serving(tmp_path_factory.mktemp("tiny")) as (port, _):
        yield port


@pytest.fixture
def connection(port: int) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    yield connection
    connection.close()


def exchange(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None
) -> tuple[http.client.HTTPResponse, bytes]:
    connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
    answer = connection.getresponse()
    return answer, answer.read()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_the_api_answers_under_every_name_of_this_machine(host: str, port: int) -> None:
    with closing(http.client.HTTPConnection(host, port, timeout=10)) as connection:
        assert exchange(connection, "GET", "/who")[0].status == 200


def test_a_request_arrives_with_its_path_query_and_body(
    connection: http.client.HTTPConnection,
) -> None:
    _, body = exchange(connection, "POST", "/echo/gr%C3%BCn?a=1&b=%26", '{"c": "ü"}'.encode())
    assert json.loads(body) == {"word": "grün", "query": {"a": "1", "b": "&"}, "body": {"c": "ü"}}


def test_a_client_cannot_choose_its_own_address(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/who", headers={"X-Forwarded-For": "10.9.8.7"})
    assert json.load(connection.getresponse()) == {"address": "127.0.0.1"}


def test_several_cookies_arrive_as_several(connection: http.client.HTTPConnection) -> None:
    answer, _ = exchange(connection, "GET", "/cookies")
    assert answer.headers.get_all("set-cookie") == ["one=1; Path=/", "two=2; Path=/"]


def test_a_connection_serves_many_requests(connection: http.client.HTTPConnection) -> None:
    connection.connect()
    first = connection.sock
    statuses = [
        exchange(connection, *request)[0].status
        for request in (("GET", "/who"), ("DELETE", "/nothing"), ("HEAD", "/who"), ("GET", "/who"))
    ]
    # Like API Gateway, it knows only the methods of the app; HEAD is none of them.
    assert statuses == [200, 204, 403, 200]
    assert connection.sock is first


def test_an_answer_to_head_has_no_body(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(b"HEAD /who HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        with client.makefile("rb") as answer:
            assert answer.read().endswith(b"\r\n\r\n")


def test_one_slow_request_does_not_hold_others(connection: http.client.HTTPConnection) -> None:
    with closing(http.client.HTTPConnection(connection.host, connection.port)) as slow:
        thread = threading.Thread(target=exchange, args=(slow, "GET", "/slow"))
        thread.start()
        time.sleep(0.1)
        exchange(connection, "GET", "/who")
        assert thread.is_alive()
        thread.join()


def test_a_body_that_is_too_large_is_refused_before_it_is_sent(
    connection: http.client.HTTPConnection,
) -> None:
    connection.putrequest("POST", "/echo/x")
    connection.putheader("Content-Length", str(ELEVEN_MEGABYTES))
    connection.endheaders()
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (413, b'{"message": "Request Too Long"}')
    assert answer.headers["connection"] == "close"


def test_a_body_of_unknown_size_is_read_no_further_than_allowed(port: int) -> None:
    megabyte = b"100000\r\n" + b"x" * 2**20 + b"\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        head = b"POST /echo/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        client.sendall(head + 11 * megabyte)
        assert client.recv(12) == b"HTTP/1.1 413"


def test_a_client_that_leaves_in_the_middle_does_no_harm(
    port: int, connection: http.client.HTTPConnection, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"POST /echo/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    time.sleep(0.2)
    assert exchange(connection, "GET", "/who")[0].status == 200
    assert capfd.readouterr().err == ""


def test_who_is_connected_hears_in_an_answer_that_the_program_ends(tmp_path: Path) -> None:
    with (
        serving(tmp_path) as (port, line),
        closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection,
    ):
        answer, _ = exchange(connection, "GET", "/who")
        line.close()
        while answer.headers["connection"] != "close":
            time.sleep(0.02)
            answer, _ = exchange(connection, "GET", "/who")
            assert answer.status == 200
