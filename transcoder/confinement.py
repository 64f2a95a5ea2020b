"""Started in front of every program that touches untrusted bytes: sets limits, then becomes it.

python -I -S confinement.py <CPU seconds> <memory bytes> <file bytes> <niceness> program arguments …
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


def confine(cpu_seconds: int, memory_bytes: int, file_bytes: int, niceness: int) -> None:
    for limit, value in (
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    if sys.platform == "linux":  # macOS does not keep a limit on memory
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        libc = ctypes.CDLL(None)
        # A worker that is killed takes its programs with it.
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if niceness:
        step_back(niceness)


def step_back(niceness: int) -> None:
    """Leave the processor to others who want it."""
    os.nice(niceness)
    # Where Linux shares by session first, niceness counts within a session only; ours is our own.
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(niceness), encoding="ascii")


if __name__ == "__main__":
    confine(*(int(value) for value in sys.argv[1:5]))
    os.execv(sys.argv[5], sys.argv[5:])  # noqa: S606 - no shell is what we want
