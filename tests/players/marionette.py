"""Firefox, driven over Marionette, which it brings itself."""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.integration.supervised import free_ports
from tests.players.engine import PATIENCE_SECONDS, called, connected, ended

PROGRAM = shutil.which("firefox-esr") or shutil.which("firefox")
_PREFERENCES = {
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    "media.autoplay.block-webaudio": False,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "services.settings.server": "data:,",
    "extensions.systemAddon.update.enabled": False,
}


class Firefox:
    name = "Firefox"

    def __init__(self, wire: socket.socket) -> None:
        self._wire = wire
        self._read()
        self._numbers = 0
        self._ask("WebDriver:NewSession", {})
        self._ask("WebDriver:SetTimeouts", {"script": PATIENCE_SECONDS * 1000})

    def open(self, url: str) -> None:
        self._ask("WebDriver:Navigate", {"url": url})

    def run(self, script: str, *arguments: Any) -> Any:
        sent = {"script": script, "args": list(arguments)}
        return self._ask("WebDriver:ExecuteAsyncScript", sent)["value"]

    def call(self, name: str, *arguments: Any) -> Any:
        return called(self.run, name, arguments)

    def _ask(self, command: str, sent: Any) -> Any:
        self._numbers += 1
        text = json.dumps([0, self._numbers, command, sent])
        self._wire.sendall(f"{len(text.encode())}:{text}".encode())
        _, _, error, answer = self._read()
        assert not error, error
        return answer

    def _read(self) -> Any:
        size = b""
        while (digit := self._wire.recv(1)) != b":":
            assert digit, "Firefox has ended"
            size += digit
        return json.loads(self._wire.recv(int(size), socket.MSG_WAITALL))


@contextmanager
def firefox(folder: Path, environment: Mapping[str, str]) -> Iterator[Firefox]:
    assert PROGRAM
    (port,) = free_ports(1)
    preferences = {**_PREFERENCES, "marionette.port": port}
    lines = (
        f"user_pref({json.dumps(name)}, {json.dumps(value)});"
        for name, value in preferences.items()
    )
    (folder / "user.js").write_text("\n".join(lines))
    command = [PROGRAM, "--marionette", "--headless", "--no-remote", "--profile", str(folder)]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        with connected(port, process) as wire:
            yield Firefox(wire)
    finally:
        ended(process)
