"""Dates over HTTP: from which moment on, and until which one, viewers see and play a video."""

from datetime import datetime, timedelta

import pytest

from chalicelib.catalogue.cache import LOOK_EVERY
from tests.api.encoder import Encoder, media_path
from tests.browser import Browser
from tests.fakes.clock import HandClock

# Shorter than the time between two looks at the store.
SOON = timedelta(seconds=1)
INSTANT = timedelta(milliseconds=1)
LISTS = (
    "/video/",
    "/video/?include=playable",
    "/video/?page=1",
    "/video/?search=metropolis",
    "/video/?category=drama&trailer=false",
    "/search/?q=metropolis",
    "/watchlist/",
    "/continue-watching/",
    "/history/",
    "/videos/",
)
ANSWERS = ("", "master.m3u8", "files/", "storyboard.vtt", "progress/")


def date(admin: Browser, video: int, **dates: datetime | None) -> None:
    sent = {name: each.isoformat() if each else None for name, each in dates.items()}
    answer = admin.patch(f"/video/{video}/", sent)
    assert (answer.status, sent.items() <= answer.json.items()) == (200, True)


def number_in(browser: Browser, path: str) -> int:
    answer = browser.get(path)
    assert answer.status == 200, answer.body
    return len(answer.json["results"] if isinstance(answer.json, dict) else answer.json)


@pytest.fixture
def video(encoder: Encoder, signed_in: Browser, admin: Browser) -> int:
    """Return the id of a video that the viewer has begun and keeps in the watchlist."""
    video = encoder.video().id
    encoder.video()
    sent = {"video": video, "position": 50, "duration": 100}
    assert signed_in.post("/progress/", sent).status == 201
    assert signed_in.send("PUT", f"/watchlist/{video}/").status == 200
    assert admin.get(f"/video/{video}/").status == 200
    return video


@pytest.mark.parametrize("path", LISTS)
def test_a_list_holds_a_video_exactly_between_its_dates(
    signed_in: Browser, admin: Browser, clock: HandClock, video: int, path: str
) -> None:
    assert SOON < LOOK_EVERY
    number = number_in(signed_in, path)
    date(admin, video, publish_at=clock.now() + SOON, rights_until=clock.now() + 2 * SOON)
    # The list is kept from here on, and nothing changes but the time.
    assert number_in(signed_in, path) == number - 1
    clock.advance(seconds=(SOON - INSTANT).total_seconds())
    assert number_in(signed_in, path) == number - 1
    clock.advance(seconds=INSTANT.total_seconds())
    assert number_in(signed_in, path) == number
    clock.advance(seconds=(SOON - INSTANT).total_seconds())
    assert number_in(signed_in, path) == number
    clock.advance(seconds=INSTANT.total_seconds())
    assert number_in(signed_in, path) == number - 1
    assert number_in(admin, "/video/?include=drafts") == 2
    date(admin, video, rights_until=None)
    assert number_in(signed_in, path) == number


@pytest.mark.parametrize("name", ANSWERS)
def test_a_video_is_there_and_plays_exactly_between_its_dates(
    signed_in: Browser, admin: Browser, clock: HandClock, video: int, name: str
) -> None:
    path = f"/video/{video}/{name}"
    date(admin, video, publish_at=clock.now() + SOON, rights_until=clock.now() + 2 * SOON)
    clock.advance(seconds=(SOON - INSTANT).total_seconds())
    assert (signed_in.get(path).status, admin.get(path).status) == (404, 200)
    clock.advance(seconds=INSTANT.total_seconds())
    assert signed_in.get(path).status == 200
    clock.advance(seconds=(SOON - INSTANT).total_seconds())
    assert signed_in.get(path).status == 200
    clock.advance(seconds=INSTANT.total_seconds())
    assert (signed_in.get(path).status, admin.get(path).status) == (404, 200)


def test_a_grant_ends_with_the_rights(
    signed_in: Browser, admin: Browser, clock: HandClock, encoder: Encoder
) -> None:
    video = encoder.video()
    playlist = media_path(signed_in, video)
    date(admin, video.id, rights_until=clock.now() + SOON)
    assert signed_in.get(playlist).status == 200
    clock.advance(seconds=SOON.total_seconds())
    assert signed_in.get(playlist).status == 404


def test_a_page_and_its_number_agree(
    signed_in: Browser, admin: Browser, clock: HandClock, video: int
) -> None:
    date(admin, video, publish_at=clock.now() + SOON)
    assert signed_in.get("/video/?page=1").json["count"] == 1
    clock.advance(seconds=SOON.total_seconds())
    assert signed_in.get("/video/?page=1").json["count"] == 2


def test_a_date_is_stored_in_utc_and_milliseconds(admin: Browser, video: int) -> None:
    sent = {"publish_at": "2026-01-02T04:04:05.678999+01:00"}
    answer = admin.patch(f"/video/{video}/", sent)
    assert answer.json["publish_at"] == "2026-01-02T03:04:05.678000+00:00"
    assert admin.patch(f"/video/{video}/", {"publish_at": ""}).json["publish_at"] is None
