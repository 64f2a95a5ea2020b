"""An emulated AWS to deploy to, without anything of ours in it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from infra.local.settings import REGION
from tests.integration.supervised import REPOSITORY, free_ports

_PATIENCE_SECONDS = 60


@contextmanager
def emulated_aws(folder: Path) -> Iterator[str]:
    """Run MiniStack with what Chalice needs of it, and return its address."""
    [port] = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    with (folder / "emulator.log").open("wb") as log:
        emulator = subprocess.Popen(
            [sys.executable, "-m", "infra.local.gateway_import"],
            cwd=REPOSITORY,
            env=emulated_environment(port),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not is_up(url):
            assert emulator.poll() is None, (folder / "emulator.log").read_text()[-2000:]
            assert time.monotonic() < deadline, "the emulator does not come up"
            time.sleep(0.1)
        yield url
    finally:
        emulator.terminate()
        emulator.wait(_PATIENCE_SECONDS)


def emulated_environment(port: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": "unix:///nonexistent",
    }


def is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/_ministack/health", trust_env=False).is_success
    except httpx.HTTPError:
        return False
