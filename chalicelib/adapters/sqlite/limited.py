"""Statements within a limited time of the processor, so that a busy machine changes no results."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# SQLite asks whether it is late after so many steps of its machine.
_STEPS = 1_000


@contextmanager
def limited(connection: sqlite3.Connection, is_late: Callable[[], bool]) -> Iterator[None]:
    """End the block once it is late; what its statements have returned until then stays."""
    connection.set_progress_handler(is_late, _STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
    finally:
        connection.set_progress_handler(None, _STEPS)
