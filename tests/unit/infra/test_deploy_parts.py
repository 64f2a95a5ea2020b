"""The smaller parts of a deploy: its state and lock, the image, Chalice's notes, removal."""

import base64
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.exceptions import ParamValidationError
from chalice.awsclient import TypedAWSClient
from moto import mock_aws

from infra.deploy import image
from infra.deploy.chalice_project import Lenient, ensure_log_of_api, merged
from infra.deploy.down import down, end_transcoders
from infra.deploy.stages import PROD
from infra.deploy.state import DeployState
from infra.refusal import Refusal

REPOSITORY = Path(__file__).parents[3]
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


class EcrErrors:
    ImageNotFoundException = KeyError


@dataclass
class Ecr:
    """A fake registry with the image that the fake engine pushed."""

    pushed: Path
    exceptions = EcrErrors

    def describe_images(self, **request: Any) -> Any:
        assert request["repositoryName"] == "videoflix-dev"
        if not self.pushed.is_file():
            raise KeyError
        return {"imageDetails": [{"imageDigest": "sha256:1"}]}

    def get_authorization_token(self) -> Any:
        token = base64.b64encode(b"AWS:open").decode()
        return {"authorizationData": [{"authorizationToken": token}]}


def engine(tmp_path: Path, *, fails: str = "nothing") -> str:
    script = tmp_path / "docker"
    script.write_text(
        "#!/bin/sh\n"
        f'echo "$1" >> {tmp_path}/calls\n'
        f'[ "$1" = {fails} ] && echo no >&2 && exit 1\n'
        f'[ "$1" = push ] && touch {tmp_path}/pushed\n'
        "exit 0\n"
    )
    script.chmod(0o755)
    return str(script)


def test_an_image_is_built_and_pushed_once(tmp_path: Path) -> None:
    registry = image.Registry(Ecr(tmp_path / "pushed"), ADDRESS, docker=engine(tmp_path))
    for _ in range(2):
        assert registry.bring(REPOSITORY) == f"{ADDRESS}@sha256:1"
    assert (tmp_path / "calls").read_text().split() == ["build", "login", "push", "logout"]


def test_an_engine_that_fails_is_quoted(tmp_path: Path) -> None:
    docker = engine(tmp_path, fails="build")
    with pytest.raises(Refusal, match=r"docker build failed:\nno"):
        image.Registry(Ecr(tmp_path / "pushed"), ADDRESS, docker=docker).bring(REPOSITORY)


def test_every_source_of_the_image_exists() -> None:
    sources = image.sources(REPOSITORY)
    assert {"transcoder", "chalicelib/catalogue", ".dockerignore"} <= set(sources)
    assert [source for source in sources if not list(REPOSITORY.glob(source))] == []


def test_the_tag_of_an_image_depends_on_its_sources_only(tmp_path: Path) -> None:
    for name in ("transcoder", "chalicelib"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    tag = image.tag_of(tmp_path)
    (tmp_path / "chalicelib" / "api" / "new.py").touch()
    (tmp_path / "transcoder" / "__pycache__").mkdir(exist_ok=True)
    (tmp_path / "transcoder" / "__pycache__" / "new.pyc").touch()
    assert image.tag_of(tmp_path) == tag
    (tmp_path / "transcoder" / "new.py").touch()
    assert image.tag_of(tmp_path) != tag


def test_notes_of_an_interrupted_deploy_hold_old_and_new_resources() -> None:
    before = [{"name": "api", "id": "1"}, {"name": "mail", "id": "2"}]
    created = [{"name": "mail", "arn": "3"}, {"name": "work", "id": "4"}]
    assert merged(before, created) == [
        {"name": "api", "id": "1"},
        {"name": "mail", "id": "2", "arn": "3"},
        {"name": "work", "id": "4"},
    ]


def test_the_log_of_the_api_is_created_beside_logs_with_longer_names() -> None:
    with mock_aws():
        logs = boto3.client("logs", region_name="eu-central-1")
        logs.create_log_group(logGroupName="/aws/lambda/videoflix-dev-on_mail")
        for days in (14, 30):
            ensure_log_of_api(logs, "videoflix-dev", days)
        [group] = [
            each
            for each in logs.describe_log_groups()["logGroups"]
            if each["logGroupName"] == "/aws/lambda/videoflix-dev"
        ]
    assert group["retentionInDays"] == 30


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
