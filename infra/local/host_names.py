"""Names in `Host` headers, and refusal of those that are not of this machine."""

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


class OwnNamesOnly:
    """Passes requests to a name of this machine; a foreign domain may point here as well."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if name_in(dict(scope["headers"]).get(b"host", b"").decode("latin-1")) in _OWN_NAMES:
            await self._app(scope, receive, send)
            return
        refusal = PlainTextResponse("Not a name of this machine.", HTTPStatus.MISDIRECTED_REQUEST)
        await refusal(scope, receive, send)


def name_in(host: str) -> str | None:
    """Return the name in a `Host` header, without the port."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
