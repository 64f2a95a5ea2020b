"""Refuse foreign web pages at the programs of this machine that ask for no password."""

import ipaddress
import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
# Foreign domains cannot define names below these, nor names without a dot.
_OURS = (".localhost", ".amazonaws.com")
# An API behind API Gateway checks origins itself.
_OF_AN_API = re.compile(r"/restapis/[^/]+/[^/]+/_user_request_/|/_aws/execute-api/")
_FROM_ELSEWHERE = frozenset({"cross-site", "same-site"})


class OwnNamesOnly:
    """Passes requests whose `Host` names this machine: a foreign domain may resolve to it, too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if name_in(dict(scope["headers"]).get(b"host", b"").decode("latin-1")) in _OWN_NAMES:
            await self._app(scope, receive, send)
            return
        refusal = PlainTextResponse("Not a name of this machine.", HTTPStatus.MISDIRECTED_REQUEST)
        await refusal(scope, receive, send)


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


def name_in(host: str) -> str | None:
    """Return the name in a `Host` header, without the port."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _is_local(name: str) -> bool:
    if "." not in name or name.endswith(_OURS):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
