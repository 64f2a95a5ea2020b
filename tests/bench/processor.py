"""Processor time of this process, whatever else the machine does."""

import contextlib
import os
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any


def seconds(call: Callable[[], Any], *, rounds: int = 7, calls: int = 60) -> float:
    """The processor time of one call, the median of some rounds; the first call only warms up."""
    call()
    times = []
    for _ in range(rounds):
        started = time.process_time()
        for _ in range(calls):
            call()
        times.append((time.process_time() - started) / calls)
    return statistics.median(times)


@contextlib.contextmanager
def unheard() -> Iterator[None]:
    """Without this, the speed of the terminal that shows the log would be measured."""
    terminal = os.dup(1)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)
    try:
        yield
    finally:
        os.dup2(terminal, 1)
        os.close(terminal)
