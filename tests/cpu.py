"""CPU time of a call, to be held against other CPU time: seconds differ between machines."""

import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

# Whatever takes longer has lost, so nothing is gained by waiting for its end. A timer of CPU time
# would make the clock of CPU time coarse.
_LONGEST_SECONDS = 20
_TRIES = 3


class TookTooLong(Exception):
    pass


def cpu_seconds(
    act: Callable[[], Any], *, longest_seconds: float = _LONGEST_SECONDS, tries: int = _TRIES
) -> float:
    """The least of a few tries; infinite for what would keep a test waiting."""
    before = signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, longest_seconds)
    try:
        return min(_once(act) for _ in range(tries))
    except TookTooLong:
        return float("inf")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def seconds_to_read(characters: int) -> float:
    """What it costs to look at every character once, as a loop of Python does."""
    text = "a" * characters
    return cpu_seconds(lambda: sum(1 for character in text if character == "b"))


def _once(act: Callable[[], Any]) -> float:
    started = time.process_time()
    act()
    return time.process_time() - started


def _give_up(_number: int, _frame: FrameType | None) -> None:
    raise TookTooLong
