"""Catch-all routes: 404 for an unknown path, 405 for a wrong method, 200 for a preflight.

API Gateway would answer 403 without CORS headers, which browsers report as a CORS error.
"""

from collections.abc import Sequence

from chalice.app import Blueprint, Response

from chalicelib.api import cors
from chalicelib.api.body import NoBody
from chalicelib.api.dialect import Dialect
from chalicelib.api.endpoint import EVERY_API, preflight_answer, respond, spoken_to
from chalicelib.api.identity import Access
from chalicelib.api.operation import Operation, Spoken
from chalicelib.api.request import Call
from chalicelib.api.routing import MethodNotAllowed, NoSuchPath, fits

# A greedy route matches every path except the root.
_GREEDY, _ROOT = "/{proxy+}", "/"


def catch_all(dialect: Dialect) -> Blueprint:
    """Return the catch-all routes, which the API document does not list."""
    blueprint = Blueprint(__name__)

    def answer() -> Response:
        request = blueprint.current_request
        if request.method == "OPTIONS":
            return preflight_answer(request)
        at_path = _operations_at(str(request.to_original_event().get("path", "")))
        spoken = spoken_to(request, at_path) if at_path else None
        asks_who_first = spoken is not None and spoken.dialect.asks_who_first
        is_open = any(each.operation.access is Access.PUBLIC for each in at_path)
        access = Access.SIGNED_IN if asks_who_first and not is_open else Access.PUBLIC
        key = ("ANY", _GREEDY)
        operation = Operation(*key, _refuse, NoBody, access, 404, {}, audit_key=key)
        return respond(request, spoken.dialect if spoken else dialect, operation, {})

    for path in (_GREEDY, _ROOT):
        blueprint.route(path, methods=[*cors.METHODS], cors=False, content_types=["*/*"])(answer)
    return blueprint


def _operations_at(path: str) -> Sequence[Spoken]:
    """Return the operations of a path, whatever their method."""
    return [
        Spoken(api.dialect, operation)
        for api in EVERY_API
        for operation in api.operations
        if fits(f"{api.dialect.url_prefix}{operation.path}", path)
    ]


def _refuse(call: Call[NoBody]) -> None:
    at_path = _operations_at(str(call.request.to_original_event().get("path", "")))
    methods = {method for each in at_path for method in each.operation.methods}
    if methods:
        allowed = [each for each in cors.METHODS if each in methods | {"OPTIONS"}]
        raise MethodNotAllowed(call.request.method, allowed)
    raise NoSuchPath
