"""Serve the pages of `clients/` at the origins and ports that frontends of others have."""

import fcntl
import os
import socket
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typing_extensions import override

from tests.integration.supervised import REPOSITORY

_FOLDER = Path(__file__).parent / "clients"
ORIGINS = {
    "official": "http://127.0.0.1:5500",
    "angular": "http://localhost:4200",
    "authemail": "http://localhost:4200",
    "djoser": "http://localhost:4200",
}
# Where the links of mails lead.
_MAILED = {
    "/pages/auth/": "official",
    "/auth/activate.html": "angular",
    "/auth/confirm_password.html": "angular",
    "/email-verify": "authemail",
    "/new-password": "authemail",
    "/auth/activate/": "djoser",
    "/auth/reset-password/": "djoser",
}


class _Pages(SimpleHTTPRequestHandler):
    @override
    def translate_path(self, path: str) -> str:
        path = urlsplit(path).path
        if path == "/hls.js":
            return str(REPOSITORY / "web/vendor/hls.js")
        client = next((page for begin, page in _MAILED.items() if path.startswith(begin)), "")
        return str(_FOLDER / (f"{client}.html" if client else path.removeprefix("/")))

    @override
    def log_message(self, format: str, *args: object) -> None: ...


@contextmanager
def pages_served() -> Iterator[None]:
    with ExitStack() as stack:
        for port in sorted({urlsplit(origin).port or 0 for origin in ORIGINS.values()}):
            server = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", port), _Pages))
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
        yield


@contextmanager
def usual_ports(*ports: int) -> Iterator[None]:
    """Use ports that cannot be chosen, after all other tests that do so, and those of pages."""
    lock = Path(tempfile.gettempdir()) / f"videoflix-usual-ports-{os.getuid()}"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        require_free([*ports, *(urlsplit(origin).port or 0 for origin in ORIGINS.values())])
        yield


def require_free(ports: Iterable[int]) -> None:
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                pytest.fail(
                    f"Port {port} is taken, and clients of others know no other: "
                    "end what listens there, such as a `make run` of yours."
                )
