"""Transcoders use zones that have Fargate, and keep them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.deploy import settings
from infra.deploy.account import AwsAccount
from infra.deploy.options import DeployOptions
from infra.deploy.stages import DEV
from tests.unit.infra.deploy.cloudformation import CloudFormation

REPOSITORY = Path(__file__).parents[4]
OPTIONS = {"MAIL_SENDER": "noreply@example.com", "ALLOWED_ORIGINS": "https://app.example.com"}


@dataclass(frozen=True, slots=True)
class Aws(AwsAccount):
    stacks: CloudFormation = field(default_factory=CloudFormation)

    def client(self, service: str, region: str | None = None) -> Any:
        if service == "cloudformation":
            return self.stacks
        client_of: Any = boto3.client
        return client_of(service, region_name=region or self.region)


@pytest.fixture(autouse=True)
def _emulated() -> Iterator[None]:
    with mock_aws():
        yield


def zones(account: AwsAccount, tmp_path: Path) -> list[str]:
    options = DeployOptions.load(tmp_path, DEV, OPTIONS)
    known = settings.stage_stacks(account, DEV, options, REPOSITORY)
    if account.region == "eu-central-1":
        known.create_or_update("network")
    return [known.parameters[name] for name in ("FirstZone", "SecondZone", "ThirdZone")]


def test_zones_without_fargate_are_left_out(tmp_path: Path) -> None:
    account = Aws("1", "ca-central-1", "", boto3.Session())
    assert zones(account, tmp_path) == ["ca-central-1a", "ca-central-1b", ""]


def test_zones_are_chosen_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = Aws("1", "eu-central-1", "", boto3.Session())
    chosen = zones(account, tmp_path)
    assert chosen == ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
    monkeypatch.setattr(settings, "_WITHOUT_FARGATE", frozenset({"euc1-az2"}))
    assert zones(account, tmp_path) == chosen
