"""A command says which site it is about, also one that it does not ask."""

import os

import pytest

from infra.terminal import Refusal
from infra.transfer.site import Site

LOCAL = "the local site at http://127.0.0.1:4567, region eu-central-1, table videoflix-accounts"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"PATH": os.environ["PATH"], "AWS_PORT": "4567"})


def test_a_local_site_is_named_by_its_port() -> None:
    assert str(Site.named("")) == LOCAL


@pytest.mark.parametrize("region", ["us-west-2", ""])
def test_a_stage_is_named_by_its_region(region: str) -> None:
    os.environ["AWS_DEFAULT_REGION"] = region
    said = str(Site.named("dev"))
    assert said == (
        f"stage dev at AWS, region {region or 'not chosen'}, table videoflix-dev-accounts"
    )


def test_a_stage_of_an_emulator_is_named_by_its_url() -> None:
    os.environ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
    assert str(Site.named("prod")).startswith("stage prod at http://127.0.0.1:9, ")


def test_a_stage_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Refusal, match="There is no stage 'test'"):
        Site.named("test")


def test_the_bucket_tells_accounts_of_aws_apart() -> None:
    site = Site("stage dev", "AWS", "us-west-2", "videoflix-dev-accounts", "uploads-123")
    assert str(site).endswith(", table videoflix-dev-accounts, bucket uploads-123")
