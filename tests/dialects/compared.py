"""Which requests are compared: those to the routes that our dialects have."""

from collections.abc import Collection, Iterator, Mapping
from urllib.parse import urlsplit

import app  # noqa: F401 - declares every route
from chalicelib.api.endpoint import EVERY_API
from chalicelib.api.routing import fits
from tests.dialects.request import Preparation, Request
from tests.dialects.requests import TABLES

# Routes of the core that clients of these dialects call as well.
SHARED_WITH_CORE = frozenset({"/api/health"})


def routes() -> Collection[tuple[str, str]]:
    """Return method and path of each route that answers in a dialect of the originals."""
    return {
        (operation.method, path)
        for api in EVERY_API
        for operation in api.operations
        if (path := f"{api.dialect.url_prefix}{operation.path}") in SHARED_WITH_CORE
        or api.dialect.name in TABLES
    }


def requests() -> Iterator[tuple[str, Request]]:
    """Yield each dialect and request whose path we serve, and the paths of its steps."""
    paths = {path for _, path in routes()}
    for dialect, table in TABLES.items():
        for request in table.values():
            if _is_served(request, table, paths):
                yield dialect, request


def compared_routes() -> Mapping[str, Collection[str]]:
    """Return by dialect the routes that its requests reach, as `GET /api/health`."""
    reached: dict[str, set[str]] = {dialect: set() for dialect in TABLES}
    every = routes()
    for dialect, request in requests():
        reached[dialect] |= {
            f"{method} {path}"
            for method, path in every
            if method == request.method and fits(path, _path(request))
        }
    return reached


def _is_served(request: Request, table: Mapping[str, Request], paths: Collection[str]) -> bool:
    steps = [table[step] for step in request.before if not isinstance(step, Preparation)]
    is_served = any(fits(path, _path(request)) for path in paths)
    return is_served and all(_is_served(step, table, paths) for step in steps)


def _path(request: Request) -> str:
    return urlsplit(request.path).path
