"""Media signing keys: the edge has the new key before anything is signed with it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.adapters.media_signer import media_signing_key
from infra.deploy.account import AwsAccount
from infra.deploy.media_signing_keys import MediaSigningKeys
from infra.deploy.stage_stacks import StageStacks

NAME = "videoflix-dev/media-keys"
OUTPUTS = {"MediaPublicKeyA": "MediaKeyIdA", "MediaPublicKeyB": "MediaKeyIdB"}


@dataclass(slots=True)
class Edge(StageStacks):
    """A fake stack of the edge: every public key gets an id, and none can be changed in place."""

    history: list[dict[str, str]] = field(default_factory=list)

    def create_or_update(self, stack: str, **more: str) -> dict[str, str]:
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
def keys(tmp_path: Path) -> Iterator[MediaSigningKeys]:
    with mock_aws():
        session = boto3.Session(region_name="eu-central-1")
        account = AwsAccount("123456789012", "eu-central-1", "", session)
        secrets = session.client("secretsmanager")
        secrets.create_secret(Name=NAME, SecretString="{}")
        yield MediaSigningKeys(Edge(account, "videoflix-dev", tmp_path, {}), secrets)


def current(keys: MediaSigningKeys) -> Any:
    return json.loads(keys.secrets.get_secret_value(SecretId=NAME)["SecretString"])


def test_the_first_key_takes_the_first_slot_and_stays(keys: MediaSigningKeys) -> None:
    for _ in range(2):
        keys.ensure()
    assert isinstance(keys.stacks, Edge)
    assert len(keys.stacks.history) == 1
    assert current(keys)["key_id"] == keys.stacks.outputs["MediaKeyIdA"]
    media_signing_key(json.dumps(current(keys)))


def test_a_rotation_keeps_the_previous_key(keys: MediaSigningKeys) -> None:
    keys.ensure()
    first = keys.stacks.outputs["MediaKeyIdA"]
    keys.rotate()
    assert keys.stacks.outputs["MediaKeyIdA"] == first
    assert current(keys)["key_id"] == keys.stacks.outputs["MediaKeyIdB"]


def test_a_second_rotation_empties_the_oldest_slot_before_it_fills_it(
    keys: MediaSigningKeys,
) -> None:
    keys.ensure()
    keys.rotate()
    second = keys.stacks.outputs["MediaKeyIdB"]
    keys.rotate()
    assert isinstance(keys.stacks, Edge)
    assert [bool(step["MediaPublicKeyA"]) for step in keys.stacks.history] == [1, 1, 0, 1]
    assert keys.stacks.outputs["MediaKeyIdB"] == second
    assert current(keys)["key_id"] == keys.stacks.outputs["MediaKeyIdA"]


def test_a_key_that_is_missing_in_the_secret_is_replaced(keys: MediaSigningKeys) -> None:
    keys.ensure()
    keys.secrets.put_secret_value(SecretId=NAME, SecretString="{}")
    keys.ensure()
    assert current(keys)["key_id"] == keys.stacks.outputs["MediaKeyIdA"]


def test_nothing_secret_reaches_a_stack(keys: MediaSigningKeys) -> None:
    keys.ensure()
    keys.rotate()
    assert isinstance(keys.stacks, Edge)
    assert "PRIVATE" not in str(keys.stacks.history)
