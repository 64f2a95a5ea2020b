"""One method of one path, in the dialect that answers it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.api.audit_rules import Key
from chalicelib.api.deprecation import Deprecation
from chalicelib.api.dialect import Dialect
from chalicelib.api.identity import Access


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
    # Of another operation, if this one is the same at another path.
    audit_key: Key
    deprecated: Deprecation | None = None

    @property
    def methods(self) -> list[str]:
        """HTTP methods of the route; for HEAD, API Gateway leaves out the body."""
        return ["GET", "HEAD"] if self.method == "GET" else [self.method]


@dataclass(frozen=True, slots=True)
class Spoken:
    """An operation in a dialect."""

    dialect: Dialect
    operation: Operation
