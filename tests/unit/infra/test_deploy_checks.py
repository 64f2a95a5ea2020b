"""What is missing is said before anything is changed."""

from typing import Any

import boto3
import pytest

from infra.deploy import checks
from infra.deploy.account import Account
from infra.deploy.build import reserved_concurrency
from infra.deploy.stages import DEV, PROD
from infra.refusal import Refusal


class Aws(Account):
    """An account without the image, for Docker may be missing where this runs."""

    def client(self, service: str, region: str | None = None) -> Any:  # noqa: ARG002
        return Limits(self.number)


class Limits:
    """An account whose number is how many functions it runs at a time."""

    def __init__(self, at_once: str) -> None:
        self.at_once = int(at_once)

    def get_account_settings(self) -> dict[str, dict[str, int]]:
        return {"AccountLimit": {"ConcurrentExecutions": self.at_once}}

    def get_send_quota(self) -> dict[str, float]:
        return {"Max24HourSend": 50_000.0}


def account(at_once: int) -> Account:
    return Aws(str(at_once), "eu-central-1", "", boto3.Session(), frozenset({"image"}))


@pytest.fixture(autouse=True)
def _right_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.deploy.runtime.require_lambda", lambda: None)


def test_prod_does_not_begin_where_its_functions_find_no_place() -> None:
    with pytest.raises(Refusal, match=r"prod reserves places for 202 .* has 10"):
        checks.require(account(10), PROD)
    with pytest.raises(Refusal, match="has 301"):
        checks.require(account(reserved_concurrency("prod") + 99), PROD)
    checks.require(account(1000), PROD)


def test_dev_begins_anywhere_and_says_what_is_scarce(capsys: pytest.CaptureFixture[str]) -> None:
    checks.require(account(10), DEV)
    assert "this account runs 10 Lambda functions at a time" in capsys.readouterr().out
