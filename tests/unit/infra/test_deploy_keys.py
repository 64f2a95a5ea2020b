"""Media keys: the edge knows the new one before anything is signed with it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.adapters.media_signer import media_key
from infra.deploy.account import Account
from infra.deploy.media_keys import MediaKeys
from infra.deploy.stage_stacks import StageStacks

NAME = "videoflix-dev/media-keys"
OUTPUTS = {"MediaPublicKeyA": "MediaKeyIdA", "MediaPublicKeyB": "MediaKeyIdB"}


@dataclass(slots=True)
class Edge(StageStacks):
    """A stack that gives every public key an id of its own, and refuses to change one in place."""

    history: list[dict[str, str]] = field(default_factory=list)

    def bring_up(self, stack: str, **more: str) -> dict[str, str]:
        before = self.parameters_of(stack)
        now = {**before, **more}
        for slot, key in now.items():
            assert not (before.get(slot) and key and key != before[slot]), "changed in place"
            self.outputs.pop(OUTPUTS[slot], None)
            if key:
                self.outputs[OUTPUTS[slot]] = f"K{hash(key)}"
        self.history.append(now)
        return self.outputs

    def parameters_of(self, stack: str) -> dict[str, str]:
        assert stack == "edge"
        return self.history[-1] if self.history else {}


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[MediaKeys]:
    with mock_aws():
        session = boto3.Session(region_name="eu-central-1")
        account = Account("123456789012", "eu-central-1", "", session)
        secrets = session.client("secretsmanager")
        secrets.create_secret(Name=NAME, SecretString="{}")
        yield MediaKeys(Edge(account, "videoflix-dev", tmp_path, {}), secrets, NAME)


def current(keys: MediaKeys) -> Any:
    return json.loads(keys.secrets.get_secret_value(SecretId=NAME)["SecretString"])


def test_the_first_key_goes_to_the_first_place_and_stays(keys: MediaKeys) -> None:
    for _ in range(2):
        keys.ensure()
    assert isinstance(keys.stacks, Edge)
    assert len(keys.stacks.history) == 1
    assert current(keys)["key_id"] == keys.stacks.outputs["MediaKeyIdA"]
    media_key(json.dumps(current(keys)))


def test_rotating_leaves_the_last_key_where_it_is(keys: MediaKeys) -> None:
    keys.ensure()
    first = keys.stacks.outputs["MediaKeyIdA"]
    keys.rotate()
    assert keys.stacks.outputs["MediaKeyIdA"] == first
    assert current(keys)["key_id"] == keys.stacks.outputs["MediaKeyIdB"]


def test_rotating_again_empties_the_oldest_place_before_it_fills_it(keys: MediaKeys) -> None:
    keys.ensure()
    keys.rotate()
    second = keys.stacks.outputs["MediaKeyIdB"]
    keys.rotate()
    assert isinstance(keys.stacks, Edge)
    assert [bool(step["MediaPublicKeyA"]) for step in keys.stacks.history] == [1, 1, 0, 1]
    assert keys.stacks.outputs["MediaKeyIdB"] == second
    assert current(keys)["key_id"] == keys.stacks.outputs["MediaKeyIdA"]


def test_a_key_that_was_lost_on_its_way_is_replaced(keys: MediaKeys) -> None:
    keys.ensure()
    keys.secrets.put_secret_value(SecretId=NAME, SecretString="{}")
    keys.ensure()
    assert current(keys)["key_id"] == keys.stacks.outputs["MediaKeyIdA"]


def test_nothing_secret_reaches_a_stack(keys: MediaKeys) -> None:
    keys.ensure()
    keys.rotate()
    assert isinstance(keys.stacks, Edge)
    assert "PRIVATE" not in str(keys.stacks.history)
