"""Lists of any length are split into answers within the limit of Lambda, without gaps."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.catalogue.model import LONGEST_SLUG, Card, Video, VideoId
from chalicelib.catalogue.ports import Changes
from chalicelib.wiring import catalogue
from infra.local import gateway
from tests.browser import Answer, Browser
from tests.builders.catalogue import every_entry
from tests.builders.videos import a_published_video
from tests.fakes.clock import HandClock

LARGEST = 4_500_000
PLAIN = Card("A title", "Some words about it, as long as they usually are. " * 3, "Drama")
# Each character takes several bytes in JSON, and more in the JSON of Lambda.
ESCAPED = Card('"Grüße" & \\ \N{CLAPPER BOARD}', '"\N{CLAPPER BOARD}ü<\n' * 800, "Ärger")


@pytest.fixture
def lambda_bytes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the size that Lambda counts: the JSON of the whole return value."""
    counted: list[int] = []
    respond = gateway._response

    def counting(answer: dict[str, Any]) -> gateway.HttpResponse:
        counted.append(len(json.dumps(answer)))
        return respond(answer)

    monkeypatch.setattr(gateway, "_response", counting)
    return counted


def put(clock: HandClock, count: int, card: Card = PLAIN, **changes: Any) -> list[Video]:
    """Put videos into the catalogue cache, the last one the newest."""
    videos = []
    for number in range(count):
        clock.advance(milliseconds=1)
        changed = {"card": replace(card, title=f"{card.title} {number}"), **changes}
        videos.append(replace(a_published_video(clock.now()), **changed))
    catalogue.catalogue_cache().record(Changes({video.id: video for video in videos}, {}))
    return videos


def next_path(answer: Answer) -> str:
    match = re.fullmatch(r'</api(/video/\?[!-;=?-~]+)>; rel="next"', answer.headers["link"])
    assert match, answer.headers["link"]
    return match[1]


def walk(browser: Browser, path: str = "/video/") -> Iterator[Answer]:
    while path:
        answer = browser.get(path)
        assert answer.status == 200
        yield answer
        path = next_path(answer) if "link" in answer.headers else ""


def ids(answers: Iterator[Answer] | list[Answer]) -> list[int]:
    return [each["id"] for answer in answers for each in answer.json]


@pytest.mark.parametrize("card", [PLAIN, ESCAPED], ids=["plain", "escaped"])
def test_twenty_thousand_videos_are_listed_once_each_the_newest_first(
    signed_in: Browser, clock: HandClock, lambda_bytes: list[int], card: Card
) -> None:
    signed_in.get("/video/")
    videos = put(clock, 20_000 if card is PLAIN else 2_000, card)
    lambda_bytes.clear()
    answers = list(walk(signed_in))
    assert ids(answers) == [video.id for video in reversed(videos)]
    assert len(answers) > 2
    assert max(lambda_bytes) <= LARGEST
    # One more video would not have fit, within the reserve for headers and cookies.
    longest = max(len(json.dumps(json.dumps(each))) for each in answers[0].json)
    assert min(lambda_bytes[:-1]) > LARGEST - longest - 20_000


def test_a_list_that_fits_has_no_next_link(signed_in: Browser, clock: HandClock) -> None:
    signed_in.get("/video/")
    put(clock, 4_000)
    answer = signed_in.get("/video/")
    assert (len(answer.json), "link" in answer.headers) == (4_000, False)


def test_concurrent_additions_and_deletions_cause_no_gap_and_no_repetition(
    signed_in: Browser, clock: HandClock
) -> None:
    signed_in.get("/video/")
    videos = put(clock, 12_000)
    seen: list[int] = []
    removed: set[VideoId] = set()
    for answer in walk(signed_in):
        seen += ids([answer])
        put(clock, 50)
        # The next part begins behind the last video of this part.
        gone = VideoId(seen[-1])
        removed.add(gone)
        catalogue.catalogue_cache().record(Changes({gone: None}, {}))
    assert len(seen) == len(set(seen))
    assert seen == [video.id for video in reversed(videos)]
    assert len(removed) > 1


def test_every_part_of_a_list_has_the_same_filters(signed_in: Browser, clock: HandClock) -> None:
    signed_in.get("/video/")
    put(clock, 8_000)
    put(clock, 8_000, replace(PLAIN, category="Science Fiction"))
    path = "/video/?category=Science+Fiction&text=plain&search=words"
    answers = list(walk(signed_in, path))
    assert len(answers) > 1
    assert len(set(ids(answers))) == 8_000
    assert {each["category"] for answer in answers for each in answer.json} == {"Science Fiction"}


def test_pages_can_read_the_link_header_and_parts_have_an_etag(
    signed_in: Browser, clock: HandClock
) -> None:
    signed_in.get("/video/")
    put(clock, 8_000)
    for answer in walk(signed_in):
        exposed = answer.headers["access-control-expose-headers"]
        assert "link" in [name.strip().lower() for name in exposed.split(",")]
    first = signed_in.get("/video/")
    again = signed_in.get("/video/", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["link"] == first.headers["link"]


def test_an_etag_changes_when_a_next_link_is_added(signed_in: Browser, clock: HandClock) -> None:
    signed_in.get("/video/")
    put(clock, 7_000)
    first = signed_in.get("/video/")
    assert "link" in first.headers
    last = first.json[-1]["id"]
    older = [
        each.video.id for each in every_entry(catalogue.catalogue_cache()) if each.video.id < last
    ]
    catalogue.catalogue_cache().record(Changes(dict.fromkeys(older), {}))
    whole = signed_in.get("/video/")
    assert whole.json == first.json
    assert "link" not in whole.headers
    assert whole.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    "after", ["x", "1", "1-", "-1", "1-x", f"1-{2**80}", f"{2**80}-1", "1-1-1", "%00", "1.5-1"]
)
def test_an_invalid_position_is_refused_by_name(signed_in: Browser, after: str) -> None:
    answer = signed_in.get(f"/video/?after={after}")
    assert (answer.status, list(answer.json)) == (400, ["after"])


def test_a_position_and_a_page_exclude_each_other(signed_in: Browser) -> None:
    answer = signed_in.get("/video/?after=1-1&page=2")
    assert (answer.status, list(answer.json)) == (400, ["after"])


def test_a_category_longer_than_any_slug_is_refused_by_name(signed_in: Browser) -> None:
    answer = signed_in.get(f"/video/?category={'x' * (LONGEST_SLUG + 1)}")
    assert (answer.status, list(answer.json)) == (400, ["category"])
    assert signed_in.get(f"/video/?category={'x' * LONGEST_SLUG}").status == 200


def test_a_position_before_all_videos_and_one_behind_them(
    signed_in: Browser, clock: HandClock
) -> None:
    signed_in.get("/video/")
    put(clock, 2)
    assert signed_in.get("/video/?after=0-0").json == []
    assert len(signed_in.get(f"/video/?after={2**53 - 1}-1").json) == 2


def test_a_list_goes_on_behind_videos_of_any_time(signed_in: Browser, clock: HandClock) -> None:
    signed_in.get("/video/")
    times = [datetime(year, 1, 1, 0, 0, 0, 1, UTC) for year in (9999, 1960, 1, 1970)]
    added = [put(clock, 1, created_at=each)[0] for each in times]
    listed = [each for page in walk(signed_in, "/video/?limit=1") for each in page.json]
    newest_first = sorted(added, key=lambda each: each.created_at, reverse=True)
    assert [each["id"] for each in listed] == [each.id for each in newest_first]


def test_a_page_that_would_be_too_large_is_refused_by_name(
    signed_in: Browser, clock: HandClock, lambda_bytes: list[int]
) -> None:
    signed_in.get("/video/")
    put(clock, 100, replace(ESCAPED, description='"\N{CLAPPER BOARD}' * 2_500))
    answer = signed_in.get("/video/?page_size=100")
    assert (answer.status, list(answer.json)) == (400, ["page_size"])
    assert signed_in.get("/video/?page_size=20").status == 200
    assert max(lambda_bytes) <= LARGEST
