"""Run the compose file with MiniStack on free ports, and inspect its containers."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.settings import LocalSettings
from tests.integration.supervised import REPOSITORY, LocalRun, Run

COMPOSE_FILE = REPOSITORY / "docker-compose.localstack.yml"
TRANSCODER_IMAGE = "videoflix-transcoder"
_PATIENCE_SECONDS = 180


@dataclass(frozen=True)
class Composed:
    """A running compose project; `run` has the same form as one of `make run`."""

    run: Run
    project: str

    def compose(self, *arguments: str) -> str:
        return output_of(*_command(self.project), *arguments, env=_environment(self.run.settings))

    def container(self, service: str) -> str:
        """Return the id of the service's container, even if it has ended."""
        return self.compose("ps", "--all", "--quiet", service).split()[0]

    def state(self, service: str) -> Any:
        return inspected(self.container(service))["State"]

    def is_healthy(self, *services: str) -> bool:
        return all(self.health(service) == "healthy" for service in services)

    def health(self, service: str) -> str:
        if not (containers := self.compose("ps", "--all", "--quiet", service).split()):
            return "not created yet"
        return str(inspected(containers[0])["State"].get("Health", {}).get("Status", ""))

    def python(self, program: str, service: str = "transcoder") -> str:
        """Run a program inside the service's container."""
        return self.compose("exec", "-T", service, "python3", "-c", program).strip()

    def until(self, look: Callable[[], object], complaint: str) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not look():
            assert time.monotonic() < deadline, f"{complaint}:\n{self.run.output[-6000:]}"
            time.sleep(0.5)


@contextmanager
def composed(folder: Path) -> Iterator[Composed]:
    settings = LocalRun.at(folder / "data", WORKERS="1", SAMPLE_FILM="1").settings
    project, log = f"videoflix-test-{os.getpid()}", folder / "output"
    command = [*_command(project), "up", "--no-build", "--no-color", "--no-log-prefix"]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, env=_environment(settings), stdout=output, stderr=subprocess.STDOUT
        )
    site = Composed(Run(settings, process, log), project)
    try:
        site.until(lambda: site.is_healthy("edge", "mailbox", "pump"), "it does not come up")
        yield site
    finally:
        site.compose("down", "--volumes", "--timeout", "20")
        process.wait(_PATIENCE_SECONDS)


def output_of(*command: str, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def inspected(name: str) -> Any:
    return json.loads(output_of("docker", "inspect", name))[0]


def docker_environment() -> dict[str, str]:
    """Return the variables that name the client's plugins and the engine."""
    names = ("PATH", "HOME", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CONTEXT")
    return {name: os.environ[name] for name in names if name in os.environ}


def _command(project: str) -> list[str]:
    return ["docker", "compose", "--file", str(COMPOSE_FILE), "--project-name", project]


def _environment(settings: LocalSettings) -> dict[str, str]:
    return {**docker_environment(), **settings.variables, "AWS_EMULATOR": "ministack"}
