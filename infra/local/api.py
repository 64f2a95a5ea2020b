"""Serve the API over HTTP: a gateway and threads in place of API Gateway and Lambda."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

from infra.local.gateway import LARGEST_BODY, Gateway, HttpRequest, HttpResponse
from infra.local.serving import serve

_THREADS = 32
_WITHOUT_BODY = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
_TOO_LARGE = HttpResponse(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    [("Content-Type", "application/json"), ("Connection", "close")],
    b'{"message": "Request Too Long"}',
)


class Api:
    """An ASGI application around a function that blocks, such as `Gateway.handle`."""

    def __init__(self, handle: Callable[[HttpRequest], HttpResponse]) -> None:
        self._handle = handle
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="lambda")

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        assert scope["type"] == "http"  # noqa: S101 - `serving` configures nothing else
        try:
            body = await _body(scope, receive)
        except ConnectionError:
            return
        response = _TOO_LARGE if body is None else await self._answer(_request(scope, body))
        await _send(response, send)

    async def _answer(self, request: HttpRequest) -> HttpResponse:
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, self._handle, request
        )


async def _body(scope: HTTPScope, receive: ASGIReceiveCallable) -> bytes | None:
    """Read the body; None if it is too large."""
    if int(dict(scope["headers"]).get(b"content-length", b"0")) > LARGEST_BODY:
        return None
    body = bytearray()
    more = True
    while more and len(body) <= LARGEST_BODY:
        message = await receive()
        if message["type"] != "http.request":
            raise ConnectionError("The client has left.")
        body += message["body"]
        more = message["more_body"]
    return bytes(body) if len(body) <= LARGEST_BODY else None


def _request(scope: HTTPScope, body: bytes) -> HttpRequest:
    return HttpRequest(
        method=scope["method"],
        target=_target(scope),
        headers=[
            (name.decode("latin-1"), text.decode("latin-1")) for name, text in scope["headers"]
        ],
        body=body,
        address=scope["client"][0] if scope["client"] else "",
    )


def _target(scope: HTTPScope) -> str:
    path = scope["raw_path"].decode("ascii")
    query = scope["query_string"].decode("ascii")
    return f"{path}?{query}" if query else path


async def _send(response: HttpResponse, send: ASGISendCallable) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in response.headers]
    if response.status not in _WITHOUT_BODY:
        headers.append((b"content-length", str(len(response.body)).encode()))
    await send(
        {
            "type": "http.response.start",
            "status": response.status,
            "headers": headers,
            "trailers": False,
        }
    )
    await send({"type": "http.response.body", "body": response.body, "more_body": False})


if __name__ == "__main__":
    from app import app

    serve(Api(Gateway(app).handle))
