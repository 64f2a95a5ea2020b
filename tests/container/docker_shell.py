"""A shell with no program but Docker, which runs the commands of docs/docker.md."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from infra.local.settings import REGION, LocalSettings
from tests.container.composed import docker_environment, output_of
from tests.integration.supervised import REPOSITORY, LocalRun
from tests.integration.videos import Videos
from tests.integration.wire import Address

PAGE = (REPOSITORY / "docs/docker.md").read_text(encoding="utf-8")
_PATIENCE_SECONDS = 600
_TRIES = 60
# `make image-test` has built the images.
_BUILD, _NO_BUILD = "--build", "--no-build"


def commands() -> list[str]:
    """Return the commands of the page, without their comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    lines = [line.split("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def inline(command: str) -> str:
    """Return a command of the text; fail if the text does not have it."""
    assert f"`{command}`" in PAGE
    return command


@dataclass(frozen=True)
class DockerShell:
    """A shell with `docker` as its only program."""

    settings: LocalSettings
    sources: Path
    environment: Mapping[str, str]

    def run(self, command: str) -> str:
        """Run a command of the page and return its output."""
        exports = [line for line in commands() if line.startswith("export ")]
        line = command.replace(_BUILD, _NO_BUILD)
        done = subprocess.run(
            ["/bin/sh", "-c", "\n".join([*exports, line])],
            cwd=REPOSITORY,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE_SECONDS,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def retry(self, command: str) -> str:
        """Run a command until it succeeds, for example until a mail has arrived."""
        for _ in range(_TRIES):
            try:
                return self.run(command)
            except AssertionError:
                time.sleep(1)
        return self.run(command)

    def until(self, look: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not look():
            assert time.monotonic() < deadline, f"{complaint}:\n{self.output[-6000:]}"
            time.sleep(0.5)

    def volumes(self) -> set[str]:
        project = self.environment["COMPOSE_PROJECT_NAME"]
        mark = f"label=com.docker.compose.project={project}"
        listed = output_of("docker", "volume", "ls", "--quiet", "--filter", mark).split()
        return {name.removeprefix(f"{project}_") for name in listed}

    @property
    def mailbox_url(self) -> str:
        return self.settings.mailbox_url

    @property
    def output(self) -> str:
        return self.run("docker compose logs")

    def client(self, service: str) -> Any:
        """Return a client of boto3 for the emulator, as in any program of the host."""
        session: Any = boto3.Session("local", "local", region_name=REGION)
        return session.client(service, endpoint_url=self.settings.aws_url)

    def site(self) -> Videos:
        """Return the site, with a session by the printed password."""
        password = self.run("docker compose run --rm tools password").strip()
        server = Address(self.settings.api_port)
        return Videos(self, server, patience_seconds=_PATIENCE_SECONDS, password=password)


@contextmanager
def docker_shell(folder: Path) -> Iterator[DockerShell]:
    """A shell with settings for MiniStack, free ports and the folder of sources only."""
    programs, sources = folder / "programs", folder / "films"
    programs.mkdir()
    sources.mkdir()
    docker = shutil.which("docker")
    assert docker
    (programs / "docker").symlink_to(docker)
    variables = LocalRun.at(folder / "data").settings.variables
    ports = {name: variables[name] for name in variables if name.endswith("_PORT")}
    environment = {
        **docker_environment(),
        **ports,
        "PATH": str(programs),
        "COMPOSE_PROJECT_NAME": f"videoflix-readme-{os.getpid()}",
        "AWS_EMULATOR": "ministack",
        "FILMS": str(sources),
    }
    shell = DockerShell(LocalSettings.load(REPOSITORY, ports), sources, environment)
    try:
        yield shell
    finally:
        shell.run("docker compose down --volumes")
