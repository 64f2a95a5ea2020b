"""The contracts of the stores once more, with the real templates on the emulator."""

import os
import uuid

import pytest
from pynamodb.connection import Connection

from chalicelib.adapters.dynamodb import account_tables, catalogue_tables, viewing_tables
from infra import stacks
from tests.contracts.conftest import a_waiting_machine
from tests.integration.supervised import Run
from tests.queues import task_queues


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    here = os.path.dirname(__file__)  # noqa: PTH120 - compared with the text of a path
    done = [item for item in items if str(item.path).startswith(here) and "[memory" in item.name]
    config.hook.pytest_deselected(items=done)
    items[:] = [item for item in items if item not in done]


@pytest.fixture
def connection(running: Run, monkeypatch: pytest.MonkeyPatch) -> Connection:
    return account_tables.bind(accounts=_table("accounts", running, monkeypatch))


@pytest.fixture
def catalogue(running: Run, monkeypatch: pytest.MonkeyPatch) -> Connection:
    return catalogue_tables.bind(catalogue=_table("catalogue", running, monkeypatch))


@pytest.fixture
def viewing(running: Run, monkeypatch: pytest.MonkeyPatch) -> Connection:
    return viewing_tables.bind(viewing=_table("viewing", running, monkeypatch))


def _table(stem: str, running: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("AWS_ENDPOINT_URL", running.aws_url)
    made = stacks.deploy(
        running.client("cloudformation"),
        prefix=f"t{uuid.uuid4().hex[:12]}",
        parameters={},
        templates=[path for path in stacks.TEMPLATES if path.stem == stem],
    )
    variable = f"{stem.upper()}_TABLE"
    monkeypatch.setenv(variable, made[variable])
    return made[variable]


@pytest.fixture
def media_bucket(running: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    return _bucket(running, monkeypatch)


@pytest.fixture
def uploads_bucket(running: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    return _bucket(running, monkeypatch)


def _bucket(running: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("AWS_ENDPOINT_URL", running.aws_url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    name = f"t{uuid.uuid4().hex}"
    here = {"LocationConstraint": "eu-central-1"}
    running.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=here)
    return name


@pytest.fixture
def waiting_machine(running: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("AWS_ENDPOINT_URL", running.aws_url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    return a_waiting_machine(f"t{uuid.uuid4().hex}")


@pytest.fixture
def work_queue_url(running: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("AWS_ENDPOINT_URL", running.aws_url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    return task_queues(running.client("sqs"), f"t{uuid.uuid4().hex}")
