"""Conditional writes, and transactions of several: what a failed condition means."""

import random
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from pynamodb.connection import Connection
from pynamodb.exceptions import DeleteError, PutError, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.errors import Unavailable

_REFUSED = "ConditionalCheckFailed"
_TRIES = 4
_FIRST_PAUSE_SECONDS = 0.03


Write = Callable[[TransactWrite], None]


class WriteRefused(Exception):
    """A condition failed, so nothing was written."""

    def __init__(self, positions: Collection[int] = ()) -> None:
        super().__init__(positions)
        # Of the writes of a transaction whose conditions failed.
        self.positions = positions


@contextmanager
def refused_as(error: Exception) -> Iterator[None]:
    """Raise this error if the condition of a write, or one of a transaction, fails."""
    try:
        yield
    except WriteRefused:
        raise error from None
    except (PutError, UpdateError, DeleteError) as failed:
        if failed.cause_response_code != "ConditionalCheckFailedException":
            raise
        raise error from None


def saves(items: Iterable[Model], condition: Condition | None = None) -> list[Write]:
    """Return the writes of items, each of which is refused unless the condition holds for it."""
    return [partial(TransactWrite.save, model=each, condition=condition) for each in items]


def commit(connection: Connection, *writes: Write) -> None:
    """Write all; raise `WriteRefused` if a condition fails. Retries after conflicts with others."""
    for attempt in range(_TRIES):
        try:
            with TransactWrite(connection=connection) as transaction:
                for write in writes:
                    write(transaction)
        except TransactWriteError as error:
            codes = [reason.code if reason else "" for reason in error.cancellation_reasons]
            if _REFUSED in codes:
                refused = {number for number, code in enumerate(codes) if code == _REFUSED}
                raise WriteRefused(refused) from error
            if "TransactionConflict" not in codes:
                raise
            time.sleep(_FIRST_PAUSE_SECONDS * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311
        else:
            return
    raise Unavailable("The service is busy. Please try again.")
