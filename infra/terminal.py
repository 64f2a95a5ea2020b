"""Speak to the person at the terminal, for as long as there is one."""

import contextlib


def say(text: str) -> None:
    # Whoever closes the window still wants the data saved.
    with contextlib.suppress(OSError):
        print(text, flush=True)
