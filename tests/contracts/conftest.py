"""What every contract needs: a clock, and a table for those who keep things in DynamoDB."""

import os

import pytest
from pynamodb.connection import Connection

from chalicelib.adapters.dynamodb import catalogue_tables, tables
from tests.fakes.clock import HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def connection(cloud: None) -> Connection:  # noqa: ARG001
    return tables.bind(accounts=os.environ["ACCOUNTS_TABLE"])


@pytest.fixture
def catalogue(cloud: None) -> Connection:  # noqa: ARG001
    return catalogue_tables.bind(catalogue=os.environ["CATALOGUE_TABLE"])


@pytest.fixture
def media_bucket(cloud: None) -> str:  # noqa: ARG001
    return os.environ["MEDIA_BUCKET"]


@pytest.fixture
def uploads_bucket(cloud: None) -> str:  # noqa: ARG001
    return os.environ["UPLOADS_BUCKET"]
