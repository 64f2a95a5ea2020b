"""Gives the API of a test a clock that runs ahead; Python reads it before any program.

How far ahead is in the file `CLOCK_AHEAD`, in seconds. All that the API knows of the time comes
from one class. A library that moves the clock of the whole process (libfaketime) makes `time.sleep`
fail on Python 3.11 and newer, or else fires every timeout that is running.
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

if "infra.local.api" in sys.orig_argv:
    sys.path.insert(0, str(Path.cwd()))
    from chalicelib.adapters.clock import SystemClock

    true_now = SystemClock.now

    def now(self: SystemClock) -> datetime:
        ahead = int(Path(os.environ["CLOCK_AHEAD"]).read_text(encoding="ascii"))
        return true_now(self) + timedelta(seconds=ahead)

    SystemClock.now = now  # type: ignore[method-assign]
