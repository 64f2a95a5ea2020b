"""Serves a source at a loopback port and a secret path, where the kernel has no supervision."""

import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from transcoder.sandbox.confinement import seccomp
from transcoder.sandbox.link import Link, SourceServer
from transcoder.sources.content import Content
from transcoder.sources.http import answer


class Loopback(SourceServer):
    """Serves until the next source is served: a worker has one task at a time."""

    def __init__(self, content: Content) -> None:
        self._server = _server()
        self._path = f"/{secrets.token_urlsafe(32)}"
        self._server.content, self._server.path = content, self._path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.port}{self._path}"

    @contextmanager
    def link(self) -> Iterator[Link]:
        yield Link(seccomp.LOOPBACK, self._server.port)


class _Server:
    content: Content
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
