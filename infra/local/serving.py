"""Serve a web application on listening sockets that the supervisor holds."""

import asyncio
import re
import socket
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import h11
import uvicorn
from typing_extensions import override
from uvicorn._types import HTTPScope
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from infra.local import lifeline

_HOST_IN_TARGET = re.compile(rb"https?://([^/]*)", re.IGNORECASE)
# Time for new connections to send their request.
_DRAIN_SECONDS = 0.5
_LAST_ANSWERS_SECONDS = 10


def serve(application: Callable[..., Any]) -> None:
    """Serve until asked to end; the program's arguments are the numbers of its sockets."""
    lifeline.hold()
    config = uvicorn.Config(
        application,
        http=_Protocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # or clients could choose their own address
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_LAST_ANSWERS_SECONDS,
    )
    _Server(config).run([socket.socket(fileno=int(number)) for number in sys.argv[1:]])


class _Protocol(H11Protocol):
    """Refuses requests with an ambiguous end, and answers each of them once."""

    @override
    def handle_events(self) -> None:
        try:
            super().handle_events()
        except _EndsTwice:
            self.send_400_response("Invalid HTTP request received.")

    @override
    def _should_upgrade(self) -> bool:
        # Uvicorn calls this for every request before it calls the application.
        names = {name for name, _ in self.headers}
        if {b"content-length", b"transfer-encoding"} <= names:
            raise _EndsTwice
        _without_host(self.scope)
        return super()._should_upgrade()

    @override
    def send_400_response(self, msg: str) -> None:
        if self._is_answering():
            # The application may still be working, but the client gets no more of its answer.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        has_no_body = bool(self.scope) and self.scope["method"] == "HEAD"
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE) and not has_no_body:
            super().send_400_response(msg)
        else:
            self.transport.close()

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = getattr(self, "cycle", None)
        return cycle is not None and not cycle.response_complete


def _without_host(scope: HTTPScope) -> None:
    """Split a target such as `http://host/path` into its path and the `Host` header.

    Servers have to accept it (RFC 9112, 3.2.2), and routes match only paths.
    """
    match = _HOST_IN_TARGET.match(scope["raw_path"])
    if match is None:
        return
    path = scope["raw_path"][match.end() :] or b"/"
    others = [(name, value) for name, value in scope["headers"] if name != b"host"]
    scope["raw_path"], scope["path"] = path, unquote(path.decode("ascii"))
    scope["headers"] = [(b"host", match[1]), *others]


class _EndsTwice(Exception):
    """A request has both a length and a chunked body; proxies disagree about which counts."""


class _Server(uvicorn.Server):
    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        lifeline.say_ready()

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        # Uvicorn closes idle connections at once. A client that is about to use one gets an
        # answer before that, which says that the connection ends.
        self.server_state.default_headers.append((b"connection", b"close"))
        await asyncio.sleep(_DRAIN_SECONDS)
        await super().shutdown(sockets)
