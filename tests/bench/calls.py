"""How often a request calls AWS: counted where all calls leave botocore."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.client import BaseClient


@contextmanager
def counted() -> Iterator[list[str]]:
    calls: list[str] = []
    make = BaseClient._make_api_call  # type: ignore[attr-defined]

    def counting(client: Any, operation: str, kwargs: Any) -> Any:
        calls.append(operation)
        return make(client, operation, kwargs)

    BaseClient._make_api_call = counting  # type: ignore[attr-defined]
    try:
        yield calls
    finally:
        BaseClient._make_api_call = make  # type: ignore[attr-defined]


def count_of(call: Callable[[], object]) -> int:
    """Of a warm request: the second one."""
    call()
    with counted() as calls:
        call()
    return len(calls)
