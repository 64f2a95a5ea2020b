"""Errors of AWS by their code: expected ones are suppressed, or become errors of a feature."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError

NO_OBJECT = frozenset({"404", "NoSuchKey", "NotFound"})


@contextmanager
def expected(codes: Collection[str], instead: Exception | None = None) -> Iterator[None]:
    """Suppress an error with one of these codes, or raise `instead` for it."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in codes:
            raise
        if instead is not None:
            raise instead from error
