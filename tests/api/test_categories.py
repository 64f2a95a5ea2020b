"""Categories with numbers of videos: for whom, in what order, a page at a time."""

from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.api.core import category_arrangement
from chalicelib.catalogue.model import Card
from tests.api.spending import documented, measured, row
from tests.api.test_search import put
from tests.browser import Answer, Browser
from tests.fakes.clock import HandClock

LISTS = ("/categories/", "/categories/?counts=true", "/home/")


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


def ids(browser: Browser) -> dict[str, int]:
    return {each["name"]: each["id"] for each in browser.get("/categories/").json}


def arrange(admin: Browser, *names: str) -> Answer:
    known = ids(admin)
    return admin.send("PUT", "/studio/categories/order/", {"ids": [known[each] for each in names]})


def test_lists_follow_the_order_of_administrators(signed_in: Browser, admin: Browser) -> None:
    tags = [signed_in.get(path).headers["etag"] for path in LISTS]
    answer = arrange(admin, "Crime", "Anime")
    assert (answer.status, [each["name"] for each in answer.json]) == (
        200,
        ["Crime", "Anime", "Western"],
    )
    for path, tag in zip(LISTS, tags, strict=True):
        assert signed_in.get(path, if_none_match=tag).status == 200
    assert [*ids(signed_in)] == ["Crime", "Anime", "Western"]
    assert numbers(signed_in) == [("Crime", 0), ("Anime", 1), ("Western", 2)]
    assert numbers(signed_in, "&order=name") == [("Anime", 1), ("Crime", 0), ("Western", 2)]
    assert numbers(signed_in, "&order=count") == [("Western", 2), ("Anime", 1), ("Crime", 0)]
    assert {name for each in signed_in.get("/categories/").json for name in each} == {
        *("id", "name", "slug")
    }


def merge(admin: Browser, merged: str, into: str) -> Answer:
    known = ids(admin)
    path = f"/studio/category/{known[merged]}/merge/"
    return admin.post(path, {"into": known[into]})


def test_a_merged_category_leads_to_the_other_one(signed_in: Browser, admin: Browser) -> None:
    tags = [signed_in.get(path).headers["etag"] for path in LISTS]
    known = ids(admin)
    answer = merge(admin, "Western", "Crime")
    assert (answer.status, answer.json) == (
        200,
        {"id": known["Crime"], "name": "Crime", "slug": "crime"},
    )
    for path, tag in zip(LISTS, tags, strict=True):
        assert signed_in.get(path, if_none_match=tag).status == 200
    assert numbers(signed_in) == [("Anime", 1), ("Crime", 2)]
    for category in ("Western", "western", "Crime"):
        listed = signed_in.get(f"/video/?category={category}").json
        assert {each["category"] for each in listed} == {"Crime"}
        assert len(listed) == 2
    again = admin.post(f"/studio/category/{known['Western']}/merge/", {"into": known["Crime"]})
    assert (again.status, again.json) == (answer.status, answer.json)
    taken = admin.post("/categories/", {"name": "Western"})
    assert (taken.status, "Crime" in taken.json["detail"]) == (409, True)


def test_what_cannot_be_merged_or_arranged_is_refused_by_its_field(admin: Browser) -> None:
    crime = ids(admin)["Crime"]
    path, order = f"/studio/category/{crime}/merge/", "/studio/categories/order/"
    for method, where, sent, status, field in (
        ("POST", path, {"into": crime}, 400, "into"),
        ("POST", path, {}, 400, "into"),
        ("POST", path, {"into": 404}, 404, "detail"),
        ("POST", "/studio/category/404/merge/", {"into": crime}, 404, "detail"),
        ("PUT", order, {"ids": [crime, crime]}, 400, "ids"),
        ("PUT", order, {"ids": ["x"]}, 400, "ids"),
        ("PUT", order, {"ids": [crime] * 101}, 400, "ids"),
        ("PUT", order, {"ids": [404]}, 404, "detail"),
        ("PUT", order, {}, 400, "ids"),
    ):
        answer = admin.send(method, where, sent)
        assert (answer.status, list(answer.json)) == (status, [field]), (where, sent)


def test_only_administrators_merge_and_arrange(signed_in: Browser, admin: Browser) -> None:
    crime = ids(admin)["Crime"]
    for method, path in (
        ("POST", f"/studio/category/{crime}/merge/"),
        ("PUT", "/studio/categories/order/"),
    ):
        assert signed_in.send(method, path, {"into": crime, "ids": [crime]}).status == 403


@pytest.mark.parametrize("operation", category_arrangement.api.operations, ids=lambda it: it.path)
def test_merging_and_arranging_cost_what_the_page_says(admin: Browser, operation: Any) -> None:
    known = ids(admin)
    path = operation.path.format(category_id=known["Western"])
    sent = {"into": known["Crime"]} if "merge" in path else {"ids": [known["Western"]]}
    admin.get("/user/")
    with measured() as spent:
        assert admin.send(operation.method, f"{path}/", sent).status == 200
    served = "official", f"{operation.method} /api{operation.path}"
    assert row(served, spent) == row(served, documented()[served])


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


def test_names_are_those_of_the_callers_language_in_all_that_names_a_category(
    signed_in: Browser, admin: Browser
) -> None:
    known = ids(admin)
    tags = {path: signed_in.get(path).headers["etag"] for path in (*LISTS, "/video/")}
    for name, german in (("Western", "Cowboys & <b>"), ("Crime", "Krimi")):
        answer = admin.patch(
            f"/categories/{known[name]}/", {"translations": {"de": {"name": german}}}
        )
        written = {"name": name, "translations": {"de": {"name": german}}}
        assert (answer.status, answer.json["name"], answer.json["written"]) == (200, name, written)
    assert {*ids(signed_in)} == {"Anime", "Crime", "Western"}
    signed_in.language = admin.language = "de"
    for path, tag in tags.items():
        assert signed_in.get(path, if_none_match=tag).status == 200
    cowboys = "Cowboys &amp; &lt;b&gt;"
    assert [*ids(signed_in)] == ["Anime", cowboys, "Krimi"]
    by_name = [("Anime", 1), (cowboys, 2), ("Krimi", 0)]
    assert numbers(signed_in) == numbers(signed_in, "&order=name") == by_name
    assert [*ids(signed_in)] == [each["name"] for each in admin.get("/studio/categories/").json]
    rows = signed_in.get("/home/").json["rows"]
    assert {each["title"] for each in rows if each["category"] == "western"} == {cowboys}
    for name in ("Western", "western", "Cowboys & <b>", "cowboys-b"):
        videos = signed_in.get(f"/video/?category={quote(name)}").json
        assert [(each["title"], each["category"]) for each in videos] == [
            ("b", cowboys),
            ("a", cowboys),
        ]
    assert signed_in.get(f"/video/{videos[0]['id']}/").json["category"] == cowboys
    searched = signed_in.get("/search/?q=cowboys").json["results"]
    assert {each["title"] for each in searched} == {"a", "b"}
    merged = merge(admin, "Krimi", cowboys)
    assert (merged.status, merged.json["name"]) == (200, cowboys)


def test_names_by_language_are_cleared_and_have_a_version(admin: Browser) -> None:
    path = f"/categories/{ids(admin)['Crime']}/"
    first = admin.patch(path, {"translations": {"de": {"name": "Krimi"}, "en": {"name": "Crime"}}})
    tag = f'"{first.json["version"]}"'
    cleared = admin.send("PATCH", path, {"translations": {}}, headers={"if_match": tag})
    assert (cleared.status, cleared.json["written"]) == (200, {"name": "Crime", "translations": {}})
    stale = admin.send("PATCH", path, {"name": "Krimis"}, headers={"if_match": tag})
    assert (stale.status, [*stale.json["differences"]]) == (412, ["translations"])


@pytest.mark.parametrize(
    "sent", [{"de": "Krimi"}, {"fr": {"name": "Policier"}}, {"de": {"name": "..."}}, {"de": {}}]
)
def test_a_name_that_no_language_can_have_is_refused_by_its_field(
    admin: Browser, sent: Any
) -> None:
    answer = admin.patch(f"/categories/{ids(admin)['Crime']}/", {"translations": sent})
    assert (answer.status, [*answer.json]) == (400, ["translations"])
