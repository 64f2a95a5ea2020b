"""What a command says on a terminal, and the refusal with which it ends."""

import contextlib
import re
import sys

# What commands a terminal or is no character, but for ends of lines and tabs. As JSON escapes it.
_NOT_PRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Refusal(Exception):
    """The reason why a command does not run: a sentence that says what to do."""


def say(text: str) -> None:
    # A closed terminal must not keep the program from saving its data.
    with contextlib.suppress(OSError):
        print(printable(text), flush=True)


def say_beside(text: str) -> None:
    """Say what is no result of a command, and so not in what is read from it."""
    with contextlib.suppress(OSError):
        print(printable(text), file=sys.stderr, flush=True)


def printable(text: str) -> str:
    """Return the text with escapes for what a terminal would obey or could not show."""
    return _NOT_PRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def is_on_a_terminal() -> bool:
    """Return whether the output goes to a terminal and not into a log."""
    return sys.stdout.isatty()
