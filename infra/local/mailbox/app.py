"""The mailbox as a web application: pages for browsers, JSON for tests."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from infra.local.mailbox import pages
from infra.local.mailbox.mails import NoEmulator, ReceivedMail
from infra.local.own_pages import OwnNamesOnly

_STYLE = Path(__file__).with_name("style.css")
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# A mail may use its own styles and open links in new windows; it runs and loads nothing.
_MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'"
)

Read = Callable[[], Sequence[ReceivedMail]]
Show = Callable[[Request, Sequence[ReceivedMail]], Response]


def mailbox(read: Read) -> Starlette:
    """Return the application over a function that reads all mails, the newest first."""
    return Starlette(
        routes=[
            Route("/", _endpoint(read, _inbox)),
            Route("/mails/{id}", _endpoint(read, _one(pages.mail, _PAGE_POLICY))),
            Route("/mails/{id}/html", _endpoint(read, _one(pages.framed, _MAIL_POLICY))),
            Route("/api/mails", _endpoint(read, _json)),
            Route("/style.css", _style),
        ],
        middleware=[Middleware(OwnNamesOnly)],
    )


def _endpoint(read: Read, show: Show) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return show(request, await run_in_threadpool(read))
        except NoEmulator:
            sentence = "The emulated AWS does not answer."
            return _html(pages.problem(sentence), HTTPStatus.SERVICE_UNAVAILABLE)

    return answer


def _inbox(request: Request, mails: Sequence[ReceivedMail]) -> Response:
    to = request.query_params.get("to", "")
    return _html(pages.inbox(_to(mails, to), to=to))


def _json(request: Request, mails: Sequence[ReceivedMail]) -> Response:
    chosen = _to(mails, request.query_params.get("to", ""))
    return JSONResponse(
        [asdict(mail) | {"sent": mail.sent.isoformat()} for mail in chosen], headers=_HEADERS
    )


def _one(page: Callable[[ReceivedMail], str], policy: str) -> Show:
    def show(request: Request, mails: Sequence[ReceivedMail]) -> Response:
        for mail in mails:
            if mail.id == request.path_params["id"]:
                return _html(page(mail), policy=policy)
        return _html(pages.problem("There is no such mail (any more)."), HTTPStatus.NOT_FOUND)

    return show


async def _style(_: Request) -> Response:
    return Response(_STYLE.read_bytes(), media_type="text/css", headers=_HEADERS)


def _to(mails: Sequence[ReceivedMail], address: str) -> Sequence[ReceivedMail]:
    return [mail for mail in mails if mail.is_for(address)] if address else mails


def _html(page: str, status: int = HTTPStatus.OK, *, policy: str = _PAGE_POLICY) -> Response:
    return HTMLResponse(page, status, headers={**_HEADERS, "Content-Security-Policy": policy})
