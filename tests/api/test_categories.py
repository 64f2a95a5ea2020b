"""Categories with numbers of videos: for whom, in what order, a page at a time."""

from urllib.parse import quote

import pytest

from chalicelib.catalogue.model import Card
from tests.api.spending import measured
from tests.api.test_search import put
from tests.browser import Browser
from tests.fakes.clock import HandClock


@pytest.fixture(autouse=True)
def _catalogue(admin: Browser, clock: HandClock) -> None:
    for name in ("Crime", "Anime", "Western"):
        assert admin.post("/categories/", {"name": name}).status == 201
    put(
        clock,
        Card("a", category="Western", age_rating=16),
        Card("b", category="western", age_rating=6),
        Card("c", category="Anime", age_rating=6),
        Card("d"),
    )


def numbers(browser: Browser, more: str = "") -> list[tuple[str, int]]:
    answer = browser.get(f"/categories/?counts=true{more}")
    return [(each["name"], each["videos"]) for each in answer.json["results"]]


def test_without_the_parameter_the_answer_is_as_before(signed_in: Browser) -> None:
    listed = signed_in.get("/categories/").json
    assert [each["name"] for each in listed] == ["Anime", "Crime", "Western"]
    assert {name for each in listed for name in each} == {"id", "name", "slug"}


def test_categories_are_counted_in_both_orders(signed_in: Browser) -> None:
    by_name = [("Anime", 1), ("Crime", 0), ("Western", 2)]
    assert numbers(signed_in) == numbers(signed_in, "&order=name") == by_name
    assert numbers(signed_in, "&order=count") == [("Western", 2), ("Anime", 1), ("Crime", 0)]
    listed = signed_in.get("/categories/").json
    counted = signed_in.get("/categories/?counts=true").json["results"]
    assert counted == [
        {**each, "videos": number} for each, (_, number) in zip(listed, by_name, strict=True)
    ]


def test_a_profile_counts_what_is_within_its_age_limit(signed_in: Browser) -> None:
    kids = signed_in.post("/profiles/", {"name": "Kids", "age_limit": 6}).json["id"]
    assert numbers(signed_in, f"&profile={kids}") == [("Anime", 1), ("Crime", 0), ("Western", 1)]


def test_all_are_listed_a_page_at_a_time(signed_in: Browser) -> None:
    first = signed_in.get("/categories/?counts=true&order=count&limit=2").json
    position = quote(first["next"])
    rest = signed_in.get(f"/categories/?counts=true&order=count&limit=2&after={position}").json
    names = [each["name"] for each in (*first["results"], *rest["results"])]
    assert (names, rest["next"]) == (["Western", "Anime", "Crime"], None)


@pytest.mark.parametrize(
    ("sent", "field"),
    [("counts=1", "counts"), ("counts=true&order=size", "order"), ("counts=true&after=x", "after"),
     ("counts=true&limit=0", "limit")],
)  # fmt: skip
def test_what_no_page_has_is_refused(signed_in: Browser, sent: str, field: str) -> None:
    answer = signed_in.get(f"/categories/?{sent}")
    assert answer.status == 400
    assert field in answer.json


def test_it_makes_no_call_and_is_not_sent_again(signed_in: Browser) -> None:
    etag = signed_in.get("/categories/?counts=true").headers["etag"]
    with measured() as spent:
        again = signed_in.get("/categories/?counts=true", if_none_match=etag)
    assert (again.status, again.body, spent.calls) == (304, b"", {})
