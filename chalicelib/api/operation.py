"""One method of one path, and which dialect answers it where several share the path."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalice.app import Request

from chalicelib.api.audit_rules import Key
from chalicelib.api.authorization import scheme_in
from chalicelib.api.dialect import Dialect
from chalicelib.api.identity import Access
from chalicelib.api.request import header


@dataclass(frozen=True, slots=True)
class Query:
    """A query parameter, as the API document describes it."""

    description: str
    options: Sequence[str] = ()
    # Largest value of a whole number from 1; 0 for a text.
    largest: int = 0
    # The header `Link` of an answer holds the value for the next request.
    is_from_link: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path: view, form, access and query parameters."""

    method: str
    path: str
    view: Callable[..., Any]
    form: type
    access: Access
    success: int
    query: Mapping[str, Query]
    # The audit rule of another operation, if this one is the same at another path.
    audited_as: Key | None = None

    @property
    def audit_key(self) -> Key:
        return self.audited_as or (self.method, self.path)

    @property
    def methods(self) -> list[str]:
        """HTTP methods of the route; for HEAD, API Gateway leaves out the body."""
        return ["GET", "HEAD"] if self.method == "GET" else [self.method]


@dataclass(frozen=True, slots=True)
class Spoken:
    """An operation in a dialect."""

    dialect: Dialect
    operation: Operation


def spoken_to(request: Request, sharing: Sequence[Spoken]) -> Spoken:
    """Return which of the operations at a path answers the caller."""
    scheme = scheme_in(header(request, "authorization"))
    own = (each for each in sharing if scheme in each.dialect.schemes)
    of_all = (each for each in sharing if each.dialect.answers_unknown_callers)
    return next(own, next(of_all, sharing[0]))
