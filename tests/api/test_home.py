"""The rows of the first page over HTTP: titles, URLs that continue them, and what they cost."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.api.core import home
from chalicelib.catalogue.model import Card, Translation, Video
from chalicelib.language import Language
from chalicelib.viewing.home import MOST_IN_ROW
from tests.api.spending import documented, measured, row
from tests.api.test_search import put
from tests.browser import Browser
from tests.fakes.clock import HandClock

SECONDS = 98.5


@pytest.fixture
def videos(admin: Browser, signed_in: Browser, clock: HandClock) -> list[Video]:
    """More than a row of a category, all by one person; the oldest one is watched to its end."""
    admin.post("/categories/", {"name": "Drama & Crime"})
    cards = [
        Card(
            f"Part {number}",
            category="Drama & Crime",
            director="Fritz Lang",
            translations={Language.GERMAN: Translation(f"Teil <{number}>", "")},
        )
        for number in range(4 * MOST_IN_ROW)
    ]
    videos = put(clock, *cards)
    watch(signed_in, videos[0], SECONDS)
    return videos


def watch(browser: Browser, video: Video, position: float) -> None:
    sent = {"video": video.id, "position": position, "duration": SECONDS}
    assert browser.post("/progress/", sent).status == 201


def rows(browser: Browser, more: str = "") -> dict[str, Any]:
    return {each["reason"]: each for each in browser.get(f"/home/{more}").json["rows"]}


def ids(listed: Any) -> list[int]:
    return [each.get("id", each.get("video")) for each in listed]


def continued(browser: Browser, row: dict[str, Any]) -> list[int]:
    """Follow the URL of a row once."""
    where = urlsplit(row["more"])
    answer = browser.get(f"{where.path.removeprefix('/api')}?{where.query}").json
    return ids(answer if isinstance(answer, list) else answer["results"])


def test_an_empty_catalogue_has_no_rows(signed_in: Browser) -> None:
    assert signed_in.get("/home/").json == {"rows": []}


def test_rows_say_what_they_are_for_programs_and_in_the_language_of_the_caller(
    signed_in: Browser, videos: list[Video]
) -> None:
    watch(signed_in, videos[1], 40)
    signed_in.send("PUT", f"/watchlist/{videos[2].id}/")
    said = [
        (each["reason"], each["title"], each["category"], each["video"])
        for each in signed_in.get("/home/").json["rows"]
    ]
    assert said == [
        ("continue_watching", "Continue watching", None, None),
        ("watchlist", "My list", None, None),
        ("because_you_watched", "Because you watched Part 0", None, videos[0].id),
        ("new", "New", None, None),
        ("category", "Drama &amp; Crime", "drama-crime", None),
    ]
    signed_in.language = "de"
    assert [each["title"] for each in signed_in.get("/home/?text=plain").json["rows"]] == [
        "Weiterschauen",
        "Meine Liste",
        "Weil du „Teil <0>“ gesehen hast",
        "Neu",
        "Drama & Crime",
    ]
    names = [each["title"] for each in signed_in.get("/home/").json["rows"]]
    assert names[2] == "Weil du „Teil &lt;0&gt;“ gesehen hast"


def test_videos_are_as_in_lists(signed_in: Browser, videos: list[Video]) -> None:
    listed = signed_in.get("/video/").json
    assert rows(signed_in)["new"]["results"] == listed[:MOST_IN_ROW]
    assert len(videos) == len(listed)


def test_every_row_is_continued_by_its_url(signed_in: Browser, videos: list[Video]) -> None:
    for each in videos[: MOST_IN_ROW + 5]:
        watch(signed_in, each, 40)
        signed_in.send("PUT", f"/watchlist/{each.id}/")
    listed = rows(signed_in)
    assert len(listed) == 5
    for each in listed.values():
        rest = continued(signed_in, each)
        assert len(each["results"]) == MOST_IN_ROW
        assert rest
        assert not {*rest} & {*ids(each["results"])}
        assert len(rest) <= MOST_IN_ROW
    newest = [each.id for each in reversed(videos)]
    assert continued(signed_in, listed["new"]) == newest[MOST_IN_ROW : 2 * MOST_IN_ROW]


def test_the_urls_repeat_what_was_asked(signed_in: Browser, videos: list[Video]) -> None:
    assert videos
    kids = signed_in.post("/profiles/", {"name": "Kids"}).json["id"]
    for each in rows(signed_in, f"?profile={kids}&text=plain&include=playable").values():
        assert f"profile={kids}" in each["more"]
        assert "text=plain" in each["more"]
        assert "include=playable" in each["more"]


def test_a_profile_has_rows_of_its_own(signed_in: Browser, videos: list[Video]) -> None:
    kids = signed_in.post("/profiles/", {"name": "Kids"}).json["id"]
    signed_in.send("PUT", f"/watchlist/{videos[2].id}/?profile={kids}")
    assert "watchlist" not in rows(signed_in)
    listed = rows(signed_in, f"?profile={kids}")
    assert ids(listed["watchlist"]["results"]) == [videos[2].id]
    assert "because_you_watched" not in listed


def test_unchanged_rows_are_not_sent_again(signed_in: Browser, videos: list[Video]) -> None:
    etag = signed_in.get("/home/").headers["etag"]
    again = signed_in.get("/home/", if_none_match=etag)
    assert (again.status, again.body) == (304, b"")
    watch(signed_in, videos[5], 40)
    assert signed_in.get("/home/", if_none_match=etag).status == 200


def test_it_costs_two_queries(signed_in: Browser, videos: list[Video]) -> None:
    assert videos
    signed_in.get("/home/")  # polls the catalogue and the revocations
    with measured() as spent:
        signed_in.get("/home/")
    [operation] = home.api.operations
    served = "official", f"GET /api{operation.path}"
    assert row(served, spent) == row(served, documented()[served])
    assert spent.calls == {"Query": 2}


def test_it_is_for_accounts(signed_in: Browser) -> None:
    assert Browser(signed_in.server).get("/home/").status == 401
    assert signed_in.get("/home/?profile=x").status == 404
    assert signed_in.get("/home/?include=drafts").status == 403
