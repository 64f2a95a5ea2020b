"""Speak to the person at the terminal, for as long as there is one."""

import contextlib
import sys


def say(text: str) -> None:
    # Whoever closes the window still wants the data saved.
    with contextlib.suppress(OSError):
        print(text, flush=True)


def is_on_a_terminal() -> bool:
    """Whether what is said is seen by a person now, and kept nowhere."""
    return sys.stdout.isatty()
