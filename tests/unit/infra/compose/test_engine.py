"""A missing Docker and an old Compose are reported at once, in one sentence."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
PROGRAM = ROOT / "infra/compose/engine.py"
Result = tuple[int, str]
Check = Callable[[str], Result]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Return a function that runs the check with a `docker` that is a shell script."""

    def run(script: str) -> Result:
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

    return run


def with_compose(version: str) -> str:
    return f'info) exit 0;;\n"compose version --short") echo {version}; exit 0;;'


def test_a_missing_docker_is_reported(check: Check) -> None:
    assert check("") == (1, "No Docker engine answers here (`docker info` says why).")


def test_an_engine_that_does_not_answer_is_reported(check: Check) -> None:
    assert check("info) exit 1;;") == (1, "No Docker engine answers here (`docker info` says why).")


def test_a_missing_compose_is_reported_with_the_needed_version(check: Check) -> None:
    code, message = check("info) exit 0;;")
    assert code == 1
    assert message.startswith(
        "Docker Compose 2.20.3 or newer is needed, and `docker compose` is not there: https://"
    )


@pytest.mark.parametrize("version", ["2.20.2", "v2.19.1", "1.29.2"])
def test_an_old_compose_is_reported_with_both_versions(check: Check, version: str) -> None:
    code, message = check(with_compose(version))
    assert code == 1
    assert message.startswith(f"Docker Compose 2.20.3 or newer is needed, and this is {version}: ")


@pytest.mark.parametrize(
    "version", ["2.20.3", "v2.26.1-4", "2.39.4-desktop.1", "5.0.0", "dev", "10.0.0"]
)
def test_a_new_compose_is_accepted(check: Check, version: str) -> None:
    assert check(with_compose(version)) == (0, "")


def test_the_page_and_the_compose_file_name_the_same_version() -> None:
    for name in ("docs/docker.md", "docker-compose.localstack.yml"):
        assert "Compose 2.20.3 or newer" in (ROOT / name).read_text(encoding="utf-8")


def test_make_checks_before_it_builds_or_starts_anything() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target, work in (("image-test:", "docker build"), ("up:", "docker compose")):
        recipe = makefile.split(f"\n{target}", 1)[1].split("\n\n", 1)[0]
        assert recipe.index("infra/compose/engine.py") < recipe.index(work)
