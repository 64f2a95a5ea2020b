"""The common steps of every endpoint: authenticate, parse, call, render, audit and log."""

import functools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Concatenate, NotRequired, ParamSpec, Protocol, TypedDict, TypeVar, Unpack

from chalice.app import Blueprint, Request, Response

from chalicelib.api import body, content, cookies, cors, filling
from chalicelib.api.audit_rules import Key
from chalicelib.api.auditing import RequestAudit
from chalicelib.api.cookies import Cookie
from chalicelib.api.deprecation import Deprecation
from chalicelib.api.dialect import Dialect
from chalicelib.api.drf import Json
from chalicelib.api.identity import (
    Access,
    authenticate,
    authorize,
    refuse_foreign_pages,
)
from chalicelib.api.operation import Operation, Query, Spoken
from chalicelib.api.outcome import Outcome, broken, refusal, response, success, text_is_plain
from chalicelib.api.request import Call, header, origin_of, scheme_in, visitor_of
from chalicelib.errors import DomainError
from chalicelib.telemetry import correlated, count, log, log_line
from chalicelib.wiring import stage

B = TypeVar("B")
P = ParamSpec("P")
R = TypeVar("R")

EVERY_API: list["Api"] = []
# The operations at each method and path; where dialects share one, the caller's scheme decides.
SPOKEN_AT: dict[Key, list["Spoken"]] = {}

# Requested every few seconds by monitoring: only failures are logged.
_QUIET_ROUTES = frozenset({"/health"})
_NO_BODY = body.NoBody()


class _Options(TypedDict):
    """What every declaration of a route may say."""

    access: Access
    success: NotRequired[int]
    query: NotRequired[Mapping[str, Query]]
    deprecated: NotRequired[Deprecation | None]


class _Registration(Protocol[B]):
    """Registers a view, which gets the call and the parameters of its path."""

    def __call__(
        self, view: Callable[Concatenate[Call[B], P], R], /
    ) -> Callable[..., Response]: ...


@dataclass(frozen=True, slots=True)
class Api:
    """Endpoints that share a dialect and a Chalice blueprint."""

    dialect: Dialect
    blueprint: Blueprint
    operations: list[Operation] = field(default_factory=list)

    def __post_init__(self) -> None:
        EVERY_API.append(self)

    def get(self, path: str, **options: Unpack[_Options]) -> _Registration[body.NoBody]:
        return self._endpoint("GET", path, body.NoBody, **options)

    def post(self, path: str, form: type[B], **options: Unpack[_Options]) -> _Registration[B]:
        return self._endpoint("POST", path, form, **options)

    def put(self, path: str, form: type[B], **options: Unpack[_Options]) -> _Registration[B]:
        return self._endpoint("PUT", path, form, **options)

    def patch(self, path: str, form: type[B], **options: Unpack[_Options]) -> _Registration[B]:
        return self._endpoint("PATCH", path, form, **options)

    def delete(self, path: str, form: type[B], **options: Unpack[_Options]) -> _Registration[B]:
        return self._endpoint("DELETE", path, form, **options)

    def _endpoint(
        self, method: str, path: str, form: type[B], **options: Unpack[_Options]
    ) -> _Registration[B]:
        def register(view: Callable[Concatenate[Call[B], P], R]) -> Callable[..., Response]:
            operation = Operation(
                method,
                path,
                view,
                form,
                options["access"],
                options.get("success", HTTPStatus.OK),
                options.get("query", {}),
                # Seen from the API: a path outside of it is none of the core's.
                audit_key=(method, path if self.dialect.url_prefix else f"/..{path}"),
                deprecated=options.get("deprecated"),
            )
            return self._serve(operation)

        return register

    def repeat(self, method: str, path: str, *, at: str, of: "Api") -> None:
        """Answer an operation of another API at a path of this one."""
        same = next(each for each in of.operations if (each.method, each.path) == (method, path))
        self._serve(replace(same, path=at))

    def _serve(self, operation: Operation) -> Callable[..., Response]:
        whole_path = f"{self.dialect.url_prefix}{operation.path}"
        self._register_preflight(whole_path, operation.path)
        self.operations.append(operation)
        sharing = SPOKEN_AT.setdefault((operation.method, whole_path), [])
        sharing.append(Spoken(self.dialect, operation))

        @functools.wraps(operation.view)
        def answer(**path_params: str) -> Response:
            request = self.blueprint.current_request
            spoken = spoken_to(request, sharing)
            return respond(request, spoken.dialect, spoken.operation, path_params)

        if len(sharing) == 1:
            # Preflights and content types are handled here: API Gateway knows one origin only.
            self.blueprint.route(
                operation.path, methods=operation.methods, cors=False, content_types=["*/*"]
            )(answer)
        return answer

    def _register_preflight(self, whole_path: str, path: str) -> None:
        # A path has one preflight, though several modules may serve its methods.
        if any(known == whole_path for _, known in SPOKEN_AT):
            return

        def preflight(**_path_params: str) -> Response:
            return preflight_answer(self.blueprint.current_request)

        self.blueprint.route(path, methods=["OPTIONS"], cors=False, content_types=["*/*"])(
            preflight
        )


def spoken_to(request: Request, sharing: Sequence[Spoken]) -> Spoken:
    """Return which of the operations at a path answers the caller."""
    scheme = scheme_in(header(request, "authorization"))
    own = (each for each in sharing if scheme in each.dialect.schemes)
    of_all = (each for each in sharing if each.dialect.answers_unknown_callers)
    return next(own, next(of_all, sharing[0]))


def preflight_answer(request: Request) -> Response:
    allowed = stage.settings().allowed_origins
    headers = cors.preflight_headers(header(request, "origin"), allowed)
    return Response("", status_code=200, headers=dict(headers))


def respond(
    request: Request, dialect: Dialect, operation: Operation, path_params: Mapping[str, str]
) -> Response:
    started = time.perf_counter()
    request_id = str(request.context.get("requestId", ""))
    with correlated(request_id):
        outcome = _outcome(request, dialect, operation, path_params)
        if outcome.error_code or operation.path not in _QUIET_ROUTES:
            log_line(
                "request",
                method=operation.method,
                # The pattern, because the path may contain a token.
                route=operation.path,
                status=outcome.status,
                error=outcome.error_code,
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
            )
        if outcome.error_code:
            count(
                "Refused" if outcome.status < HTTPStatus.INTERNAL_SERVER_ERROR else "Broken",
                code=outcome.error_code,
            )
    return response(outcome, request, request_id)


def _outcome(
    request: Request, dialect: Dialect, operation: Operation, path_params: Mapping[str, str]
) -> Outcome:
    renewed: list[Cookie] = []
    audit = RequestAudit(operation.audit_key, path_params)
    try:
        returned = _run(request, dialect, operation, audit, renewed)
    except DomainError as error:
        audit.record_refusal(error)
        outcome = refusal(error, dialect, request)
    except Exception:
        log.exception("request failed")
        audit.record_failure()
        outcome = broken(request)
    else:
        audit.record_success(returned)
        outcome = success(request, operation.success, returned)
    # Also for a refusal or failure, because the sent refresh token is spent.
    outcome.cookies = [*renewed, *outcome.cookies]
    if operation.deprecated:
        outcome.headers = {**operation.deprecated.headers(outcome.headers)}
    return outcome


def _run(
    request: Request,
    dialect: Dialect,
    operation: Operation,
    audit: RequestAudit,
    renewed: list[Cookie],
) -> Any:
    settings = stage.settings()
    sent_cookies = cookies.read(header(request, "cookie"))
    visitor = visitor_of(
        request,
        sent_cookies,
        dialect=dialect.name,
        address_header=settings.client_address_header,
        origin=origin_of(request, settings.allowed_origins),
    )
    audit.caller = visitor.address
    refuse_foreign_pages(
        request, sent_cookies, access=operation.access, allowed=settings.allowed_origins
    )
    authentication = authenticate(request, sent_cookies, visitor, access=operation.access)
    renewed += authentication.renewed_cookies
    audit.identity = authentication.identity
    authorize(authentication, operation.access)
    sent = _sent(request, operation)
    call: Call[Any] = Call(
        request=request,
        visitor=visitor,
        cookies=sent_cookies,
        body=_NO_BODY if operation.form is body.NoBody else filling.fill(operation.form, sent),
        sent=sent,
        identity_if_any=authentication.identity,
        text_is_plain_by_default=text_is_plain(request, dialect, visitor.origin),
    )
    audit.call = call
    with audit.acting():
        return operation.view(call, **audit.path_params)


def _sent(request: Request, operation: Operation) -> Json:
    form = operation.form
    if form is body.NoBody:
        return {}
    received = content.read(request.raw_body, header(request, "content-type"))
    sent = filling.typed(form, received.fields) if received.is_form else received.fields
    if operation.method == "PATCH":
        filling.require_known(form, sent)
    return sent
