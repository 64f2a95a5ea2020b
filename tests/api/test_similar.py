"""Videos like another one over HTTP: results, where they go on, refusals, and who gets what."""

from urllib.parse import quote

import pytest

from chalicelib.api.core import similar
from chalicelib.catalogue.model import Card, Video
from chalicelib.catalogue.snapshot import MOST_NEWEST, MOST_SIMILAR
from tests.api.spending import documented, measured, row
from tests.api.test_search import put
from tests.browser import Browser
from tests.fakes.clock import HandClock


def by_lang(title: str, age_rating: int | None = None) -> Card:
    return Card(title, director="Fritz Lang", age_rating=age_rating)


def titles(browser: Browser, video: Video, more: str = "") -> list[str]:
    answer = browser.get(f"/video/{video.id}/similar/{more}")
    return [each["title"] for each in answer.json["results"]]


@pytest.fixture
def spies(signed_in: Browser, clock: HandClock) -> Video:  # noqa: ARG001 - begins the catalogue
    return put(clock, by_lang("Spies"), by_lang("Fury"), by_lang("Destiny"), Card("Nosferatu"))[0]


def test_results_are_videos_as_in_lists_without_itself(signed_in: Browser, spies: Video) -> None:
    answer = signed_in.get(f"/video/{spies.id}/similar/")
    listed = {each["title"]: each for each in signed_in.get("/video/").json}
    assert answer.json == {
        "next": None,
        "reasons": ["person", "person"],
        "results": [listed["Destiny"], listed["Fury"]],
    }
    etag = answer.headers["etag"]
    again = signed_in.get(f"/video/{spies.id}/similar/", if_none_match=etag)
    assert (again.status, again.body) == (304, b"")


def test_all_are_listed_a_page_at_a_time(signed_in: Browser, spies: Video) -> None:
    first = signed_in.get(f"/video/{spies.id}/similar/?limit=1").json
    rest = signed_in.get(f"/video/{spies.id}/similar/?limit=1&after={first['next']}").json
    assert [each["title"] for each in (*first["results"], *rest["results"])] == ["Destiny", "Fury"]
    assert rest["next"] is None


def test_the_newest_are_listed_if_nothing_is_like_a_video(
    signed_in: Browser, clock: HandClock
) -> None:
    lonely, *_ = put(clock, Card("Nosferatu"), *(Card(f"{n}") for n in range(MOST_NEWEST)))
    put(clock, Card("Teaser", is_trailer=True))
    page = signed_in.get(f"/video/{lonely.id}/similar/?limit=15").json
    rest = signed_in.get(f"/video/{lonely.id}/similar/?limit=15&after={page['next']}").json
    newest = [f"{n}" for n in reversed(range(MOST_NEWEST))]
    assert [each["title"] for each in (*page["results"], *rest["results"])] == newest
    assert (page["reasons"], rest["reasons"]) == (["newest"] * 15, ["newest"] * 5)
    # A row that says why is left out.
    watched = {"video": lonely.id, "position": 100, "duration": 100}
    assert signed_in.post("/progress/", watched).status == 201
    reasons = [each["reason"] for each in signed_in.get("/home/").json["rows"]]
    assert "because_you_watched" not in reasons


def test_nothing_is_listed_for_the_only_video(signed_in: Browser, clock: HandClock) -> None:
    [only] = put(clock, Card("Nosferatu"))
    answer = signed_in.get(f"/video/{only.id}/similar/").json
    assert answer == {"next": None, "reasons": [], "results": []}


@pytest.mark.parametrize("position", ["x", "-", "5", "5-", f"{MOST_SIMILAR + 1}-5"])
def test_a_position_that_no_answer_has_is_refused(
    signed_in: Browser, spies: Video, position: str
) -> None:
    answer = signed_in.get(f"/video/{spies.id}/similar/?after={quote(position)}")
    assert (answer.status, answer.json) == (400, {"after": ["Take this from `next` of a list."]})


@pytest.mark.parametrize("video_id", ["1", "x", "0"])
def test_nothing_is_like_a_video_that_is_not_there(signed_in: Browser, video_id: str) -> None:
    assert signed_in.get(f"/video/{video_id}/similar/").status == 404


def test_a_profile_gets_what_is_within_its_age_limit(signed_in: Browser, clock: HandClock) -> None:
    child, adult, _ = put(clock, by_lang("M", 6), by_lang("Fury", 16), by_lang("Spies", 0))
    kids = signed_in.post("/profiles/", {"name": "Kids", "age_limit": 6}).json["id"]
    assert titles(signed_in, child) == ["Spies", "Fury"]
    assert titles(signed_in, child, f"?profile={kids}") == ["Spies"]
    assert signed_in.get(f"/video/{adult.id}/similar/?profile={kids}").status == 404


def test_it_makes_no_call(signed_in: Browser, spies: Video) -> None:
    signed_in.get("/video/")  # polls the catalogue and the revocations
    with measured() as spent:
        assert titles(signed_in, spies) == ["Destiny", "Fury"]
    [operation] = similar.api.operations
    served = "official", f"GET /api{operation.path}"
    assert row(served, spent) == row(served, documented()[served])
    assert not spent.calls


def test_it_is_for_accounts(signed_in: Browser, spies: Video) -> None:
    assert Browser(signed_in.server).get(f"/video/{spies.id}/similar/").status == 401
