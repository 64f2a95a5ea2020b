"""Tie a program to its supervisor: the program ends in order when the supervisor is gone.

The supervisor starts it with a socket as its standard input, and the other end closes with the
supervisor. Through it the program sends that it is ready, or a refusal.
"""

import os
import runpy
import signal
import sys
import threading

from infra.terminal import Refusal

_SOCKET = 0
READY = b"ready\n"


def hold() -> None:
    threading.Thread(target=_end_with_the_supervisor, name="lifeline", daemon=True).start()


def say_ready() -> None:
    os.write(_SOCKET, READY)


def refuse(refusal: Refusal) -> None:
    """Send the refusal, with which the supervisor ends."""
    os.write(_SOCKET, str(refusal).encode())


def _end_with_the_supervisor() -> None:
    while os.read(_SOCKET, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    # For a third-party program: `python -m infra.local.lifeline program`.
    hold()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    # The program has saved its data, but some of its threads may still wait and block the exit.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
