"""Contract of `KeyStore`: the fake and Secrets Manager."""

import os
from datetime import UTC, datetime

import boto3
import pytest

from chalicelib.accounts.keys import KeySet, KeyStore
from chalicelib.adapters.tokens import SecretsManagerKeyStore
from tests.fakes.key_store import InMemoryKeyStore

pytestmark = pytest.mark.contract(of=KeyStore)

FIRST = KeySet({"0": "k" * 64})
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(params=["memory", "secrets manager"])
def store(request: pytest.FixtureRequest) -> KeyStore:
    if request.param == "memory":
        return InMemoryKeyStore(FIRST)
    request.getfixturevalue("cloud")
    return SecretsManagerKeyStore(
        lambda: boto3.client("secretsmanager"), os.environ["SIGNING_KEYS_SECRET"]
    )


def test_the_first_key_exists_from_the_beginning(store: KeyStore) -> None:
    assert store.load() == FIRST


def test_replaced_keys_are_loaded_from_then_on(store: KeyStore) -> None:
    rotated = FIRST.rotated(NOW)
    store.replace(rotated)
    assert store.load() == rotated


def test_replacing_removes_all_earlier_keys(store: KeyStore) -> None:
    only = KeySet({"20260301T000000Z": 'quotes " and \\ and ü'})
    store.replace(FIRST.rotated(NOW))
    store.replace(only)
    assert store.load() == only
