"""The HTTP server for ranges of one source, which are resumed where a connection broke."""

import re
import secrets
import socket
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus

from chalicelib.encoding.model import Source, SourceReplaced
from chalicelib.encoding.ports import SourceStore
from chalicelib.telemetry import log
from transcoder.errors import SourceUnreachable
from transcoder.sandbox.confinement import seccomp
from transcoder.sandbox.link import Link, SourceServer

_MOST_TRIES = 4
_PAUSE_SECONDS = 0.5
_LONGEST_REQUEST = 8192
_GET = re.compile(r"GET (/[\x21-\x7e]{0,200}) HTTP/1\.[01]\r\n")
_RANGE = re.compile(r"\r\nrange: ?bytes=(\d{1,15})-(\d{0,15})\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceContent:
    store: SourceStore
    source: Source
    pause_seconds: float = _PAUSE_SECONDS

    @property
    def size(self) -> int:
        return self.source.size

    def read(self, first: int, last: int) -> Generator[bytes, None, None]:
        """Yield exactly these bytes; raise `SourceReplaced`, or `SourceUnreachable`."""
        tries = 0
        while first <= last and tries < _MOST_TRIES:
            before = first
            try:
                for block in self.store.read(self.source, first, last):
                    first += len(block)
                    yield block
            except SourceReplaced:
                raise
            except Exception:
                log.warning("reading a source broke off", exc_info=True)
                time.sleep(self.pause_seconds * tries)
            tries = 0 if first > before else tries + 1
        if first <= last:
            raise SourceUnreachable


def answer(connection: socket.socket, content: SourceContent, path: str) -> None:
    """Serve one request and close; errors of the connection end it."""
    with connection, suppress(OSError):
        request = _received(connection)
        asked = _GET.match(request)
        if asked is None:
            _say(connection, HTTPStatus.BAD_REQUEST)
        elif asked[1] != path:
            _say(connection, HTTPStatus.NOT_FOUND)
        else:
            _send(connection, content, request)


def _received(connection: socket.socket) -> str:
    request = b""
    while b"\r\n\r\n" not in request and len(request) < _LONGEST_REQUEST:
        block = connection.recv(_LONGEST_REQUEST)
        if not block:
            break
        request += block
    return request.decode("latin-1")


def _send(connection: socket.socket, content: SourceContent, request: str) -> None:
    ranged = _RANGE.search(request)
    first = int(ranged[1]) if ranged else 0
    last = min(int(ranged[2]) if ranged and ranged[2] else content.size, content.size - 1)
    if first > last:
        _say(connection, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, f"bytes */{content.size}")
        return
    _send_range(connection, content, first, last, is_partial=ranged is not None)


def _send_range(
    connection: socket.socket, content: SourceContent, first: int, last: int, *, is_partial: bool
) -> None:
    with closing(content.read(first, last)) as blocks:
        try:
            # Before the status line, so that a failure gets a status of its own.
            block = next(blocks)
        except SourceReplaced:
            _say(connection, HTTPStatus.NOT_FOUND)
            return
        except SourceUnreachable:
            log.warning("a source cannot be read")
            _say(connection, HTTPStatus.SERVICE_UNAVAILABLE)
            return
        status = HTTPStatus.PARTIAL_CONTENT if is_partial else HTTPStatus.OK
        content_range = f"bytes {first}-{last}/{content.size}"
        _say(connection, status, content_range, length=last - first + 1)
        connection.sendall(block)
        try:
            for block in blocks:
                connection.sendall(block)
        except (SourceReplaced, SourceUnreachable):
            # The program notices that the body is shorter than announced.
            log.warning("a source broke off")


def _say(
    connection: socket.socket, status: HTTPStatus, content_range: str = "", *, length: int = 0
) -> None:
    lines = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        f"Content-Length: {length}",
        *([f"Content-Range: {content_range}"] if content_range else []),
        "Accept-Ranges: bytes",
        "Connection: close",
    ]
    connection.sendall("\r\n".join([*lines, "", ""]).encode())


class Loopback(SourceServer):
    """Serves until the next source is served: a worker has one task at a time."""

    def __init__(self, content: SourceContent) -> None:
        self._server = _server()
        self._path = f"/{secrets.token_urlsafe(32)}"
        self._server.content, self._server.path = content, self._path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}{self._path}"

    @contextmanager
    def link(self) -> Iterator[Link]:
        yield Link(seccomp.LOOPBACK, self._server.port)


class _Server:
    content: SourceContent
    path: str

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._run, name="loopback", daemon=True).start()

    def _run(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            serving = (connection, self.content, self.path)
            threading.Thread(target=answer, args=serving, daemon=True).start()


@cache
def _server() -> _Server:
    return _Server()
