"""Dates over HTTP: from which moment on, and until which one, viewers see and play a video."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

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
Seen = Callable[[Browser], int]


def date(admin: Browser, video: int, **dates: datetime | None) -> None:
    sent = {name: each.isoformat() if each else None for name, each in dates.items()}
    answer = admin.patch(f"/video/{video}/", sent)
    assert (answer.status, sent.items() <= answer.json.items()) == (200, True)


def number_in(browser: Browser, path: str) -> int:
    answer = browser.get(path)
    assert answer.status == 200, answer.body
    return len(answer.json["results"] if isinstance(answer.json, dict) else answer.json)


def number_counted(path: str, browser: Browser) -> int:
    """Return the sum of the numbers of videos in a list of people or categories."""
    return sum(each["videos"] for each in browser.get(path).json["results"])


def number_in_row(reason: str, browser: Browser) -> int:
    rows = {each["reason"]: each["results"] for each in browser.get("/home/").json["rows"]}
    return len(rows.get(reason, ()))


def number_in_similar(browser: Browser) -> int:
    """Return how many videos are like the one that has no dates."""
    [other] = [each["id"] for each in browser.get("/video/").json if not each["director"]]
    return number_in(browser, f"/video/{other}/similar/")


SUMS: dict[str, Seen] = {
    "people": partial(number_counted, "/people/"),
    "people called so": partial(number_counted, "/people/?q=lan"),
    "categories": partial(number_counted, "/categories/?counts=true"),
    "categories by count": partial(number_counted, "/categories/?counts=true&order=count"),
    "categories with early ones": partial(
        number_counted, "/categories/?counts=true&include=playable"
    ),
    "row of begun ones": partial(number_in_row, "continue_watching"),
    "row of the watchlist": partial(number_in_row, "watchlist"),
    # It is left out without the video that was watched.
    "row because of it": partial(number_in_row, "because_you_watched"),
    "similar": number_in_similar,
}
# In the rows of the viewer it is twice before these.
ROWS_OF_OTHERS: dict[str, Seen] = {
    "row of new ones": partial(number_in_row, "new"),
    "row of the category": partial(number_in_row, "category"),
}


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


def test_rows_and_numbers_count_a_video_exactly_between_its_dates(
    signed_in: Browser, admin: Browser, clock: HandClock, video: int
) -> None:
    assert admin.patch(f"/video/{video}/", {"director": "Fritz Lang"}).status == 200
    assert admin.post("/categories/", {"name": "Drama"}).status == 201

    def numbers() -> dict[str, int]:
        own = {name: seen(signed_in) for name, seen in SUMS.items()}
        return own | {name: seen(admin) for name, seen in ROWS_OF_OTHERS.items()}

    with_it = numbers()
    without = {name: number - 1 for name, number in with_it.items()}
    date(admin, video, publish_at=clock.now() + SOON, rights_until=clock.now() + 2 * SOON)
    assert numbers() == without
    for wait, expected in (
        (SOON - INSTANT, without),
        (INSTANT, with_it),
        (SOON - INSTANT, with_it),
        (INSTANT, without),
    ):
        clock.advance(seconds=wait.total_seconds())
        assert numbers() == expected
    date(admin, video, rights_until=None)
    assert numbers() == with_it


def test_a_row_of_what_is_like_a_video_holds_others_exactly_between_their_dates(
    signed_in: Browser, admin: Browser, clock: HandClock, video: int
) -> None:
    [other] = [each["id"] for each in signed_in.get("/video/").json if each["id"] != video]
    sent = {"video": other, "position": 100, "duration": 100}
    assert signed_in.post("/progress/", sent).status == 201
    # Else it is twice in rows before this one.
    assert signed_in.send("DELETE", f"/watchlist/{video}/").status == 200
    row = partial(number_in_row, "because_you_watched", signed_in)
    assert row() == 1
    date(admin, video, publish_at=clock.now() + SOON)
    assert row() == 0
    assert signed_in.get(f"/video/{video}/similar/").status == 404
    clock.advance(seconds=SOON.total_seconds())
    assert row() == 1
    assert signed_in.get(f"/video/{video}/similar/").status == 200


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
