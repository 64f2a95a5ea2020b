"""Serve the API over HTTP: a gateway and threads in place of API Gateway and Lambda."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from chalicelib.api import cors
from infra.local.gateway import LARGEST_BODY, Gateway, HttpRequest, HttpResponse
from infra.local.serving import serve

_THREADS = 32
_TOO_LARGE = HttpResponse(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    [("Content-Type", "application/json"), ("Connection", "close")],
    b'{"message": "Request Too Long"}',
)


class LocalApi:
    """An ASGI application around a function that blocks, such as `Gateway.handle`."""

    def __init__(
        self,
        handle: Callable[[HttpRequest], HttpResponse],
        allowed_origins: frozenset[str] = frozenset(),
    ) -> None:
        self._handle = handle
        self._allowed_origins = allowed_origins
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="lambda")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            body = await _body(request)
        except ClientDisconnect:
            return
        if body is None:
            # CloudFront adds them, so that a page reads a refusal and not a CORS error.
            of_cors = cors.headers(request.headers.get("origin", ""), self._allowed_origins)
            answer = replace(_TOO_LARGE, headers=[*_TOO_LARGE.headers, *of_cors.items()])
        else:
            answer = await self._answer(_for_gateway(request, body))
        response = Response(answer.body, answer.status)
        response.raw_headers += [
            (name.lower().encode(), value.encode()) for name, value in answer.headers
        ]
        await response(scope, receive, send)

    async def _answer(self, request: HttpRequest) -> HttpResponse:
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, self._handle, request
        )


async def _body(request: Request) -> bytes | None:
    """Read the body; None if it is too large."""
    if int(request.headers.get("content-length", "0")) > LARGEST_BODY:
        return None
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)


def _for_gateway(request: Request, body: bytes) -> HttpRequest:
    path = request.scope["raw_path"].decode("ascii")
    query = request.scope["query_string"].decode("ascii")
    return HttpRequest(
        method=request.method,
        target=f"{path}?{query}" if query else path,
        headers=[
            (name.decode("latin-1"), text.decode("latin-1")) for name, text in request.headers.raw
        ],
        body=body,
        address=request.client.host if request.client else "",
    )


if __name__ == "__main__":
    from app import app

    origins = frozenset(filter(None, os.environ.get("ALLOWED_ORIGINS", "").split(",")))
    serve(LocalApi(Gateway(app).handle, origins))
