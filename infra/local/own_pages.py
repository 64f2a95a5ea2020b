"""Keep web pages that are not ours out of the emulated AWS, which asks nobody for a password."""

import ipaddress
import re
from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from infra.local.mailbox.own_names import name_in

# Nobody else can make names below these lead here, nor names without a dot.
_OURS = (".localhost", ".amazonaws.com")
# What is deployed behind API Gateway judges for itself which pages may call.
_OF_AN_API = re.compile(r"/restapis/[^/]+/[^/]+/_user_request_/|/_aws/execute-api/")
_FROM_ELSEWHERE = frozenset({"cross-site", "same-site"})


class OwnPagesOnly:
    """Pass what programs and pages of these origins send: the latter upload parts of films."""

    def __init__(self, app: ASGIApp, origins: str) -> None:
        """Origins are separated by commas, as people write them."""
        self._app = app
        self._origins = frozenset(each.strip() for each in origins.split(",")) - {""}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._is_welcome(scope["path"], _headers(scope)):
            await self._app(scope, receive, send)
            return
        refusal = PlainTextResponse("Not for pages of others.", HTTPStatus.FORBIDDEN)
        await refusal(scope, receive, send)

    def _is_welcome(self, path: str, headers: Mapping[bytes, str]) -> bool:
        name = name_in(headers.get(b"host", ""))
        if name is None or not _is_here(name):
            return False
        if _OF_AN_API.match(path) or ".execute-api." in name:
            return True
        if origin := headers.get(b"origin"):
            return origin in self._origins
        # Browsers name no origin where a page only looks or leads somewhere.
        return headers.get(b"sec-fetch-site") not in _FROM_ELSEWHERE


def _headers(scope: Scope) -> Mapping[bytes, str]:
    return {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _is_here(name: str) -> bool:
    if "." not in name or name.endswith(_OURS):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
