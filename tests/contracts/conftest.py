"""Fixtures of the contracts: clocks, tables, a state machine and queues."""

import json
import os

import boto3
import pytest
from pynamodb.connection import Connection

from chalicelib.adapters.dynamodb import account_tables, catalogue_tables, viewing_tables
from tests.queues import task_queues

_WAIT = {"Type": "Wait", "Seconds": 600, "End": True}


@pytest.fixture
def connection(cloud: None) -> Connection:  # noqa: ARG001
    return account_tables.bind(accounts=os.environ["ACCOUNTS_TABLE"])


@pytest.fixture
def catalogue(cloud: None) -> Connection:  # noqa: ARG001
    return catalogue_tables.bind(catalogue=os.environ["CATALOGUE_TABLE"])


@pytest.fixture
def viewing(cloud: None) -> Connection:  # noqa: ARG001
    return viewing_tables.bind(viewing=os.environ["VIEWING_TABLE"])


@pytest.fixture
def media_bucket(cloud: None) -> str:  # noqa: ARG001
    return os.environ["MEDIA_BUCKET"]


@pytest.fixture
def uploads_bucket(cloud: None) -> str:  # noqa: ARG001
    return os.environ["UPLOADS_BUCKET"]


@pytest.fixture
def waiting_machine(cloud: None) -> str:  # noqa: ARG001
    """A state machine whose executions run until they are stopped."""
    return a_waiting_machine("videoflix-pipeline")


@pytest.fixture
def work_queue_url(cloud: None) -> str:  # noqa: ARG001
    return task_queues(boto3.client("sqs"))


def a_waiting_machine(name: str) -> str:
    state_machine = boto3.client("stepfunctions").create_state_machine(
        name=name,
        definition=json.dumps({"StartAt": "Wait", "States": {"Wait": _WAIT}}),
        roleArn="arn:aws:iam::123456789012:role/pipeline",
    )
    return str(state_machine["stateMachineArn"])
