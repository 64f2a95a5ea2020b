"""One emulated account for all tests, with one deployment per method."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.deploy.build import build
from infra.local.settings import REGION
from tests.browser import Browser
from tests.deploy.chalice import deploy_package
from tests.deploy.emulated_account import (
    ACCOUNT,
    PREFIX,
    STAGE,
    EmulatedAccount,
    emulated_account,
    serving,
)
from tests.integration.wire import Address, Mailbox

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedAccount]:
    """An account with the stacks, and without resources of Chalice."""
    with emulated_account(tmp_path_factory.mktemp("account") / "data") as emulated:
        yield emulated


@pytest.fixture(scope="session")
def project(account: EmulatedAccount, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build folder of the stage."""
    return build(
        STAGE,
        prefix=PREFIX,
        account=ACCOUNT,
        region=REGION,
        environment=account.functions_environment,
        target=tmp_path_factory.mktemp("project") / "build",
    )


@dataclass(frozen=True)
class Packaged:
    """The API, deployed by CloudFormation, and its address at API Gateway."""

    emulated: EmulatedAccount
    api: str

    @property
    def address(self) -> Address:
        return Address(self.emulated.settings.aws_port, f"/_aws/execute-api/{self.api}/api")


@pytest.fixture(scope="session")
def packaged(
    account: EmulatedAccount, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Packaged:
    return Packaged(account, deploy_package(account, project, tmp_path_factory.mktemp("package")))


@pytest.fixture(scope="session")
def mailbox(account: EmulatedAccount) -> Iterator[Mailbox]:
    with serving(account, "infra.local.mailbox", account.settings.mailbox_port):
        yield account


@pytest.fixture
def browser(packaged: Packaged) -> Browser:
    return Browser(packaged.address)
