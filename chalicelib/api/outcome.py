"""The outcome of a request as an HTTP response: success, refusal or failure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from chalice.app import Request, Response

from chalicelib.api import cookies, cors
from chalicelib.api.cookies import Cookie, CookieStyle
from chalicelib.api.dialect import Dialect
from chalicelib.api.drf import Json
from chalicelib.api.identity import DeadCookies
from chalicelib.api.reply import Prerendered, Reply
from chalicelib.api.request import header, language_of, origin_of, scheme_in
from chalicelib.api.routing import MethodNotAllowed
from chalicelib.api.translation import translate_body, translate_refusal
from chalicelib.errors import DomainError, TooManyRequests
from chalicelib.language import Language
from chalicelib.wiring import stage

# For cacheable answers, which differ by caller and language.
_VARY = "Origin, Accept-Language, Authorization, Cookie"
# No answer is a page, so browsers must load and run nothing.
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_IS_PLAIN = {"html": False, "plain": True}
_BROKEN: Json = {"detail": "Something went wrong on our side. Please try again."}


@dataclass(slots=True)
class Outcome:
    status: int
    body: Any
    cookies: list[Cookie] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    error_code: str = ""


def success(request: Request, status: int, returned: Any) -> Outcome:
    if isinstance(returned, Prerendered):
        return _validated(request, status, returned)
    reply = returned if isinstance(returned, Reply) else Reply(returned)
    language = language_of(request)
    spoken, says_something = translate_body(language, reply.body)
    is_translated = says_something or reply.is_translated
    headers = {**(_in(language) if is_translated else {}), **reply.headers}
    return Outcome(status, spoken, [*reply.cookies], headers)


def _validated(request: Request, status: int, rendered: Prerendered[Any]) -> Outcome:
    """Return the text, or 304 if the client has it already."""
    is_known = rendered.is_known(header(request, "if-none-match"))
    return Outcome(
        HTTPStatus.NOT_MODIFIED if is_known else status,
        "" if is_known else rendered.text,
        headers={
            **rendered.headers,
            "ETag": rendered.etag,
            "Cache-Control": "private, no-cache",
            "Vary": _VARY,
        },
    )


def broken(request: Request) -> Outcome:
    language = language_of(request)
    body = translate_refusal(language, _BROKEN)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return Outcome(status, body, headers=_in(language), error_code="internal")


def _in(language: Language) -> dict[str, str]:
    """Return the headers for the language of an answer."""
    return {"Content-Language": language.value, "Vary": "Origin, Accept-Language"}


def text_is_plain(request: Request, dialect: Dialect, origin: str) -> bool:
    """Return whether the caller gets texts and names as they were written, not as HTML.

    The parameter `text` decides; without it, the dialect, if the caller sent its scheme, and the
    origin of the calling page. A shared path answers callers without a scheme in some dialect,
    which says nothing of what they are.
    """
    chosen = request.query_params.get("text") if request.query_params else None
    if chosen in _IS_PLAIN:
        return _IS_PLAIN[chosen]
    is_known = scheme_in(header(request, "authorization")) in dialect.schemes
    return (dialect.text_is_plain and is_known) or origin in stage.settings().plain_text_origins


def refusal(error: DomainError, dialect: Dialect, request: Request) -> Outcome:
    language = language_of(request)
    headers = _in(language)
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = error.allowed
    origin = origin_of(request, stage.settings().allowed_origins)
    is_plain = text_is_plain(request, dialect, origin)
    status = dialect.status_of(error)
    if status == HTTPStatus.UNAUTHORIZED and not isinstance(error, dialect.unchallenged):
        headers["WWW-Authenticate"] = dialect.challenge
    return Outcome(
        status,
        translate_refusal(language, dialect.body_of(error), is_plain=is_plain),
        [*cookies.signed_out()] if isinstance(error, DeadCookies) else [],
        headers,
        error.code,
    )


def response(outcome: Outcome, request: Request, request_id: str) -> Response:
    allowed = stage.settings().allowed_origins
    is_empty = outcome.body is None
    headers: dict[str, Any] = {
        **({} if is_empty else {"Content-Type": "application/json"}),
        "Cache-Control": "no-store",
        **SECURITY_HEADERS,
        "X-Request-Id": request_id,
        **cors.headers(header(request, "origin"), allowed),
        **outcome.headers,
    }
    if outcome.cookies:
        headers["Set-Cookie"] = _set_cookies(outcome.cookies, header(request, "cookie"))
    body = "" if is_empty else outcome.body
    return Response(body, status_code=outcome.status, headers=headers)


def _set_cookies(to_set: Iterable[Cookie], sent: str) -> list[str]:
    settings = stage.settings()
    style = CookieStyle(
        same_site=settings.cookie_samesite,
        secure=not settings.is_local or settings.cookie_samesite == "None",
        domain_for_scripts=settings.cookie_domain,
        # API and media share one host; only emulators serve it without TLS.
        is_https=not settings.is_local and settings.media_url.startswith("https://"),
    )
    return style.headers(to_set, sent)
