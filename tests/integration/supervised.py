"""Start `make run` as a person would, in a folder and on ports of its own, and watch it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

from infra.local.settings import LocalSettings

REPOSITORY = Path(__file__).parents[2]
PASSWORD = "Correct-horse-battery-9"
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class LocalRun:
    """What a run needs: a tree of code, a folder of data, and ports."""

    settings: LocalSettings
    program: str = "infra.local"

    @classmethod
    def at(
        cls,
        data: Path,
        *,
        root: Path = REPOSITORY,
        program: str = "infra.local",
        **settings: str,
    ) -> "LocalRun":
        ports = free_ports(4)
        environment = {
            "PATH": os.environ["PATH"],
            "DATA_FOLDER": str(data),
            "AWS_PORT": str(ports[0]),
            "API_PORT": str(ports[1]),
            "MAILBOX_PORT": str(ports[2]),
            "EDGE_PORT": str(ports[3]),
            "SUPERUSER_PASSWORD": PASSWORD,
            # Most tests transcode nothing.
            "WORKERS": "0",
            "SAMPLE_FILM": "0",
            **settings,
        }
        return cls(LocalSettings.load(root, environment), program)

    @contextmanager
    def running(self) -> Iterator["Run"]:
        """Start, wait until it is ready, and at the end see that it ends as it should."""
        with self.started() as run:
            run.wait_for("ready in")
            yield run
            assert run.end() == 0

    @contextmanager
    def started(self, **settings: str) -> Iterator["Run"]:
        """Start, and at the end leave nothing behind whatever happened."""
        log = self.settings.data.with_suffix(".output")
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", self.program],
                cwd=self.settings.root,
                env={**self.settings.variables, **settings},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        run = Run(self.settings, process, log)
        try:
            yield run
        finally:
            run.end()


@dataclass(frozen=True)
class Run:
    settings: LocalSettings
    process: subprocess.Popen[bytes]
    log: Path
    started: float = field(default_factory=time.monotonic)

    @property
    def api_url(self) -> str:
        return self.settings.api_url

    @property
    def mailbox_url(self) -> str:
        return self.settings.mailbox_url

    @property
    def aws_url(self) -> str:
        return self.settings.aws_url

    @property
    def output(self) -> str:
        return self.log.read_text()

    def client(self, service: str) -> Any:
        """Return a client of boto3 that talks to the emulator."""
        session = boto3.Session("local", "local", region_name="eu-central-1")
        return session.client(service, endpoint_url=self.aws_url)  # type: ignore[call-overload]

    def get(self, path: str) -> tuple[int, Any]:
        """Ask the API and return the status and what is in the JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.settings.api_port, timeout=20)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        finally:
            connection.close()

    def wait_for(self, words: str, *, times: int = 1) -> float:
        """Wait until the words were printed; return how many seconds the run is old."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self.output.count(words) < times:
            assert self.process.poll() is None, f"ended before {words!r}:\n{self.output[-3000:]}"
            assert time.monotonic() < deadline, f"no {words!r}:\n{self.output[-3000:]}"
            time.sleep(0.02)
        return time.monotonic() - self.started

    def children(self) -> Mapping[str, int]:
        """Return the processes it started, by module; of several with one module, the last."""
        return dict(self._started())

    def pids_of(self, *modules: str) -> list[int]:
        return [pid for module, pid in self._started() if module in modules]

    def _started(self) -> Iterator[tuple[str, int]]:
        command = ["ps", "-A", "-o", "pid=,ppid=,args="]
        listed = subprocess.check_output(command, text=True)
        for words in (line.split() for line in listed.splitlines()):
            if words[1] == str(self.process.pid) and "-m" in words:
                yield words[words.index("-m") + 1], int(words[0])

    def interrupt(self) -> None:
        """Do what Ctrl-C does: signal all processes of the terminal."""
        os.killpg(self.process.pid, signal.SIGINT)

    def end(self) -> int:
        if self.process.poll() is None:
            self.interrupt()
        try:
            return self.process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


@contextmanager
def held(run: Run) -> Iterator[int]:
    """Stop its only worker for a while, so that no encode goes on."""
    worker = run.children()["infra.local.worker"]
    os.kill(worker, signal.SIGSTOP)
    try:
        yield worker
    finally:
        go_on(worker)


def go_on(worker: int) -> None:
    with suppress(ProcessLookupError):  # or it was replaced, because the code has changed
        os.kill(worker, signal.SIGCONT)


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
