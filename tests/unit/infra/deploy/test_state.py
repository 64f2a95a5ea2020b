"""The state of a deploy: texts, and the lock."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.deploy.state import DeployState
from infra.terminal import Refusal

REPOSITORY = Path(__file__).parents[4]
ADDRESS = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/videoflix-dev"


@pytest.fixture
def state() -> Iterator[DeployState]:
    with mock_aws():
        client: Any = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="state")
        yield DeployState(client, "state")


def test_a_text_is_read_only_after_it_was_written(state: DeployState) -> None:
    assert state.read("notes") is None
    state.write("notes", "text")
    assert state.read("notes") == "text"
    state.forget("notes")
    assert state.read("notes") is None


def test_a_second_deploy_is_refused_until_the_first_has_ended(state: DeployState) -> None:
    with state.locked(), pytest.raises(Refusal, match=r"under way: .+ since"), state.locked():
        raise AssertionError
    with state.locked():
        pass


def test_the_lock_of_a_deploy_that_died_can_be_removed(state: DeployState) -> None:
    state.write("deploying.json", json.dumps({"who": "a ghost"}))
    with pytest.raises(Refusal, match="a ghost"), state.locked():
        raise AssertionError
    state.unlock()
    with state.locked():
        pass
