"""Serve a web application on listening sockets that the supervisor holds."""

import asyncio
import socket
import sys
from collections.abc import Callable
from typing import Any

import uvicorn
from typing_extensions import override

from infra.local import lifeline

# Time for those who have just connected to say what they want.
_DRAIN_SECONDS = 0.5
_LAST_ANSWERS_SECONDS = 10


def serve(application: Callable[..., Any]) -> None:
    """Serve until asked to end; the program's arguments are the numbers of its sockets."""
    lifeline.hold()
    config = uvicorn.Config(
        application,
        http="h11",
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


class _Server(uvicorn.Server):
    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        lifeline.say_ready()

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        # Uvicorn closes idle connections at once; who is about to use one shall have an answer,
        # and hear in it that the connection ends.
        self.server_state.default_headers.append((b"connection", b"close"))
        await asyncio.sleep(_DRAIN_SECONDS)
        await super().shutdown(sockets)
