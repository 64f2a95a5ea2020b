"""Progress over HTTP: report and show positions."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.catalogue.model import VideoId
from chalicelib.viewing.model import ReportKind
from chalicelib.wiring import catalogue, viewing
from tests.browser import Browser
from tests.builders.videos import a_published_video
from tests.fakes.clock import HandClock


@pytest.fixture
def video(signed_in: Browser, clock: HandClock) -> int:  # noqa: ARG001
    added = a_published_video(clock.now())
    catalogue.curation().videos.add(added)
    return added.id


def report(browser: Browser, video: int, position: float = 61.25, **sent: Any) -> Any:
    body = {"video": video, "position": position, "duration": 5400.5, **sent}
    return browser.post("/progress/", body)


def position_of(browser: Browser, video: int) -> Any:
    return browser.get(f"/progress/?video={video}").json


def test_a_position_is_read_as_it_was_reported(signed_in: Browser, video: int) -> None:
    assert position_of(signed_in, video) == {"position": 0, "duration": 0}
    answer = report(signed_in, video)
    assert answer.status == 201
    assert answer.json == {
        "video": video,
        "position": 61.25,
        "duration": 5400.5,
        "thinned": False,
    }
    assert position_of(signed_in, video) == {"position": 61.25, "duration": 5400.5}


def test_a_form_is_a_report_too(signed_in: Browser, video: int) -> None:
    sent = f"video={video}&position=1.5&duration=10".encode()
    form = {"content_type": "application/x-www-form-urlencoded"}
    assert signed_in.send("POST", "/progress/", sent, headers=form).status == 201
    assert position_of(signed_in, video) == {"position": 1.5, "duration": 10}


def test_the_newest_event_wins(signed_in: Browser, video: int, clock: HandClock) -> None:
    at = clock.now()
    clock.advance(seconds=60)
    for position, age in ((30.0, 5), (10.0, 50), (20.0, 20)):
        sent_at = clock.now().timestamp() - age
        moment = at.fromtimestamp(sent_at, at.tzinfo).isoformat()
        assert report(signed_in, video, position, at=moment, event="pause").status == 201
    assert position_of(signed_in, video)["position"] == 30.0


def test_a_report_older_than_a_cleared_history_is_answered_with_zeros(
    signed_in: Browser, video: int, clock: HandClock
) -> None:
    at = clock.now().isoformat()
    clock.advance(seconds=5)
    report(signed_in, video)
    assert report(signed_in, video, 3, at=at).json["position"] == 61.25
    assert signed_in.delete(f"/history/{video}/").status == 200
    answer = report(signed_in, video, 3, at=at)
    assert (answer.status, answer.json["position"], answer.json["duration"]) == (201, 0, 0)
    assert position_of(signed_in, video) == {"position": 0, "duration": 0}


def test_regular_reports_are_thinned_and_say_so(
    signed_in: Browser, video: int, clock: HandClock
) -> None:
    thinned = []
    for _ in range(4):
        thinned.append(report(signed_in, video, event="regular").json["thinned"])
        clock.advance(seconds=5)
    assert thinned == [False, True, True, False]
    assert report(signed_in, video, 99.5, event="closed").json["thinned"] is False
    assert position_of(signed_in, video)["position"] == 99.5


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"position": -1}, "position"),
        ({"position": float("nan")}, "position"),
        ({"position": float("inf")}, "position"),
        ({"position": 10**400}, "position"),
        ({"position": "12"}, "position"),
        ({"position": True}, "position"),
        ({"position": None}, "position"),
        ({"duration": 1_000_001}, "duration"),
        ({"watched_seconds": 86_401}, "watched_seconds"),
        ({"video": 0}, "video"),
        ({"video": 2**53}, "video"),
        ({"event": "unknown"}, "event"),
        ({"codec": "h265"}, "codec"),
        ({"at": "yesterday"}, "at"),
        ({"at": "2026-01-02T03:04:05"}, "at"),
        ({"at": "2026-13-02T03:04:05Z"}, "at"),
    ],
)
def test_invalid_values_are_refused_by_field(
    signed_in: Browser, video: int, sent: dict[str, Any], field: str
) -> None:
    valid = {"video": video, "position": 1, "duration": 2}
    answer = signed_in.post("/progress/", {**valid, **sent})
    assert (answer.status, list(answer.json)) == (400, [field])
    assert position_of(signed_in, video) == {"position": 0, "duration": 0}


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_out_of_reach_does_not_rule_for_ever(
    signed_in: Browser, video: int, clock: HandClock, at: str
) -> None:
    assert report(signed_in, video, at=at).status == 201
    [entry] = signed_in.get("/history/").json["results"]
    assert entry["position"] == 61.25
    clock.advance(seconds=1)
    report(signed_in, video, 7)
    assert position_of(signed_in, video)["position"] == 7


def test_a_video_that_is_not_there_has_no_progress(signed_in: Browser) -> None:
    assert report(signed_in, 4711).status == 404
    assert signed_in.get("/progress/").status == 400
    assert signed_in.get("/progress/?video=x").status == 400
    assert position_of(signed_in, 4711) == {"position": 0, "duration": 0}


def test_progress_is_of_one_profile(signed_in: Browser, video: int) -> None:
    kids = signed_in.post("/profiles/", {"name": "Kids"}).json["id"]
    report(signed_in, video)
    body = {"video": video, "position": 5, "duration": 10}
    assert signed_in.post(f"/progress/?profile={kids}", body).status == 201
    assert signed_in.get(f"/progress/?video={video}&profile={kids}").json["position"] == 5
    assert position_of(signed_in, video)["position"] == 61.25
    assert signed_in.post("/progress/?profile=another", body).status == 404


def test_only_who_is_signed_in_reports(browser: Browser) -> None:
    assert report(browser, 1).status == 401
    assert browser.get("/progress/?video=1").status == 401


def test_watched_seconds_are_aggregated_a_day_later(
    signed_in: Browser, video: int, clock: HandClock
) -> None:
    report(signed_in, video, watched_seconds=12.5, codec="h264")
    clock.advance(days=1)
    assert viewing.clean_up().run().settled == 1
    [watched] = viewing.clean_up().watched.of(VideoId(video))
    assert (watched.codec, watched.seconds) == ("h264", 12.5)


def test_the_page_has_each_event() -> None:
    page = Path("docs/dialects.md").read_text("utf-8").partition("## Reports of players")[2]
    named = re.findall(r"^\| `(\w+)` \|", page.partition("\n## ")[0], re.MULTILINE)
    assert named == ["event", *ReportKind]


def test_a_beacon_cannot_report_with_cookies_and_a_request_that_outlives_its_page_can(
    signed_in: Browser, video: int, clock: HandClock
) -> None:
    at = clock.now().isoformat().replace("+00:00", "Z")
    sent = {"video": video, "position": 62.5, "duration": 5400, "event": "closed", "at": at}
    as_form = {"content_type": "application/x-www-form-urlencoded", "x_csrftoken": ""}
    beacon = signed_in.send("POST", "/progress/", urlencode(sent).encode(), headers=as_form)
    assert beacon.status == 403
    assert signed_in.post("/progress/", sent).status == 201
    assert signed_in.get(f"/progress/?video={video}").json["position"] == 62.5
