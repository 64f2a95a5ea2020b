"""A person with nothing but Docker, who types what the README says."""

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
from tests.container.composed import docker_environment, said
from tests.integration.films import Films
from tests.integration.supervised import REPOSITORY, Place
from tests.integration.wire import Address

_README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
SECTION = _README.split("\n## With Docker\n", 1)[1].split("\n## ", 1)[0]
_PATIENCE_SECONDS = 600
_TRIES = 60
# The images are built before: `make image-test`.
_BUILD, _NO_BUILD = "--build", "--no-build"


def commands() -> list[str]:
    """Return the commands of the section, without what is said beside them."""
    blocks = re.findall(r"^```sh\n(.*?)^```", SECTION, re.MULTILINE | re.DOTALL)
    lines = [line.split("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def inline(command: str) -> str:
    """Return a command that stands in the text; fail if it does not stand there any more."""
    assert f"`{command}`" in SECTION
    return command


@dataclass(frozen=True)
class Person:
    """One shell, whose only program besides its own is `docker`."""

    settings: LocalSettings
    films: Path
    environment: Mapping[str, str]

    def types(self, command: str) -> str:
        """Type a command as it stands in the README, and return what it prints."""
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

    def tries(self, command: str) -> str:
        """Type it until it works, as one does who waits for a mail."""
        for _ in range(_TRIES):
            try:
                return self.types(command)
            except AssertionError:
                time.sleep(1)
        return self.types(command)

    def until(self, look: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not look():
            assert time.monotonic() < deadline, f"{complaint}:\n{self.output[-6000:]}"
            time.sleep(0.5)

    def volumes(self) -> set[str]:
        project = self.environment["COMPOSE_PROJECT_NAME"]
        mark = f"label=com.docker.compose.project={project}"
        listed = said("docker", "volume", "ls", "--quiet", "--filter", mark).split()
        return {name.removeprefix(f"{project}_") for name in listed}

    @property
    def mailbox_url(self) -> str:
        return self.settings.mailbox_url

    @property
    def output(self) -> str:
        return self.types("docker compose logs")

    def client(self, service: str) -> Any:
        """Return a client of boto3 that talks to the emulator, as from any program of the host."""
        session = boto3.Session("local", "local", region_name=REGION)
        return session.client(service, endpoint_url=self.settings.aws_url)  # type: ignore[call-overload]

    def site(self) -> Films:
        """Sign in with the password that was printed."""
        password = self.types("docker compose run --rm tools password").strip()
        server = Address(self.settings.api_port)
        return Films(self, server, patience_seconds=_PATIENCE_SECONDS, password=password)


@contextmanager
def person(folder: Path) -> Iterator[Person]:
    """Somebody who chose MiniStack, ports that are free, and where films lie; and nothing else."""
    programs, films = folder / "programs", folder / "films"
    programs.mkdir()
    films.mkdir()
    docker = shutil.which("docker")
    assert docker
    (programs / "docker").symlink_to(docker)
    given = Place.at(folder / "data").settings.given
    ports = {name: given[name] for name in given if name.endswith("_PORT")}
    environment = {
        **docker_environment(),
        **ports,
        "PATH": str(programs),
        "COMPOSE_PROJECT_NAME": f"videoflix-person-{os.getpid()}",
        "AWS_EMULATOR": "ministack",
        "FILMS": str(films),
    }
    somebody = Person(LocalSettings.load(REPOSITORY, ports), films, environment)
    try:
        yield somebody
    finally:
        somebody.types("docker compose down --volumes")
