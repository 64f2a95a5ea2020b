"""Gives the programs of a test a clock that runs ahead; Python reads it before any program.

How far ahead is in the file `CLOCK_AHEAD`, in seconds. All that they know of the time comes from
one class. API, pump and workers share it, for one that lives an hour later misses what the others
write. A library that moves the clock of a whole process (libfaketime) makes `time.sleep` fail on
Python 3.11 and newer, or else fires every timeout that is running.
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

_PROGRAMS = {"infra.local.api", "infra.local.pump", "infra.local.worker"}

if _PROGRAMS.intersection(sys.orig_argv):
    sys.path.insert(0, str(Path.cwd()))
    from chalicelib.clock import SystemClock

    true_now = SystemClock.now

    def now(self: SystemClock) -> datetime:
        ahead = int(Path(os.environ["CLOCK_AHEAD"]).read_text(encoding="ascii"))
        return true_now(self) + timedelta(seconds=ahead)

    SystemClock.now = now  # type: ignore[method-assign]
