"""Print to the terminal, as long as there is one."""

import contextlib
import sys


def say(text: str) -> None:
    # A closed terminal must not keep the program from saving its data.
    with contextlib.suppress(OSError):
        print(text, flush=True)


def is_on_a_terminal() -> bool:
    """Return whether the output goes to a terminal and not into a log."""
    return sys.stdout.isatty()
