"""Watched seconds over HTTP: by day and codec, for administrators."""

from typing import Any

import pytest

from chalicelib.catalogue.model import VideoId
from chalicelib.wiring import catalogue, viewing
from tests.api.spending import documented, measured, row
from tests.browser import Browser
from tests.builders.videos import a_published_video
from tests.fakes.clock import HandClock

WEEK = 7


@pytest.fixture
def watched(admin: Browser, clock: HandClock) -> VideoId:
    """A video that was watched for 10 s with H.264 and 5 s with AV1 on each day of a week."""
    video = a_published_video(clock.now()).id
    catalogue.curation().videos.add(a_published_video(clock.now(), id=video))
    for _ in range(WEEK):
        for codec, seconds in (("h264", 10), ("av1", 5)):
            clock.advance(seconds=1)
            viewed = {"video": video, "position": 50, "duration": 100}
            sent = {**viewed, "watched_seconds": seconds, "codec": codec}
            assert admin.post("/progress/", sent).status == 201
        clock.advance(days=1)
        assert admin.post("/token/refresh/").status == 200
    assert viewing.clean_up().run().settled == 1
    return video


def figures_of(admin: Browser, video: int, query: str = "") -> Any:
    answer = admin.get(f"/video/{video}/watched/{query}")
    assert answer.status == 200, answer
    return answer.json


def test_seconds_are_answered_by_day_and_codec(
    admin: Browser, watched: VideoId, clock: HandClock
) -> None:
    today = clock.now().date()
    figures = figures_of(admin, watched)
    assert (figures["video"], figures["until"]) == (watched, today.isoformat())
    assert len(figures["results"]) == WEEK * 2
    first = figures["results"][:2]
    assert [(each["codec"], each["seconds"]) for each in first] == [("av1", 5), ("h264", 10)]
    assert {each["day"] for each in figures["results"]} < {figures["since"], *_days(figures)}


def _days(figures: Any) -> list[str]:
    return [each["day"] for each in figures["results"]]


def test_days_are_chosen(admin: Browser, watched: VideoId) -> None:
    days = sorted(set(_days(figures_of(admin, watched))))
    chosen = figures_of(admin, watched, f"?since={days[1]}&until={days[2]}")
    assert (chosen["since"], chosen["until"]) == (days[1], days[2])
    assert _days(chosen) == [days[1], days[1], days[2], days[2]]
    assert _days(figures_of(admin, watched, f"?since={days[-1]}")) == [days[-1]] * 2


def test_seconds_of_a_deleted_video_stay(admin: Browser, watched: VideoId) -> None:
    assert admin.delete(f"/video/{watched}/").status == 200
    assert len(figures_of(admin, watched)["results"]) == WEEK * 2
    assert figures_of(admin, VideoId(1))["results"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=2026-01-02&until=2026-01-01", "since"),
        ("since=2025-01-01&until=2026-01-02", "since"),
        ("since=yesterday", "since"),
        ("until=20260102", "until"),
        ("until=2026-02-30", "until"),
    ],
)
def test_days_that_are_none_or_too_many_are_refused(admin: Browser, query: str, field: str) -> None:
    answer = admin.get(f"/video/1/watched/?{query}")
    assert (answer.status, list(answer.json)) == (400, [field])


def test_a_whole_leap_year_is_one_answer(admin: Browser) -> None:
    assert admin.get("/video/1/watched/?since=2024-01-01&until=2024-12-31").status == 200


def test_viewers_see_no_figures(signed_in: Browser) -> None:
    assert signed_in.get("/video/1/watched/").status == 403


def test_figures_cost_one_query_besides_the_check_of_the_administrator(
    admin: Browser, watched: VideoId
) -> None:
    figures_of(admin, watched)
    with measured() as spent:
        figures_of(admin, watched, "?since=2025-12-01&until=2026-11-30")
    served = "official", "GET /api/video/{video_id}/watched"
    assert row(served, spent) == row(served, documented()[served])
    assert dict(spent.calls) == {"Query": 1, "GetItem": 1}
