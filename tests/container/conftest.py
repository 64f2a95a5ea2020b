"""These tests need a Docker engine and two images; `make image-test` checks and builds them."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.container.composed import Composed, composed

HERE = Path(__file__).parent


def _obstacle() -> str:
    if not os.environ.get("IMAGE_TEST"):
        return "takes minutes: make image-test"
    try:
        command = ["docker", "compose", "ls"]
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        return "needs Docker"
    return "" if done.returncode == 0 else f"needs Docker: {done.stderr.decode().strip()}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ours = [item for item in items if item.path.is_relative_to(HERE)]
    obstacle = _obstacle() if ours else ""
    for item in ours:
        if obstacle:
            item.add_marker(pytest.mark.skip(reason=obstacle))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    with composed(tmp_path_factory.mktemp("composed")) as site:
        yield site
