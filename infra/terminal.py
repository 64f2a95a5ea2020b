"""What a command says on a terminal, and the refusal with which it ends."""

import contextlib
import sys


class Refusal(Exception):
    """The reason why a command does not run: a sentence that says what to do."""


def say(text: str) -> None:
    # A closed terminal must not keep the program from saving its data.
    with contextlib.suppress(OSError):
        print(text, flush=True)


def is_on_a_terminal() -> bool:
    """Return whether the output goes to a terminal and not into a log."""
    return sys.stdout.isatty()
