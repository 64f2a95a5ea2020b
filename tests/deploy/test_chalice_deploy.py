"""`chalice deploy`: a first deploy, a second one, one after a change, and the deletion."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.browser import Browser
from tests.deploy.chalice import chalice
from tests.deploy.emulated_account import PREFIX, STAGE, EmulatedAccount
from tests.integration.test_story import email, test_from_signing_up_to_signing_out
from tests.integration.wire import Address

__all__ = ["email", "test_from_signing_up_to_signing_out"]


@dataclass(frozen=True)
class Deployed:
    emulated: EmulatedAccount
    project: Path

    def deploy(self) -> None:
        chalice(self.emulated, self.project, "deploy")

    @property
    def resources(self) -> dict[str, Any]:
        """Return the resources in Chalice's record, by name."""
        noted = json.loads((self.project / ".chalice" / "deployed" / f"{STAGE}.json").read_text())
        return {each["name"]: each for each in noted["resources"]}

    @property
    def api(self) -> str:
        return str(self.resources["rest_api"]["rest_api_id"])

    @property
    def address(self) -> Address:
        return Address(self.emulated.settings.aws_port, f"/_aws/execute-api/{self.api}/api")

    def functions(self) -> dict[str, tuple[str, str]]:
        """Return digest of the code and environment of Chalice's functions, by name."""
        with closing(self.emulated.client("lambda")) as client:
            listed = client.get_paginator("list_functions").paginate().build_full_result()
        return {
            each["FunctionName"]: (each["CodeSha256"], json.dumps(each["Environment"]))
            for each in listed["Functions"]
            if not each["FunctionName"].startswith(f"{PREFIX}-api-")
        }

    def paths(self) -> list[str]:
        with closing(self.emulated.client("apigateway")) as client:
            pages = client.get_paginator("get_resources").paginate(restApiId=self.api)
            return sorted(each["path"] for page in pages for each in page["items"])


@pytest.fixture(scope="module")
def deployed(
    account: EmulatedAccount, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployed]:
    """A deployment, which is deleted at the end."""
    own = tmp_path_factory.mktemp("deployed") / "build"
    deployment = Deployed(account, shutil.copytree(project, own))
    deployment.deploy()
    api = deployment.api
    yield deployment
    chalice(account, own, "delete")
    assert deployment.functions() == {}
    with closing(account.client("apigateway")) as client:
        assert api not in {each["id"] for each in client.get_rest_apis()["items"]}


@pytest.fixture
def browser(deployed: Deployed) -> Browser:
    return Browser(deployed.address)


def test_a_second_deploy_changes_nothing(deployed: Deployed) -> None:
    before = deployed.resources, deployed.functions(), deployed.paths()
    deployed.deploy()
    assert (deployed.resources, deployed.functions(), deployed.paths()) == before
    assert Browser(deployed.address).get("/health/").json["stage"] == STAGE


def test_a_changed_handler_is_served_after_a_deploy(deployed: Deployed, browser: Browser) -> None:
    folder = deployed.project / "chalicelib" / "api" / "core"
    # The byte code runs, whatever the source is.
    shutil.rmtree(folder / "__pycache__")
    service = folder / "service.py"
    service.write_text(service.read_text().replace('"status": "ok"', '"status": "changed"'))
    deployed.deploy()
    assert browser.get("/health/").json["status"] == "changed"
