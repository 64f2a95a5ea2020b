"""Ties a program to its supervisor: when that is gone, however it went, the program ends in order.

The supervisor starts it with a socket as its standard input. The other end closes with the
supervisor; and a word sent through it tells the supervisor that the program is ready, or a sentence
why nothing can run as it is set.
"""

import os
import runpy
import signal
import sys
import threading

from infra.refusal import Refusal

_SOCKET = 0
READY = b"ready\n"


def hold() -> None:
    threading.Thread(target=_end_with_the_supervisor, name="lifeline", daemon=True).start()


def say_ready() -> None:
    os.write(_SOCKET, READY)


def refuse(refusal: Refusal) -> None:
    """Have the supervisor end with this sentence."""
    os.write(_SOCKET, str(refusal).encode())


def _end_with_the_supervisor() -> None:
    while os.read(_SOCKET, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    # For a program that is not ours: `python -m infra.local.lifeline program`.
    hold()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    # It has ended and saved its data, but threads of it may still wait for what will never come.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
