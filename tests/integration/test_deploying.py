"""`make deploy` as a whole, to an emulated AWS: it serves, and survives what goes wrong."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest

from infra.deploy import down, options, up
from infra.deploy.account import AwsAccount
from infra.deploy.maintenance import admin
from infra.deploy.options import DeployOptions
from infra.deploy.stages import DEV
from infra.deploy.state import DeployState
from infra.terminal import Refusal
from tests.integration.emulated import emulated_aws
from tests.integration.supervised import PASSWORD, REPOSITORY

ORIGIN = "https://app.videoflix.test"
COPIED = ("infra", "web", "chalicelib", "templates", ".chalice")
READS = re.compile(r"(Get|List|Describe|Head|Validate)")
OPTIONS = {"MAIL_SENDER": "Videoflix <noreply@videoflix.test>", "ALLOWED_ORIGINS": ORIGIN}


@dataclass
class Site:
    """A stage at an emulated AWS, and a folder to deploy it from."""

    root: Path
    url: str
    calls: list[str] = field(default_factory=list)
    # Whether it stands as a deploy without special wishes leaves it.
    is_settled: bool = False

    @property
    def account(self) -> AwsAccount:
        session = boto3.Session()
        session.events.register("before-call", self._called)
        return replace(AwsAccount.of(os.environ), session=session)

    def deploy(self, **options: str) -> None:
        self.calls.clear()
        self.is_settled = False
        up.deploy_stage(DEV, self.root, self.options(**options), self.account)
        self.is_settled = not options

    def remove(self) -> None:
        self.is_settled = False
        down.remove(DEV, self.root, self.options(), self.account)

    def options(self, **more: str) -> DeployOptions:
        return DeployOptions.load(self.root, DEV, {**OPTIONS, **more})

    def ask(self, path: str, **sent: Any) -> httpx.Response:
        [api] = self.account.client("apigateway").get_rest_apis()["items"]
        address = f"{self.url}/restapis/{api['id']}/api/_user_request_/api/{path}"
        method = sent.pop("method", "GET")
        return httpx.request(method, address, timeout=60, trust_env=False, **sent)

    @property
    def state(self) -> DeployState:
        return DeployState(self.account.client("s3"), f"{DEV.prefix}-state-000000000000")

    def _called(self, model: Any, params: Any, **_: Any) -> None:
        is_door = str(params.get("url_path", "")).endswith("/deploying.json")
        if not READS.match(model.name) and not is_door:
            self.calls.append(model.name)


@pytest.fixture
def site(account: Site) -> Site:
    """The stage as it was deployed, whatever the test before did to it."""
    if not account.is_settled:
        account.deploy()
    return account


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("deploying")
    for name in COPIED:
        shutil.copytree(
            REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(REPOSITORY / "app.py", folder)
    with ExitStack() as stack:
        # A change of the code while this runs changes nothing of what is deployed.
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr("infra.deploy.build.ROOT", folder)
        url = stack.enter_context(emulated_aws(folder))
        stack.enter_context(environment(AWS_ENDPOINT_URL=url))
        yield Site(folder, url)


@contextmanager
def environment(**more: str) -> Iterator[None]:
    """Have the environment of a person whose account is the emulator."""
    before = dict(os.environ)
    os.environ.update(
        AWS_ACCESS_KEY_ID="local",
        AWS_SECRET_ACCESS_KEY="local",
        AWS_DEFAULT_REGION="eu-central-1",
        AWS_EC2_METADATA_DISABLED="true",
        **more,
    )
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def test_what_was_deployed_answers_and_names_its_frontends(site: Site) -> None:
    assert site.ask("health/").status_code == 200
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    answer = site.ask("login/", method="OPTIONS", headers=asked)
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"


def test_a_second_deploy_changes_nothing(site: Site) -> None:
    site.deploy()
    assert site.calls == []


def test_an_administrator_made_by_command_can_sign_in(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.deploy.maintenance._prompted_password", lambda: PASSWORD)
    with environment():
        admin(DEV, "ada@videoflix.test", os.environ)
    sent = {"email": "ada@videoflix.test", "password": PASSWORD}
    answer = site.ask("login/", method="POST", json=sent)
    assert answer.status_code == 200


@pytest.mark.usefixtures("site")
def test_a_weak_password_of_an_administrator_is_refused_with_the_rule(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("infra.deploy.maintenance._prompted_password", lambda: "short")
    with environment(), pytest.raises(Refusal, match=r"^Password: Use at least 8 characters\.$"):
        admin(DEV, "ada@videoflix.test", os.environ)


def test_a_template_that_fails_leaves_the_old_version_serving(site: Site) -> None:
    template = site.root / "infra" / "templates" / "pipeline.yaml"
    good = template.read_text()
    template.write_text(good.replace("maxReceiveCount: 20", "maxReceiveCount: none"))
    with pytest.raises(Refusal, match="videoflix-dev-pipeline"):
        site.deploy()
    assert site.calls == ["UpdateStack"]
    template.write_text(good)
    assert site.ask("health/").status_code == 200
    site.deploy()
    assert site.calls == []


def test_functions_that_do_not_start_are_put_back_to_the_old_version(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Stands for a setting that the functions alone refuse.
    monkeypatch.delitem(options._CHOICES, "COOKIE_SAMESITE")
    with pytest.raises(Refusal, match="The old version still serves"):
        site.deploy(COOKIE_SAMESITE="Sometimes")
    assert site.ask("health/").status_code == 200


def test_two_deploys_of_a_stage_do_not_run_at_once(site: Site) -> None:
    with (
        site.state.locked(),
        pytest.raises(Refusal, match="Another deploy of this stage is under way"),
    ):
        site.deploy()


def test_removing_it_ends_what_runs_and_keeps_what_was_made(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.remove()
    assert site.account.client("apigateway").get_rest_apis()["items"] == []
    assert site.account.client("lambda").list_functions()["Functions"] == []
    tables = site.account.client("dynamodb").list_tables()["TableNames"]
    kept = {f"videoflix-dev-{name}" for name in ("accounts", "catalogue", "viewing")}
    assert kept <= set(tables)
    assert (
        "aws dynamodb delete-table --table-name videoflix-dev-accounts" in capsys.readouterr().out
    )
