"""Clients of AWS, created on first use: each adds 50 ms to a cold start."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any


def lazy(service: str) -> Callable[[], Any]:
    """Return a function that creates the client of a service once."""
    return partial(client, service)


@cache
def client(service: str) -> Any:
    import boto3

    return boto3.client(service)  # type: ignore[call-overload]


@cache
def s3(url: str = "") -> Any:
    """Return a client of S3 that presigns URLs for browsers."""
    from chalicelib.adapters.s3 import s3_client

    return s3_client(url=url)
