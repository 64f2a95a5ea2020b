"""What all browsers can be asked for, however they are driven."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Protocol

PATIENCE_SECONDS = 60
_SCRIPT = """
const done = arguments[arguments.length - 1];
Promise.resolve().then(() => window.player[arguments[0]](...arguments[1]))
  .then((value) => done([value, null]), (problem) => done([null, String(problem)]));
"""


class Engine(Protocol):
    name: str

    def open(self, url: str) -> None: ...

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script in the page, which calls its last argument with what it came to."""

    def call(self, name: str, *arguments: Any) -> Any:
        """Call a function of `player.js`, and return what its promise comes to."""


def called(run: Callable[..., Any], name: str, arguments: Sequence[Any]) -> Any:
    """Call by a script that ends as WebDriver has it: by its last argument."""
    value, problem = run(_SCRIPT, name, list(arguments))
    assert problem is None, problem
    return value


def connected(port: int, process: subprocess.Popen[bytes]) -> socket.socket:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        with suppress(ConnectionRefusedError):
            wire = socket.create_connection(("127.0.0.1", port))
            wire.settimeout(2 * PATIENCE_SECONDS)
            return wire
        assert process.poll() is None, f"it ended with {process.returncode}"
        assert time.monotonic() < deadline, "it does not answer"
        time.sleep(0.1)


def ended(process: subprocess.Popen[bytes]) -> None:
    """End a browser with all its processes: they are one group, which we began."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
