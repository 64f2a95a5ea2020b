"""The cost of viewing: calls to AWS of each endpoint, and of watching for some minutes."""

import re
from collections import Counter
from typing import Any

import pytest

from chalicelib.api.core import audience_figures, profiles, progress, viewing_lists
from chalicelib.catalogue.model import VideoId
from chalicelib.wiring import catalogue, viewing
from tests.api.conftest import PASSWORD
from tests.api.spending import documented, measured, row
from tests.api.test_calls import calls
from tests.browser import Browser
from tests.builders.videos import a_published_video
from tests.fakes.clock import HandClock

__all__ = ["calls"]

_NAMED = re.compile(r"\{(\w+)\}")
PAUSED = {"position": 50, "duration": 100, "event": "pause", "watched_seconds": 15}
BUDGET: dict[str, tuple[str, str, dict[str, Any] | None, dict[str, int]]] = {
    "report": ("POST", "/progress/", PAUSED, {"UpdateItem": 1}),
    "report of a profile": ("POST", "/progress/?profile={profile}", PAUSED, {"UpdateItem": 1}),
    "position": ("GET", "/progress/?video={video}", None, {"GetItem": 1}),
    "continue watching": ("GET", "/continue-watching/", None, {"Query": 1}),
    "history": ("GET", "/history/", None, {"Query": 1}),
    "clear one": ("DELETE", "/history/{video}/", None, {"UpdateItem": 1}),
    "clear all": ("DELETE", "/history/", None, {"Query": 1, "UpdateItem": 1}),
    "watchlist": ("GET", "/watchlist/", None, {"Query": 1}),
    "add": ("PUT", "/watchlist/{video}/", None, {"UpdateItem": 1}),
    "remove": ("DELETE", "/watchlist/{video}/", None, {"DeleteItem": 1}),
    "profiles": ("GET", "/profiles/", None, {"GetItem": 1}),
    "new profile": ("POST", "/profiles/", {"name": "x"}, {"GetItem": 1, "PutItem": 1}),
    "changed profile": (
        "PATCH", "/profiles/{profile}/", {"name": "x"}, {"GetItem": 1, "PutItem": 1}
    ),
    "unlock": ("POST", "/profiles/{profile}/unlock/", {"pin": ""}, {"GetItem": 1}),
}  # fmt: skip


@pytest.fixture
def watched(signed_in: Browser, clock: HandClock) -> VideoId:
    video = a_published_video(clock.now()).id
    catalogue.curation().videos.add(a_published_video(clock.now(), id=video))
    signed_in.get("/user/")  # polls the revocations, which are cached for two seconds
    sent = {"video": video, "position": 50, "duration": 100}
    assert signed_in.post("/progress/", sent).status == 201
    return video


@pytest.mark.parametrize("name", BUDGET)
def test_a_warm_request_makes_only_these_calls(
    signed_in: Browser, watched: VideoId, clock: HandClock, calls: Counter[str], name: str
) -> None:
    method, pattern, sent, budget = BUDGET[name]
    kids = signed_in.post("/profiles/", {"name": "Kids"}).json["id"]
    path = pattern.format(video=watched, profile=kids)
    body = {"video": watched, **sent} if sent and "position" in sent else sent
    clock.advance(milliseconds=1)
    calls.clear()
    with measured() as spent:
        assert signed_in.send(method, path, body).status < 300
    assert dict(calls) == budget
    route = _NAMED.sub(r"{\1_id}", pattern.partition("?")[0]).removesuffix("/")
    served = "official", f"{method} /api{route}"
    assert row(served, spent) == row(served, documented()[served])


def test_every_route_of_viewing_is_on_the_page_and_counted_here() -> None:
    modules = (progress, viewing_lists, profiles, audience_figures)
    routes = {
        ("official", f"{operation.method} /api{operation.path}")
        for module in modules
        for operation in module.api.operations
    }
    assert routes - documented().keys() == set()


def test_a_deleted_profile_costs_two_queries_and_one_batch_of_deletions(
    signed_in: Browser, watched: VideoId, calls: Counter[str]
) -> None:
    kids = signed_in.post("/profiles/", {"name": "Kids"}).json["id"]
    sent = {"video": watched, "position": 50, "duration": 100}
    signed_in.post(f"/progress/?profile={kids}", sent)
    calls.clear()
    with measured() as spent:
        assert signed_in.delete(f"/profiles/{kids}/").status == 200
    served = "official", "DELETE /api/profiles/{profile_id}"
    assert row(served, spent) == row(served, documented()[served])
    assert dict(calls) == {"GetItem": 1, "Query": 2, "BatchWriteItem": 1, "PutItem": 1}


def test_a_deleted_account_costs_a_note_and_one_batch_of_deletions_more(
    signed_in: Browser, watched: VideoId, calls: Counter[str]
) -> None:
    signed_in.send("PUT", f"/watchlist/{watched}/")
    calls.clear()
    assert signed_in.delete("/user/", {"password": PASSWORD}).status == 200
    calls.pop("TransactWriteItems")  # the account, and each session that ended
    assert dict(calls) == {
        "UpdateItem": 1,
        "GetItem": 1,
        "PutItem": 1,
        "Query": 2,
        "BatchWriteItem": 1,
    }


@pytest.mark.parametrize("seconds", [5, 10, 15])
def test_watching_costs_one_write_in_fifteen_seconds_however_often_its_player_reports(
    signed_in: Browser, watched: VideoId, clock: HandClock, calls: Counter[str], seconds: int
) -> None:
    minutes = 4
    writes = Counter[str]()
    for step in range(minutes * 60 // seconds):
        clock.advance(seconds=seconds)
        signed_in.get("/user/")  # renews the session, and polls
        sent = {
            "video": watched,
            "position": seconds * step,
            "duration": 5400,
            "event": "regular",
            "watched_seconds": seconds,
        }
        calls.clear()
        assert signed_in.post("/progress/", sent).status == 201
        writes += calls
    assert set(writes) <= {"UpdateItem", "Query"}  # queries are those of the catalogue
    assert writes["UpdateItem"] <= minutes * 4


def test_clean_up_settles_a_day_of_a_viewer_with_one_read_and_one_transaction(
    signed_in: Browser, watched: VideoId, clock: HandClock, calls: Counter[str]
) -> None:
    for _ in range(3):
        clock.advance(seconds=1)
        signed_in.post("/progress/", {"video": watched, **PAUSED})
    clock.advance(days=1)
    calls.clear()
    assert viewing.clean_up().run().settled == 1
    assert dict(calls) == {"Query": 2, "GetItem": 1, "TransactWriteItems": 1}
