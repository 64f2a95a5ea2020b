"""Whoever lacks Docker or has too old a Compose is told so at once, in one sentence."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROGRAM = ROOT / "infra/compose/engine.py"
Said = tuple[int, str]
Ask = Callable[[str], Said]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Run the check where `docker` does what the lines of a shell script say."""

    def told(script: str) -> Said:
        if script:
            docker = tmp_path / "docker"
            docker.write_text(f'#!/bin/sh\ncase "$*" in\n{script}\nesac\nexit 1\n')
            docker.chmod(0o755)
        done = subprocess.run(
            [sys.executable, PROGRAM],
            env={"PATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stderr.strip()

    return told


def with_compose(version: str) -> str:
    return f'info) exit 0;;\n"compose version --short") echo {version}; exit 0;;'


def test_who_has_no_docker_is_told(ask: Ask) -> None:
    assert ask("") == (1, "No Docker engine answers here (`docker info` says why).")


def test_who_has_an_engine_that_does_not_answer_is_told(ask: Ask) -> None:
    assert ask("info) exit 1;;") == (1, "No Docker engine answers here (`docker info` says why).")


def test_who_has_docker_without_compose_is_told_which_one_is_needed(ask: Ask) -> None:
    code, told = ask("info) exit 0;;")
    assert code == 1
    assert told.startswith(
        "Docker Compose 2.20.3 or newer is needed, and `docker compose` is not there: https://"
    )


@pytest.mark.parametrize("version", ["2.20.2", "v2.19.1", "1.29.2"])
def test_who_has_too_old_a_compose_is_told_both_versions(ask: Ask, version: str) -> None:
    code, told = ask(with_compose(version))
    assert code == 1
    assert told.startswith(f"Docker Compose 2.20.3 or newer is needed, and this is {version}: ")


@pytest.mark.parametrize(
    "version", ["2.20.3", "v2.26.1-4", "2.39.4-desktop.1", "5.0.0", "dev", "10.0.0"]
)
def test_a_compose_that_can_do_it_is_told_nothing(ask: Ask, version: str) -> None:
    assert ask(with_compose(version)) == (0, "")


def test_the_readme_and_the_compose_file_name_the_same_version() -> None:
    for name in ("README.md", "docker-compose.localstack.yml"):
        assert "Compose 2.20.3 or newer" in (ROOT / name).read_text(encoding="utf-8")


def test_make_asks_before_it_builds_or_starts_anything() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target, work in (("image-test:", "docker build"), ("up:", "docker compose")):
        recipe = makefile.split(f"\n{target}", 1)[1].split("\n\n", 1)[0]
        assert recipe.index("infra/compose/engine.py") < recipe.index(work)
