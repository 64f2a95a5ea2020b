"""The search over HTTP: results, where they go on, refusals, and who finds what."""

from dataclasses import replace
from urllib.parse import quote

import pytest

from chalicelib.api.core import search
from chalicelib.catalogue.cache import LOOK_EVERY
from chalicelib.catalogue.model import Card, Video
from chalicelib.catalogue.search import LONGEST_QUERY, MOST_HITS, MOST_WORDS
from chalicelib.wiring import catalogue
from tests.api.spending import documented, measured, row
from tests.browser import Answer, Browser
from tests.builders.videos import a_published_video
from tests.fakes.clock import HandClock

POSITIONS = ["x", "-", "5", "-5", "5-", "5-x", "5-5-5", "1.5-3", f"{MOST_HITS + 1}-5", "٣-5"]


def put(clock: HandClock, *cards: Card) -> list[Video]:
    """Add videos as another process does, the last one the newest."""
    videos = []
    for card in cards:
        clock.advance(seconds=1)
        videos.append(a_published_video(clock.now(), card=card))
        catalogue.curation().videos.add(videos[-1])
    clock.advance(seconds=LOOK_EVERY.total_seconds())
    return videos


def ask(browser: Browser, text: str, more: str = "") -> Answer:
    return browser.get(f"/search/?q={quote(text)}{more}")


def titles(browser: Browser, text: str, more: str = "") -> list[str]:
    return [each["title"] for each in ask(browser, text, more).json["results"]]


def test_results_are_videos_as_in_lists(signed_in: Browser, clock: HandClock) -> None:
    put(clock, Card("Metropolis", category="Drama"), Card("Nosferatu"))
    answer = ask(signed_in, "metroplis")
    [listed] = [each for each in signed_in.get("/video/").json if each["title"] == "Metropolis"]
    assert answer.json == {"next": None, "results": [listed]}
    assert signed_in.get("/search/").json == {"next": None, "results": []}


def test_a_change_is_a_hit_as_soon_as_another_process_looks(
    signed_in: Browser, clock: HandClock
) -> None:
    assert LOOK_EVERY.total_seconds() < 5
    [video] = put(clock, Card("Metropolis"))
    assert titles(signed_in, "metropolis") == ["Metropolis"]
    catalogue.curation().videos.write(video.id, Card("Münchhausen"), is_published=True)
    clock.advance(seconds=LOOK_EVERY.total_seconds())
    assert titles(signed_in, "metropolis") == []
    assert titles(signed_in, "munchhausen") == ["Münchhausen"]


def test_an_unchanged_result_is_not_sent_again(signed_in: Browser, clock: HandClock) -> None:
    put(clock, Card("Metropolis"))
    etag = ask(signed_in, "metropolis").headers["etag"]
    again = signed_in.get("/search/?q=metropolis", if_none_match=etag)
    assert (again.status, again.body) == (304, b"")


def test_all_results_are_listed_a_page_at_a_time(signed_in: Browser, clock: HandClock) -> None:
    put(clock, *(Card(f"Metropolis {number}") for number in range(5)))
    first = ask(signed_in, "metropolis", "&limit=2").json
    second = ask(signed_in, "metropolis", f"&limit=2&after={first['next']}").json
    third = ask(signed_in, "metropolis", f"&limit=2&after={second['next']}").json
    listed = [each["title"][-1] for page in (first, second, third) for each in page["results"]]
    assert listed == ["4", "3", "2", "1", "0"]
    assert third["next"] is None


def test_a_page_goes_on_after_the_last_video_whatever_came_before_it(
    signed_in: Browser, clock: HandClock
) -> None:
    videos = put(clock, *(Card(f"Metropolis {number}") for number in range(4)))
    position = ask(signed_in, "metropolis", "&limit=2").json["next"]
    put(clock, Card("Metropolis 4"), Card("Metropolis 5"))
    assert titles(signed_in, "metropolis", f"&after={position}") == ["Metropolis 1", "Metropolis 0"]
    catalogue.curation().videos.remove(videos[2].id)
    clock.advance(seconds=LOOK_EVERY.total_seconds())
    assert titles(signed_in, "metropolis", f"&after={position}")[-1] == "Metropolis 0"


@pytest.mark.parametrize("position", POSITIONS)
def test_a_position_that_no_answer_has_is_refused(signed_in: Browser, position: str) -> None:
    answer = ask(signed_in, "metropolis", f"&after={quote(position)}")
    assert answer.status == 400
    assert answer.json == {"after": ["Take this from `next` of a search."]}


def test_what_is_too_long_is_refused(signed_in: Browser) -> None:
    most_words = " ".join(map(str, range(MOST_WORDS)))
    assert ask(signed_in, "x" * LONGEST_QUERY).status == ask(signed_in, most_words).status == 200
    long, many = ask(signed_in, "x" * (LONGEST_QUERY + 1)), ask(signed_in, f"{most_words} x")
    assert long.status == many.status == 400
    assert long.json == {"q": ["Send at most 200 characters."]}
    assert many.json == {"q": ["Send at most 10 words."]}
    signed_in.language = "de"
    assert ask(signed_in, f"{most_words} x").json == {"q": ["Bitte höchstens 10 Wörter senden."]}


@pytest.mark.parametrize("limit", ["0", "101", "x"])
def test_a_limit_that_no_page_has_is_refused(signed_in: Browser, limit: str) -> None:
    assert "limit" in ask(signed_in, "x", f"&limit={limit}").json


def test_the_search_is_for_accounts_and_drafts_for_administrators(
    signed_in: Browser, admin: Browser, clock: HandClock
) -> None:
    draft = replace(a_published_video(clock.now(), "Metropolis"), is_published=False)
    catalogue.curation().videos.add(draft)
    clock.advance(seconds=LOOK_EVERY.total_seconds())
    assert ask(Browser(signed_in.server), "metropolis").status == 401
    assert titles(signed_in, "metropolis") == titles(admin, "metropolis") == []
    assert titles(admin, "metropolis", "&include=drafts") == ["Metropolis"]
    assert ask(signed_in, "metropolis", "&include=drafts").status == 403


def test_a_profile_finds_what_is_within_its_age_limit(signed_in: Browser, clock: HandClock) -> None:
    put(clock, Card("Metropolis 6", age_rating=6), Card("Metropolis 16", age_rating=16))
    kids = signed_in.post("/profiles/", {"name": "Kids", "age_limit": 6}).json["id"]
    assert titles(signed_in, "metropolis", f"&profile={kids}") == ["Metropolis 6"]
    assert titles(signed_in, "metropolis") == ["Metropolis 16", "Metropolis 6"]


def test_a_search_makes_no_call(signed_in: Browser, clock: HandClock) -> None:
    put(clock, Card("Metropolis"))
    ask(signed_in, "nosferatu")  # polls the catalogue and the revocations
    with measured() as spent:
        assert titles(signed_in, "metropolis") == ["Metropolis"]
    [operation] = search.api.operations
    served = "official", f"GET /api{operation.path}"
    assert row(served, spent) == row(served, documented()[served])
    assert not spent.calls


def test_text_is_html_unless_plain_text_is_requested(signed_in: Browser, clock: HandClock) -> None:
    put(clock, Card("Tom & Jerry"))
    assert titles(signed_in, "tom jerry") == ["Tom &amp; Jerry"]
    assert titles(signed_in, "tom jerry", "&text=plain") == ["Tom & Jerry"]
