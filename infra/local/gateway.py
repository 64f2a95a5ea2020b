"""API Gateway between HTTP and a Chalice app: routes, events, answers."""

import base64
import gzip
import json
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from chalice.app import Chalice
from chalice.local import LambdaContext, LocalChalice, RouteMatcher

LARGEST_BODY = 10 * 1024 * 1024  # API Gateway's own limit
LAMBDA_MILLISECONDS = 29_000
# As `.chalice/config.json` tells API Gateway to do.
SMALLEST_COMPRESSED = 1024
_COMPRESSION_LEVEL = 5
_GREEDY = "/{proxy+}"

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class HttpRequest:
    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""
    address: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class HttpResponse:
    status: int
    headers: Headers
    body: bytes


class Gateway:
    """A Chalice app behind a local API Gateway, safe to call from several threads."""

    def __init__(self, app: Chalice, *, stage: str = "local") -> None:
        # Lambda serves one request at a time, so Chalice keeps the current request on the app;
        # its subclass keeps one per thread.
        app.__class__ = LocalChalice
        self._app = app
        self._stage = stage
        self._matcher = RouteMatcher([route for route in app.routes if "+}" not in route])

    def handle(self, request: HttpRequest) -> HttpResponse:
        if len(request.body) > LARGEST_BODY:
            return _refusal(413, "Request Too Long")
        try:
            path = urlsplit(request.target).path
        except ValueError:
            return _refusal(400, "Bad Request")
        match = self._matched(path, request.method)
        if match is None:
            return _refusal(403, "Missing Authentication Token")
        event = self._event(request, *match)
        context = LambdaContext("videoflix", 512, LAMBDA_MILLISECONDS)
        answer: dict[str, Any] = self._app(event, context)
        return _compressed(_response(answer), request)

    def _matched(self, path: str, method: str) -> tuple[str, dict[str, str]] | None:
        """Return the route of path and method, else the greedy route."""
        with suppress(ValueError):
            match = self._matcher.match_route(path)
            if method in self._app.routes[match.route]:
                return match.route, match.captured
        if method in self._app.routes.get(_GREEDY, {}):
            return _GREEDY, {"proxy": path.strip("/")}
        return None

    def _event(self, request: HttpRequest, route: str, captured: dict[str, str]) -> dict[str, Any]:
        split = urlsplit(request.target)
        query = _gathered(parse_qsl(split.query, keep_blank_values=True))
        headers = _gathered((name.lower(), value) for name, value in request.headers)
        return {
            "resource": route,
            "path": split.path,
            "httpMethod": request.method,
            "headers": {name: values[-1] for name, values in headers.items()},
            "multiValueHeaders": headers,
            "queryStringParameters": {k: v[-1] for k, v in query.items()} or None,
            "multiValueQueryStringParameters": query or None,
            "pathParameters": {name: unquote(value) for name, value in captured.items()} or None,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": route,
                "httpMethod": request.method,
                "path": f"/{self._stage}{split.path}",
                "stage": self._stage,
                "requestId": str(uuid.uuid4()),
                "identity": {"sourceIp": request.address},
            },
            # Like API Gateway without binary media types: text, whatever was sent.
            "body": request.body.decode("utf-8", errors="replace") if request.body else None,
            "isBase64Encoded": False,
        }


def _gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    gathered: dict[str, list[str]] = {}
    for name, value in pairs:
        gathered.setdefault(name, []).append(value)
    return gathered


def _response(answer: dict[str, Any]) -> HttpResponse:
    headers = [(name, str(value)) for name, value in (answer.get("headers") or {}).items()]
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        headers.extend((name, str(value)) for value in values)
    body = answer.get("body") or ""
    raw = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    return HttpResponse(answer["statusCode"], headers, raw)


def _compressed(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    accepted = [value for name, value in request.headers if name.lower() == "accept-encoding"]
    if len(response.body) < SMALLEST_COMPRESSED or "gzip" not in ",".join(accepted):
        return response
    body = gzip.compress(response.body, _COMPRESSION_LEVEL, mtime=0)
    headers = [*response.headers, ("Content-Encoding", "gzip")]
    return HttpResponse(response.status, headers, body)


def _refusal(status: int, message: str) -> HttpResponse:
    body = json.dumps({"message": message}).encode()
    return HttpResponse(status, [("Content-Type", "application/json")], body)
