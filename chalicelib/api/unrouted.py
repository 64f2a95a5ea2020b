"""Catch-all routes: 404 for an unknown path, 405 for a wrong method, 200 for a preflight.

API Gateway would answer 403 without CORS headers, which browsers report as a CORS error.
"""

from chalice.app import Blueprint, Response

from chalicelib.api import cors
from chalicelib.api.body import NoBody
from chalicelib.api.dialect import Dialect
from chalicelib.api.endpoint import EVERY_API, Operation, preflight_answer, respond
from chalicelib.api.identity import Access
from chalicelib.api.request import Call
from chalicelib.api.routing import MethodNotAllowed, NoSuchPath, fits

# A greedy route matches every path except the root.
_GREEDY, _ROOT = "/{proxy+}", "/"


def catch_all(dialect: Dialect) -> Blueprint:
    """Return the catch-all routes, which the API document does not list."""
    blueprint = Blueprint(__name__)
    operation = Operation("ANY", _GREEDY, _refuse, NoBody, Access.PUBLIC, 404, {})

    def answer() -> Response:
        request = blueprint.current_request
        if request.method == "OPTIONS":
            return preflight_answer(request)
        return respond(request, dialect, operation, {})

    for path in (_GREEDY, _ROOT):
        blueprint.route(path, methods=[*cors.METHODS], cors=False, content_types=["*/*"])(answer)
    return blueprint


def _refuse(call: Call[NoBody]) -> None:
    path = str(call.request.to_original_event().get("path", ""))
    methods = {
        method
        for api in EVERY_API
        for operation in api.operations
        if fits(f"{api.dialect.url_prefix}{operation.path}", path)
        for method in operation.methods
    }
    if methods:
        raise MethodNotAllowed([each for each in cors.METHODS if each in methods | {"OPTIONS"}])
    raise NoSuchPath
