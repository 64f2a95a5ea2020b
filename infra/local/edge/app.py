"""The edge as a web application: media behind signatures, pictures, the API, and the page."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from chalicelib.adapters.media_bucket import IMMUTABLE
from chalicelib.api import cors
from infra.local.edge import objects
from infra.local.edge.disk_cache import DiskCache
from infra.local.edge.file_answer import FileAnswer
from infra.local.edge.forwarding import Forwarder
from infra.local.edge.pages import Pages
from infra.local.edge.signed_urls import EdgeRefusal, Gate, MediaRequest, denied, not_found

_READING = ["GET", "HEAD"]
_ANY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
# Browsers may keep the picture of a withdrawn video for this long.
_PICTURES = "public, max-age=3600"
_HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
_log = logging.getLogger(__name__)
_EXPOSED = "Content-Length, Content-Range, Content-Type, Date, ETag"


@dataclass(frozen=True, slots=True)
class LocalEdge:
    gate: Gate
    cache: DiskCache
    pages: Pages
    forwarder: Forwarder
    allowed_origins: frozenset[str]

    def application(self) -> Starlette:
        objects_of_the_bucket = [*_READING, "OPTIONS"]
        return Starlette(
            routes=[
                Route("/media/{path:path}", self._media, methods=objects_of_the_bucket),
                Route("/images/{path:path}", self._images, methods=objects_of_the_bucket),
                Route("/api/{path:path}", self.forwarder.forward, methods=_ANY),
                # Links in mails of a djoser backend, whose host is now that of the edge.
                Route("/activate/{path:path}", self.forwarder.forward, methods=_READING),
                Route("/{path:path}", self._page, methods=_READING),
            ]
        )

    async def _media(self, request: Request) -> ASGIApp:
        return await self._object(request, f"private, {IMMUTABLE}", is_private=True)

    async def _images(self, request: Request) -> ASGIApp:
        return await self._object(request, _PICTURES, is_private=False)

    async def _object(self, request: Request, caching: str, *, is_private: bool) -> ASGIApp:
        origin = request.headers.get("origin", "")
        if request.method == "OPTIONS":
            return Response(
                status_code=204, headers=preflight_headers(origin, self.allowed_origins)
            )
        of_cors = cors_headers(origin, self.allowed_origins)
        try:
            if is_private:
                self.gate.require_signature(_media_request(request))
            return await self._answer(_raw_path(request), {**of_cors, "cache-control": caching})
        except EdgeRefusal as refused:
            return _refusal(refused, of_cors)
        except (BotoCoreError, ClientError, OSError) as error:
            _log.warning("The media bucket does not answer: %s", error)
            problem = EdgeRefusal("ServiceUnavailable", "Please try again.", status=503)
            return _refusal(problem, of_cors)

    async def _answer(self, raw_path: str, headers: Mapping[str, str]) -> FileAnswer:
        key = objects.key_in(raw_path)
        opened = await self.cache.open(key) if key else None
        if key is None or opened is None:
            raise not_found()
        return FileAnswer(
            file=opened.file,
            size=opened.size,
            etag=objects.etag(key, opened.size),
            headers={
                **headers,
                "content-type": objects.media_type(key),
                "x-content-type-options": "nosniff",
                "cross-origin-resource-policy": "cross-origin",
            },
        )

    async def _page(self, request: Request) -> ASGIApp:
        page = self.pages.find(_raw_path(request))
        return page or _refusal(not_found(), {})


def _media_request(request: Request) -> MediaRequest:
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise denied()  # else a signature for a folder could match in the name of the host
    return MediaRequest(
        url=f"{request.scope['scheme']}://{host}{_raw_path(request)}",
        query=request.scope["query_string"].decode("latin-1"),
        client=request.client.host if request.client else "",
    )


def _raw_path(request: Request) -> str:
    raw: bytes = request.scope["raw_path"]
    return raw.decode("latin-1")


def _refusal(refused: EdgeRefusal, headers: Mapping[str, str]) -> Response:
    fields = {**headers, "cache-control": "no-store", "x-content-type-options": "nosniff"}
    return Response(refused.xml, refused.status, fields, "text/xml")


def cors_headers(origin: str, allowed: frozenset[str]) -> Mapping[str, str]:
    # After a redirect from the API the origin is `null`. Allowing it is safe: access to an object
    # depends on its signed URL, never on a cookie.
    return cors.headers(origin, allowed | {"null"}, exposed=_EXPOSED)


def preflight_headers(origin: str, allowed: frozenset[str]) -> Mapping[str, str]:
    fields = cors_headers(origin, allowed)
    if "Access-Control-Allow-Origin" not in fields:
        return fields
    return {
        **fields,
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
        # Clients set headers of the API on all that they fetch; they reach no bucket.
        "Access-Control-Allow-Headers": f"{cors.HEADERS}, range, if-range",
        "Access-Control-Max-Age": str(cors.PREFLIGHT_SECONDS),
    }
