"""The contracts of the stores once more, with the real templates on the emulator."""

import os
import uuid

import pytest
from pynamodb.connection import Connection

from chalicelib.adapters.dynamodb import tables
from infra import stacks
from tests.fakes.clock import HandClock
from tests.integration.supervised import Run


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    here = os.path.dirname(__file__)  # noqa: PTH120 - compared with the text of a path
    done = [item for item in items if str(item.path).startswith(here) and "[memory" in item.name]
    config.hook.pytest_deselected(items=done)
    items[:] = [item for item in items if item not in done]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def connection(running: Run, monkeypatch: pytest.MonkeyPatch) -> Connection:
    monkeypatch.setenv("AWS_ENDPOINT_URL", running.aws_url)
    made = stacks.deploy(
        running.client("cloudformation"),
        prefix=f"t{uuid.uuid4().hex[:12]}",
        parameters={},
        templates=[path for path in stacks.TEMPLATES if path.stem == "accounts"],
    )
    monkeypatch.setenv("ACCOUNTS_TABLE", made["ACCOUNTS_TABLE"])
    return tables.bind(accounts=made["ACCOUNTS_TABLE"])
