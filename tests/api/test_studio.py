"""The studio over HTTP: the table of all videos, its filters, orders, pages and refusals."""

import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.catalogue.cache import LOOK_EVERY
from chalicelib.catalogue.model import (
    Card,
    EncodeStatus,
    EncodeSummary,
    Failure,
    Revision,
    Translation,
    Video,
)
from chalicelib.catalogue.poster import OwnPoster, PosterId
from chalicelib.language import Language
from chalicelib.wiring import catalogue
from tests.api.spending import documented, measured, row
from tests.browser import Browser
from tests.builders.videos import a_published_video, a_video
from tests.fakes.clock import HandClock

FAILED = EncodeSummary(
    Revision(2),
    EncodeStatus.FAILED,
    failure=Failure("no_picture", "The file has no picture."),
    source_size=2000,
)


@pytest.fixture
def videos(clock: HandClock, admin: Browser) -> dict[str, Video]:  # noqa: ARG001 - begins it
    """Add one video of each kind, as another process does."""
    day, now = timedelta(days=1), clock.now()
    made = {
        "live": a_published_video(now, card=Card("Zorro", category="Drama", age_rating=6)),
        "draft": a_video(now, "Alpha"),
        "failed": a_published_video(
            now, "Beta", encode=FAILED, media=None, poster=OwnPoster(PosterId(1), PosterId(1))
        ),
        "scheduled": a_published_video(now, card=Card("Gamma", publish_at=now + day)),
        "expired": a_published_video(now, card=Card("Delta", rights_until=now)),
    }
    for video in made.values():
        catalogue.curation().videos.add(video)
    clock.advance(seconds=LOOK_EVERY.total_seconds())
    return made


def listed(admin: Browser, query: str = "") -> list[str]:
    answer = admin.get(f"/studio/videos/?{query}")
    assert answer.status == 200, answer.json
    return [each["title"] for each in answer.json["results"]]


def test_every_video_is_in_the_table_with_all_that_it_shows(
    admin: Browser, videos: dict[str, Video]
) -> None:
    answer = admin.get("/studio/videos/")
    assert (answer.json["count"], answer.json["next"]) == (len(videos), None)
    rows = {each["id"]: each for each in answer.json["results"]}
    assert {name: rows[video.id]["visibility"] for name, video in videos.items()} == {
        **{name: name for name in ("live", "draft", "scheduled", "expired")},
        "failed": "live",
    }
    assert {name: rows[video.id]["state"] for name, video in videos.items()} == {
        **dict.fromkeys(("live", "scheduled", "expired"), "completed"),
        "draft": "empty",
        "failed": "failed",
    }
    failed, live = rows[videos["failed"].id], rows[videos["live"].id]
    assert failed["failure"] == {"code": "no_picture", "text": "The file has no picture."}
    assert (failed["revision"], failed["newest_revision"]) == (None, 2)
    assert (live["revision"], live["newest_revision"], live["duration"]) == (1, 1, 98.5)
    assert (failed["size"], live["size"]) == (2000, None)
    assert live["changed_at"] == videos["live"].changed_at.isoformat()
    # All else is what administrators know of other lists.
    drafts = {each["id"]: each for each in admin.get("/video/?include=drafts").json}
    assert all(drafts[number].items() <= rows[number].items() for number in rows)


@pytest.mark.usefixtures("videos")
def test_a_table_that_is_known_is_not_sent_again(admin: Browser, clock: HandClock) -> None:
    tag = admin.get("/studio/videos/").headers["etag"]
    assert admin.get("/studio/videos/", if_none_match=tag).status == 304
    # What a date changes is another table.
    clock.advance(days=1)
    admin.get("/user/")  # signs in again
    assert admin.get("/studio/videos/", if_none_match=tag).status == 200


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("search=et", ["Beta"]),
        ("state=failed,empty", ["Alpha", "Beta"]),
        ("visibility=scheduled,expired", ["Delta", "Gamma"]),
        ("without=poster", ["Alpha"]),
        ("without=poster,category", []),
        ("category=Drama&state=completed", ["Zorro"]),
        ("age_rating=6", ["Zorro"]),
        ("rating_max=6", ["Zorro"]),
        ("publish_after=2000-01-01", ["Gamma"]),
        ("publish_before=2000-01-01T00:00:00Z", []),
        ("created_before=2000-01-01T00:00:00+00:00", []),
        ("rights_before=2100-01-01", ["Delta"]),
        ("size_min=2000&size_max=2000", ["Beta"]),
        ("size_min=2001", []),
        ("size_max=1999", []),
        ("trailer=true", []),
        ("own_poster=true", ["Beta"]),
        ("own_poster=false&visibility=live", ["Zorro"]),
        ("language=de", []),
        ("tag=silent", []),
        ("person=Fritz+Lang", []),
    ],
)
def test_filters_are_all_to_apply(
    admin: Browser, videos: dict[str, Video], query: str, titles: list[str]
) -> None:
    assert videos
    assert listed(admin, f"{query}&order=title") == titles


def test_the_trash_is_a_list_of_its_own(admin: Browser, videos: dict[str, Video]) -> None:
    assert admin.post(f"/studio/video/{videos['live'].id}/trash/").status == 200
    assert listed(admin, "state=trash&search=zorro") == ["Zorro"]
    assert listed(admin, "state=trash&visibility=draft") == []
    assert "Zorro" not in listed(admin)
    assert admin.get("/studio/videos/?state=trash,failed").status == 400


def test_pages_go_on_in_any_order(admin: Browser, videos: dict[str, Video]) -> None:
    query, titles = "order=-title&limit=2", []
    answer = admin.get(f"/studio/videos/?{query}").json
    titles += [each["title"] for each in answer["results"]]
    while answer["next"]:
        answer = admin.get(f"/studio/videos/?{query}&after={quote(answer['next'])}").json
        assert answer["count"] == len(videos)
        titles += [each["title"] for each in answer["results"]]
    assert titles == ["Zorro", "Gamma", "Delta", "Beta", "Alpha"]


def cursor(*values: Any) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=broken", "state"),
        ("state=failed,", "state"),
        ("visibility=live,hidden", "visibility"),
        ("without=everything", "without"),
        ("age_rating=19", "age_rating"),
        ("own_poster=maybe", "own_poster"),
        ("rating_max=-1", "rating_max"),
        ("language=german", "language"),
        ("trailer=maybe", "trailer"),
        ("created_after=yesterday", "created_after"),
        ("publish_before=2026-01-01T00:00:00", "publish_before"),
        (f"search={'x' * 201}", "search"),
        (f"tag={'x' * 101}", "tag"),
        ("order=sizes", "order"),
        ("size_min=-1", "size_min"),
        ("size_max=1e3", "size_max"),
        ("limit=101", "limit"),
        ("stat=failed", "stat"),
        ("after=x", "after"),
        (f"after={cursor('created', False, 'x', 1)}", "after"),
        (f"after={cursor('title', True, 'x', 1)}", "after"),
        (f"after={cursor('created', False, 2**70, 1)}", "after"),
        (f"after={cursor('created', False, 1, 2**70)}", "after"),
        (f"order=title&after={quote(cursor('title', True, chr(0xD800), 1))}", "after"),
    ],
)
def test_a_filter_order_or_position_that_there_is_not_is_refused_by_name(
    admin: Browser, query: str, field: str
) -> None:
    answer = admin.get(f"/studio/videos/?{query}")
    assert answer.status == 400
    assert list(answer.json) == [field]
    admin.language = "de"
    assert admin.get(f"/studio/videos/?{query}").json != answer.json


def test_only_administrators_have_a_studio(
    signed_in: Browser, videos: dict[str, Video], gateway: Any
) -> None:
    for path in ("/studio/videos/", f"/studio/video/{videos['live'].id}/"):
        assert signed_in.get(path).status == 403
        assert Browser(gateway).get(path).status == 401


def test_one_video_is_read_as_it_is_stored(
    admin: Browser, videos: dict[str, Video], clock: HandClock
) -> None:
    assert videos
    card = Card("Metropolis", translations={Language.GERMAN: Translation("Die Stadt", "")})
    fresh = a_video(clock.now(), card=card)
    catalogue.curation().videos.add(fresh)  # and the copy of this process has not read it yet
    answer = admin.get(f"/studio/video/{fresh.id}/")
    assert (answer.status, answer.json["state"]) == (200, "empty")
    assert answer.json["written"]["translations"]["de"]["title"] == "Die Stadt"
    assert admin.get("/studio/video/1/").status == 404
    assert admin.get("/studio/video/x/").status == 404


@pytest.mark.parametrize("path", ["/studio/videos/", "/studio/video/{video}/"])
def test_the_studio_costs_what_the_page_of_calls_says(
    admin: Browser, videos: dict[str, Video], path: str
) -> None:
    listed(admin)
    with measured() as spent:
        assert admin.get(path.format(video=videos["live"].id)).status == 200
    served = "official", f"GET /api{path.format(video='{video_id}').removesuffix('/')}"
    assert row(served, spent) == row(served, documented()[served])


def test_long_texts_end_a_page_early(admin: Browser, clock: HandClock) -> None:
    long = Card("Metropolis", description="\u00e4" * 5000)
    german = {Language.GERMAN: Translation("Metropolis", long.description)}
    for _ in range(100):
        clock.advance(seconds=1)
        video = a_video(clock.now(), card=replace(long, translations=german))
        catalogue.curation().videos.add(video)
    clock.advance(seconds=LOOK_EVERY.total_seconds())
    numbers, after = [], ""
    while after is not None:
        answer = admin.get(f"/studio/videos/?limit=100{after and f'&after={quote(after)}'}").json
        numbers += [each["id"] for each in answer["results"]]
        after = answer["next"]
    assert len(numbers) == len(set(numbers)) == 100
