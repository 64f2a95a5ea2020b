"""Requirements of a deploy are checked before anything is changed."""

from typing import Any

import boto3
import pytest

from infra.deploy import checks
from infra.deploy.account import AwsAccount
from infra.deploy.build import reserved_concurrency
from infra.deploy.stages import DEV, PROD
from infra.terminal import Refusal


class Aws(AwsAccount):
    """An account without the image, because a test machine may lack Docker."""

    def client(self, service: str, region: str | None = None) -> Any:  # noqa: ARG002
        return Limits(self.number)


class Limits:
    """A fake of Lambda and SES with a limit of concurrency."""

    def __init__(self, at_once: str) -> None:
        self.at_once = int(at_once)

    def get_account_settings(self) -> dict[str, dict[str, int]]:
        return {"AccountLimit": {"ConcurrentExecutions": self.at_once}}

    def get_send_quota(self) -> dict[str, float]:
        return {"Max24HourSend": 50_000.0}


def account(at_once: int) -> AwsAccount:
    return Aws(str(at_once), "eu-central-1", "", boto3.Session(), frozenset({"image"}))


@pytest.fixture(autouse=True)
def _right_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.deploy.runtime.require_lambda", lambda: None)


def test_prod_is_refused_without_enough_concurrency() -> None:
    with pytest.raises(Refusal, match=r"prod reserves places for 202 .* has 10"):
        checks.require(account(10), PROD)
    with pytest.raises(Refusal, match="has 301"):
        checks.require(account(reserved_concurrency("prod") + 99), PROD)
    checks.require(account(1000), PROD)


def test_a_low_concurrency_is_only_noted_for_dev(capsys: pytest.CaptureFixture[str]) -> None:
    checks.require(account(10), DEV)
    assert "this account runs 10 Lambda functions at a time" in capsys.readouterr().out
