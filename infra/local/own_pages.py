"""Refuse requests of foreign web pages to the emulated AWS, which has no authentication."""

import ipaddress
import re
from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from infra.local.host_names import name_in

# Foreign domains cannot define names below these, nor names without a dot.
_OURS = (".localhost", ".amazonaws.com")
# An API behind API Gateway checks origins itself.
_OF_AN_API = re.compile(r"/restapis/[^/]+/[^/]+/_user_request_/|/_aws/execute-api/")
_FROM_ELSEWHERE = frozenset({"cross-site", "same-site"})


class OwnPagesOnly:
    """Passes requests of programs, and of pages of these origins, which upload parts."""

    def __init__(self, app: ASGIApp, origins: str) -> None:
        """Take the origins, separated by commas."""
        self._app = app
        self._origins = frozenset(each.strip() for each in origins.split(",")) - {""}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._is_allowed(scope["path"], _headers(scope)):
            await self._app(scope, receive, send)
            return
        refusal = PlainTextResponse("Not for pages of others.", HTTPStatus.FORBIDDEN)
        await refusal(scope, receive, send)

    def _is_allowed(self, path: str, headers: Mapping[bytes, str]) -> bool:
        name = name_in(headers.get(b"host", ""))
        if name is None or not _is_local(name):
            return False
        if _OF_AN_API.match(path) or ".execute-api." in name:
            return True
        if origin := headers.get(b"origin"):
            return origin in self._origins
        # Browsers send no origin with simple reads and with navigation.
        return headers.get(b"sec-fetch-site") not in _FROM_ELSEWHERE


def _headers(scope: Scope) -> Mapping[bytes, str]:
    return {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _is_local(name: str) -> bool:
    if "." not in name or name.endswith(_OURS):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
