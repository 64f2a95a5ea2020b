"""A bulk change on a running site: its process is killed in the middle, and it is made once."""

import os
import signal
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.adapters.dynamodb.video_items import to_item
from chalicelib.catalogue.model import VideoId
from tests.browser import Browser
from tests.builders.videos import a_video
from tests.integration.supervised import PASSWORD, Run
from tests.integration.wire import Wire

TABLE = "videoflix-catalogue"
VIDEOS = 160
_PATIENCE_SECONDS = 240
# Of DynamoDB.
_MOST_AT_ONCE = 25


@pytest.fixture
def admin(running: Run) -> Browser:
    browser = Browser(Wire(running))
    sent = {"email": running.settings.administrator_email, "password": PASSWORD}
    assert browser.post("/login/", sent).status == 200
    return browser


def added(run: Run) -> list[VideoId]:
    videos = [a_video(datetime.now(UTC), f"Film {number}") for number in range(VIDEOS)]
    for start in range(0, VIDEOS, _MOST_AT_ONCE):
        puts = [
            {"PutRequest": {"Item": to_item(each).to_dynamodb_dict()}}
            for each in videos[start : start + _MOST_AT_ONCE]
        ]
        run.client("dynamodb").batch_write_item(RequestItems={TABLE: puts})
    return [each.id for each in videos]


def stored(run: Run, number: int) -> Mapping[VideoId, tuple[str, str]]:
    """When each video that a bulk change has changed was last written, and its tags."""
    pages = run.client("dynamodb").get_paginator("scan").paginate(TableName=TABLE)
    return {
        VideoId(int(item["id"]["N"])): (item["changed_at"]["S"], item["tags"]["S"])
        for page in pages
        for item in page["Items"]
        if item.get("bulk_change", {}).get("N") == str(number)
    }


def waited(admin: Browser, number: int, *, changed: int) -> Any:
    until = time.monotonic() + _PATIENCE_SECONDS
    while (shape := admin.get(f"/studio/changes/{number}/").json)["changed"] < changed:
        assert time.monotonic() < until, shape
        time.sleep(0.2)
    return shape


def test_it_goes_on_after_a_kill_and_changes_each_video_once(running: Run, admin: Browser) -> None:
    video_ids = added(running)
    sent = {"videos": video_ids, "add_tags": ["silent"]}
    begun = admin.post("/studio/changes/", sent)
    assert (begun.status, begun.json["left"]) == (202, VIDEOS)
    number = begun.json["id"]
    waited(admin, number, changed=50)
    time.sleep(1)
    os.kill(running.children()["infra.local.pump"], signal.SIGKILL)
    before = stored(running, number)
    assert 50 < len(before) < VIDEOS
    done = waited(admin, number, changed=VIDEOS)
    after = stored(running, number)
    assert after.keys() == set(video_ids)
    assert {video_id: after[video_id] for video_id in before} == before
    assert {tags for _, tags in after.values()} == {'["silent"]'}
    while done["state"] != "finished":
        time.sleep(0.2)
        done = admin.get(f"/studio/changes/{number}/").json
    assert (done["unchanged"], done["failed"], done["left"]) == (0, 0, 0)
