"""A removal goes on without resources that are gone, and protects prod."""

from pathlib import Path

import botocore.session
import pytest
from botocore.exceptions import ParamValidationError
from chalice.awsclient import TypedAWSClient
from moto import mock_aws

from infra.deploy.chalice_project import Lenient
from infra.deploy.down import down, end_transcoders
from infra.deploy.stages import PROD
from infra.terminal import Refusal

REPOSITORY = Path(__file__).parents[4]
ADDRESS = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/videoflix-dev"


def test_missing_resources_do_not_stop_a_removal() -> None:
    with mock_aws():
        session = botocore.session.get_session()
        session.set_config_variable("region", "eu-central-1")
        client = Lenient(TypedAWSClient(session))
        client.delete_function(function_name="videoflix-dev")
        client.delete_role(name="videoflix-dev-api_handler")
        client.delete_rule(rule_name="videoflix-dev-on_sweep-event")
        client.delete_retention_policy(log_group_name="/aws/lambda/videoflix-dev")
        with pytest.raises(ParamValidationError):
            client.delete_role(name="")


class Ecs:
    """A fake cluster with two transcoders on two pages."""

    def __init__(self, done: list[str]) -> None:
        self.done = done

    def get_paginator(self, _: str) -> "Ecs":
        return self

    def paginate(self, **_: str) -> list[dict[str, list[str]]]:
        return [{"taskArns": ["a"]}, {"taskArns": ["b"]}]

    def stop_task(self, *, task: str, **_: str) -> None:
        self.done.append(f"stopped {task}")

    def get_waiter(self, _: str) -> "Ecs":
        return self

    def wait(self, *, tasks: list[str], **_: str) -> None:
        self.done.append(f"gone {','.join(tasks)}")


def test_all_tasks_of_a_cluster_are_stopped_and_awaited() -> None:
    done: list[str] = []
    end_transcoders(Ecs(done), "videoflix-dev-transcoders")
    assert done == ["stopped a", "gone a", "stopped b", "gone b"]


def test_prod_is_removed_only_with_an_extra_option(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="--yes-delete-prod"):
        down(PROD, tmp_path, {}, may_delete_prod=False)
