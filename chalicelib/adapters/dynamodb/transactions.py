"""Transactions: several writes, all or none."""

import random
import time
from collections.abc import Callable

from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.errors import Unavailable

_TRIES = 4
_FIRST_PAUSE_SECONDS = 0.03


Write = Callable[[TransactWrite], None]


class Refused(Exception):
    """A condition of the transaction failed, so nothing was written."""


def commit(connection: Connection, *writes: Write) -> None:
    """Write all; raise `Refused` if a condition fails. Retries after conflicts with others."""
    for attempt in range(_TRIES):
        try:
            with TransactWrite(connection=connection) as transaction:
                for write in writes:
                    write(transaction)
        except TransactWriteError as error:
            codes = {reason.code for reason in error.cancellation_reasons if reason}
            if "ConditionalCheckFailed" in codes:
                raise Refused from error
            if "TransactionConflict" not in codes:
                raise
            time.sleep(_FIRST_PAUSE_SECONDS * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311
        else:
            return
    raise Unavailable("The service is busy. Please try again.")
