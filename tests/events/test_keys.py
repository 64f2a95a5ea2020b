"""The handler of the daily signing key rotation."""

import json

import boto3
import pytest

from chalicelib.wiring import stage
from tests.api.conftest import Post
from tests.fakes.clock import HandClock


def key_ids() -> set[str]:
    secret = boto3.client("secretsmanager").get_secret_value(
        SecretId=stage.settings().signing_keys_secret
    )
    return set(json.loads(secret["SecretString"]))


def day() -> dict[str, object]:
    return {
        **dict.fromkeys(("version", "account", "region", "source", "time", "id"), "x"),
        "detail": {},
        "detail-type": "Scheduled Event",
        "resources": [],
    }


@pytest.mark.usefixtures("post")
def test_a_key_is_added_every_thirty_days_and_two_are_kept(post: Post, clock: HandClock) -> None:
    seen = []
    for days in (0, 1, 29, 30):
        clock.advance(days=days)
        post.app.on_key_age_check(day(), None)
        seen.append(key_ids())
    assert [len(ids) for ids in seen] == [2, 2, 2, 2]
    assert seen[0] == seen[1]
    assert seen[1] & seen[2]
    assert "0" not in seen[2]
    assert seen[2] != seen[3]
