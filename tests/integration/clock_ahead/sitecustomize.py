"""Starts the API of a test with a clock that runs ahead; Python reads it before any program.

How far ahead is in the file `CLOCK_AHEAD`, in seconds. Where libfaketime is installed the whole
process lives in that time; elsewhere the one class that knows the time does.
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

AHEAD = Path(os.environ["CLOCK_AHEAD"])
LIBRARY = os.environ.get("CLOCK_LIBRARY", "")


def live_in_another_time() -> None:
    """Begin this program anew, below a library that moves the clock of the system."""
    moved = {
        "LD_PRELOAD": LIBRARY,
        "FAKETIME_TIMESTAMP_FILE": str(AHEAD),
        "FAKETIME_NO_CACHE": "1",
        # Timeouts and event loops count seconds, whatever the hour.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    os.environ.update(moved)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - the same program


def move_our_own_clock() -> None:
    sys.path.insert(0, str(Path.cwd()))
    from chalicelib.adapters.clock import SystemClock

    true_now = SystemClock.now

    def now(self: SystemClock) -> datetime:
        return true_now(self) + timedelta(seconds=int(AHEAD.read_text()))

    SystemClock.now = now  # type: ignore[method-assign]


if "infra.local.api" in sys.orig_argv and "LD_PRELOAD" not in os.environ:
    if LIBRARY:
        live_in_another_time()
    else:
        move_our_own_clock()
