"""WebKitGTK, the nearest to Safari that runs on Linux, driven over WebDriver."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.integration.supervised import free_ports
from tests.players.engine import PATIENCE_SECONDS, called, connected, ended

PROGRAM = shutil.which("WebKitWebDriver")
SCREEN = shutil.which("Xvfb")
BROWSER = next(iter(sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))), None)
_ANSWER_SECONDS = 2 * PATIENCE_SECONDS


class WebKit:
    name = "WebKitGTK"

    def __init__(self, port: int) -> None:
        self._port = port
        options = {"binary": str(BROWSER), "args": ["--automation", "--autoplay-policy=allow"]}
        capabilities = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        opened = self._ask("POST", "/session", {"capabilities": capabilities})
        self._session = f"/session/{opened['sessionId']}"
        self._ask("POST", f"{self._session}/timeouts", {"script": PATIENCE_SECONDS * 1000})

    def open(self, url: str) -> None:
        self._ask("POST", f"{self._session}/url", {"url": url})

    def run(self, script: str, *arguments: Any) -> Any:
        sent = {"script": script, "args": list(arguments)}
        return self._ask("POST", f"{self._session}/execute/async", sent)

    def call(self, name: str, *arguments: Any) -> Any:
        return called(self.run, name, arguments)

    def close(self) -> None:
        self._ask("DELETE", self._session)

    def _ask(self, method: str, path: str, sent: Any = None) -> Any:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=_ANSWER_SECONDS)
        try:
            connection.request(method, path, json.dumps(sent) if sent else None)
            answer = json.loads(connection.getresponse().read())["value"]
        finally:
            connection.close()
        assert not (isinstance(answer, dict) and answer.get("error")), answer
        return answer


@contextmanager
def webkit(folder: Path, environment: Mapping[str, str]) -> Iterator[WebKit]:
    assert PROGRAM
    surroundings = {
        **os.environ,
        **environment,
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        # As root it would not start otherwise, and it shows nothing but our own page.
        "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
        "LIBGL_ALWAYS_SOFTWARE": "1",
    }
    (port,) = free_ports(1)
    with screen(folder) as display, (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [PROGRAM, f"--port={port}"],
            env={**surroundings, "DISPLAY": display},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            connected(port, process).close()
            browser = WebKit(port)
            try:
                yield browser
            finally:
                browser.close()
        finally:
            ended(process)


@contextmanager
def screen(folder: Path) -> Iterator[str]:
    """A screen that nothing is seen on; it chooses its own number."""
    assert SCREEN
    reading, writing = os.pipe()
    command = [
        SCREEN,
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "1280x800x24",
        "-nolisten",
        "tcp",
    ]
    with (folder / "screen.output").open("wb") as output:
        process = subprocess.Popen(
            command, pass_fds=[writing], stdout=output, stderr=output, start_new_session=True
        )
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            yield f":{said.readline().strip()}"
    finally:
        ended(process)
