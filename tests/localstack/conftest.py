"""LocalStack without Docker, and beside it a MiniStack for the table that LocalStack lacks then."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from localstack_client.session import Session

from infra import stacks
from infra.local import emulator
from infra.local.data_folder import DataFolder
from infra.local.settings import REGION
from tests.integration.supervised import REPOSITORY, LocalRun, free_ports

HERE = Path(__file__).parent
INSTALLED = REPOSITORY / ".local" / "localstack"
SENDER = "noreply@videoflix.test"
_PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Cloud:
    """An account at LocalStack, with what of our stacks it can have."""

    url: str
    session: Session
    outputs: Mapping[str, str]

    def client(self, service: str) -> Any:
        return self.session.client(service)


@pytest.fixture(scope="session")
def localstack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a LocalStack of our own."""
    require_installed()
    with started(tmp_path_factory.mktemp("localstack")) as url:
        yield url


def require_installed() -> None:
    if not (INSTALLED / ".installed").exists():
        pytest.skip("needs LocalStack, which  make localstack-test  installs")


@pytest.fixture(scope="session")
def running(localstack: str) -> Cloud:
    """Our stacks at LocalStack, all but the tables."""
    session = Session(region_name=REGION, localstack_host=localstack.removeprefix("http://"))
    templates = [each for each in stacks.TEMPLATES if each.stem in {"mail", "media", "pipeline"}]
    with closing(session.client("cloudformation")) as client:
        # Its CloudFormation knows no identities; the tests of mails make one by its API.
        parameters = {"MailSender": SENDER, "SenderIdentity": "elsewhere"}
        outputs = stacks.deploy(
            client, prefix="videoflix", parameters=parameters, templates=templates
        )
    return Cloud(localstack, session, outputs)


@pytest.fixture(scope="session")
def tables(localstack: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The catalogue's table, in the emulator that has tables; the environment leads there."""
    del localstack
    settings = LocalRun.at(tmp_path_factory.mktemp("tables") / "data").settings
    folder = DataFolder(settings.data)
    with asyncio.Runner() as runner, folder.locked() as lock:
        aws = emulator.running(settings, folder.emulator, lock)
        stack = AsyncExitStack()
        runner.run(stack.enter_async_context(aws))
        try:
            yield _tables_at(settings.aws_url)
        finally:
            runner.run(stack.aclose())


def _tables_at(url: str) -> dict[str, str]:
    session = boto3.Session("local", "local", region_name=REGION)
    templates = [each for each in stacks.TEMPLATES if each.stem == "catalogue"]
    with closing(session.client("cloudformation", endpoint_url=url)) as client:
        made = stacks.deploy(client, prefix="videoflix", parameters={}, templates=templates)
    return {**made, "AWS_ENDPOINT_URL": url}


@contextmanager
def started(folder: Path, *, port: int = 0, **settings: str) -> Iterator[str]:
    """Run a LocalStack with its data in the folder, and return its URL."""
    port = port or free_ports(1)[0]
    log = folder / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [INSTALLED / "bin" / "python", "-m", "localstack.runtime.main"],
            env={**_environment(folder, port), **settings},
            cwd=folder,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait(lambda: _is_ready(port), process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(_PATIENCE_SECONDS)


def _environment(folder: Path, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "FILESYSTEM_ROOT": str(folder / "filesystem"),
        # In whatever it runs itself, it shall not take the folders of a container for its own.
        "OVERRIDE_IN_DOCKER": "0",
        # It sends nothing to its maker.
        "DNS_ADDRESS": "0",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DISABLE_EVENTS": "1",
    }


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/_localstack/health").is_success
    except httpx.TransportError:
        return False


def _wait(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not ready():
        assert process.poll() is None, log.read_text()[-3000:]
        assert time.monotonic() < deadline, log.read_text()[-3000:]
        time.sleep(0.2)
