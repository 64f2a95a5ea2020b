"""What every contract needs: a clock, and a table for those who keep things in DynamoDB."""

import os

import pytest
from pynamodb.connection import Connection

from chalicelib.adapters.dynamodb import tables
from tests.fakes.clock import HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def connection(cloud: None) -> Connection:  # noqa: ARG001
    return tables.bind(accounts=os.environ["ACCOUNTS_TABLE"])
