"""Forward requests to the API, as CloudFront does: one host for everything."""

from collections.abc import AsyncIterator

import httpx
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from chalicelib.api import cors
from infra.local.gateway import LARGEST_BODY

# Headers of a single connection; forwarding uses two.
_OF_THE_CONNECTION = frozenset(
    {
        b"connection",
        b"expect",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"host",
        b"date",
    }
)
Headers = list[tuple[bytes, bytes]]

_SECONDS = 30
_LIMITS = httpx.Limits(max_connections=100)
_WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Forwarder:
    """Uses a bare transport: a client would store cookies and add headers."""

    def __init__(
        self,
        api_url: str,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        viewer_header: str = "",
        allowed_origins: frozenset[str] = frozenset(),
    ) -> None:
        self._api = httpx.URL(api_url)
        # Like CloudFront's origin path, which is the stage of API Gateway.
        self._before = self._api.raw_path.rstrip(b"/")
        self._viewer_header = viewer_header.encode()
        self._allowed_origins = allowed_origins
        self._transport = transport or httpx.AsyncHTTPTransport(trust_env=False, limits=_LIMITS)

    async def forward(self, request: Request) -> Response:
        try:
            answer = await self._transport.handle_async_request(self._onward(request))
        except httpx.InvalidURL:
            return JSONResponse({"detail": "This is no address."}, 400)
        except _BodyTooLarge:
            # As CloudFront adds them to what API Gateway refuses by itself.
            of_cors = cors.headers(request.headers.get("origin", ""), self._allowed_origins)
            headers = {"connection": "close", **of_cors}
            return JSONResponse({"message": "Request Too Long"}, 413, headers)
        except (httpx.HTTPError, ClientDisconnect):
            return JSONResponse({"detail": "The API does not answer."}, 502)
        response = StreamingResponse(
            _bytes(answer), answer.status_code, background=BackgroundTask(answer.aclose)
        )
        response.raw_headers = _kept(answer.headers.raw)
        return response

    def _onward(self, request: Request) -> httpx.Request:
        raw, query = request.scope["raw_path"], request.scope["query_string"]
        has_body = request.method in _WITH_BODY
        if has_body and int(request.headers.get("content-length", "0")) > LARGEST_BODY:
            # Before the body is read: a client that waits for 100 need not send it.
            raise _BodyTooLarge
        headers = _kept(request.headers.raw)
        if self._viewer_header:
            headers = _with_viewer_header(headers, self._viewer_header, request)
        if not has_body:
            # The body of such a request is not forwarded, and so its length must not be.
            headers = [(name, value) for name, value in headers if name != b"content-length"]
        return httpx.Request(
            request.method,
            self._api.copy_with(raw_path=self._before + raw + (b"?" + query if query else b"")),
            headers=headers,
            content=_limited(request) if has_body else None,
            extensions={"timeout": httpx.Timeout(_SECONDS).as_dict()},
        )


class _BodyTooLarge(Exception):
    """API Gateway would not take the body, and so the API hangs up while it is sent."""


async def _limited(request: Request) -> AsyncIterator[bytes]:
    size = 0
    async for block in request.stream():
        size += len(block)
        if size > LARGEST_BODY:
            raise _BodyTooLarge
        yield block


def _with_viewer_header(headers: Headers, name: bytes, request: Request) -> Headers:
    address = request.client.host if request.client else ""
    return [*(each for each in headers if each[0] != name), (name, address.encode())]


def _kept(headers: Headers) -> Headers:
    lowered = [(name.lower(), value) for name, value in headers]
    named = [value for name, value in lowered if name == b"connection"]
    dropped = {each.strip().lower() for each in b",".join(named).split(b",")} | _OF_THE_CONNECTION
    return [(name, value) for name, value in lowered if name not in dropped]


async def _bytes(answer: httpx.Response) -> AsyncIterator[bytes]:
    async for chunk in answer.aiter_raw():
        yield chunk
