"""`If-Match` over HTTP: changes of a version that the caller knows, and of no other one."""

from typing import Any

import pytest

from chalicelib.adapters.dynamodb import video_store
from chalicelib.adapters.dynamodb.unchanged_videos import is_as
from chalicelib.wiring import catalogue
from tests.api.spending import documented, measured, row
from tests.browser import Answer, Browser
from tests.builders.videos import a_published_video
from tests.fakes.clock import HandClock

VIDEO = {"title": "Metropolis", "description": "A <city>", "category": "Drama"}


@pytest.fixture
def path(admin: Browser) -> str:
    return f"/video/{admin.post('/video/', VIDEO).json['id']}/"


def change(
    browser: Browser, path: str, tag: str, sent: Any = None, method: str = "PATCH"
) -> Answer:
    return browser.send(method, path, sent, headers={"if_match": tag})


def tag_of(admin: Browser, path: str) -> str:
    return admin.get(f"/studio{path}").headers["etag"]


def test_the_known_version_is_changed_and_another_one_not(admin: Browser, path: str) -> None:
    tag = tag_of(admin, path)
    assert not tag.startswith("W/")
    changed = change(admin, path, tag, {"title": "Alien"})
    assert (changed.status, changed.json["title"]) == (200, "Alien")
    refused = change(admin, path, tag, {"title": "Aliens", "genre": "Horror"})
    assert (refused.status, refused.json) == (
        412,
        {
            "detail": "This was changed meanwhile. Please compare, and try again.",
            "version": changed.json["version"],
            "differences": {"title": {"stored": "Alien", "sent": "Aliens"}},
        },
    )
    # The version of an answer is enough for the next change.
    again = change(admin, path, f'"{refused.json["version"]}"', {"title": "Aliens"})
    assert (again.status, again.json["title"]) == (200, "Aliens")


@pytest.mark.parametrize(("method", "sent"), [("PUT", {"title": "Alien"}), ("DELETE", None)])
def test_it_holds_for_every_way_to_change_a_video(
    admin: Browser, path: str, method: str, sent: Any
) -> None:
    tag = tag_of(admin, path)
    admin.patch(path, {"description": "<b>"})
    refused = change(admin, path, tag, sent, method)
    assert refused.status == 412
    # As it was written, not as HTML.
    assert refused.json["differences"]["description"]["stored"] == "<b>"
    assert admin.get(path).json["title"] == "Metropolis"
    assert change(admin, path, tag_of(admin, path), sent, method).status == 200


def test_rows_of_the_table_and_answers_of_changes_have_the_version(
    admin: Browser, path: str
) -> None:
    [listed] = admin.get("/studio/videos/").json["results"]
    assert tag_of(admin, path).startswith(f'"{listed["version"]}:')
    assert admin.patch(path, {}).json["version"] == listed["version"]


def test_weak_and_unknown_tags_are_no_version_and_malformed_ones_are_refused(
    admin: Browser, path: str
) -> None:
    tag = tag_of(admin, path)
    for other in (f"W/{tag}", '"x"'):
        assert change(admin, path, other, {"title": "Alien"}).status == 412
    answer = change(admin, path, tag.strip('"'), {"title": "Alien"})
    assert (answer.status, list(answer.json)) == (400, ["If-Match"])
    assert change(admin, path, f'"x", {tag}', {"title": "Alien"}).status == 200
    assert change(admin, path, "*", {"title": "Aliens"}).status == 200


def test_what_is_not_there_or_not_allowed_is_said_before(
    admin: Browser, signed_in: Browser, path: str
) -> None:
    for tag in ("*", '"x"'):
        assert change(admin, "/video/1/", tag, {"title": "x"}).status == 404
        assert change(admin, "/categories/1/", tag, {"name": "x"}).status == 404
        assert change(signed_in, path, tag, {"title": "x"}).status == 403
    assert change(admin, path, '"x"', {"title": 7}).status == 400


def test_it_is_answered_in_the_language_of_the_caller(admin: Browser, path: str) -> None:
    admin.language = "de"
    assert "inzwischen" in change(admin, path, '"x"', {"title": "x"}).json["detail"]


def test_categories_have_versions_as_well(admin: Browser, path: str) -> None:
    assert path
    [drama] = admin.get("/studio/categories/").json
    assert (drama["name"], drama["videos"]) == ("Drama", 1)
    one = admin.get(f"/studio/category/{drama['id']}/")
    assert one.json == drama
    tag, category = one.headers["etag"], f"/categories/{drama['id']}/"
    assert tag.startswith(f'"{drama["version"]}:')
    renamed = change(admin, category, tag, {"name": "Plays"})
    assert (renamed.status, renamed.json["name"]) == (200, "Plays")
    refused = change(admin, category, tag, {"name": "Tragedy"})
    assert refused.status == 412
    assert refused.json["differences"] == {"name": {"stored": "Plays", "sent": "Tragedy"}}
    assert change(admin, category, tag, method="DELETE").status == 412
    known = f'"{renamed.json["version"]}"'
    assert change(admin, category, known, method="DELETE").status == 200
    assert admin.get(f"/studio/category/{drama['id']}/").status == 404


def test_dialects_do_not_read_it(admin: Browser, clock: HandClock) -> None:
    video = a_published_video(clock.now())
    catalogue.curation().videos.add(video)
    token = admin.post(
        "/auth/jwt/create/", {"email": "root@example.com", "password": "correct horse battery"}
    ).json["access"]
    headers = {"authorization": f"Bearer {token}", "if_match": '"x"'}
    answer = admin.send("PATCH", f"/videos/{video.id}/", {"title": "Alien"}, headers=headers)
    assert answer.status == 200, answer.body


@pytest.mark.parametrize("knows_the_same", [True, False])
def test_of_two_writers_at_once_one_wins_also_if_both_know_the_same_version(
    admin: Browser, path: str, monkeypatch: pytest.MonkeyPatch, *, knows_the_same: bool
) -> None:
    tag, rivals = tag_of(admin, path), iter(["Alien"])

    def is_as_and_rival(*args: Any) -> Any:
        """Let a rival write after the look of the first one, and before its write."""
        condition = is_as(*args)
        for rival in rivals:
            changed = change(admin, path, tag if knows_the_same else "", {"title": rival})
            assert changed.status == 200
        return condition

    monkeypatch.setattr(video_store, "is_as", is_as_and_rival)
    refused = change(admin, path, tag, {"title": "Aliens"})
    assert refused.status == 412
    assert refused.json["differences"] == {"title": {"stored": "Alien", "sent": "Aliens"}}
    assert admin.get(path).json["title"] == "Alien"


@pytest.mark.parametrize(
    ("method", "route"),
    [
        ("GET", "/studio/categories"),
        ("GET", "/studio/category/{category_id}"),
        ("PATCH", "/video/{video_id}"),
        ("PUT", "/video/{video_id}"),
        ("DELETE", "/video/{video_id}"),
    ],
)
def test_it_costs_what_the_page_of_calls_says(
    admin: Browser, path: str, method: str, route: str
) -> None:
    [drama] = admin.get("/studio/categories/").json
    ids = {"{category_id}": str(drama["id"]), "{video_id}": path.split("/")[2]}
    tag, sent = tag_of(admin, path), {"title": "Metropolis"}
    whole = f"{route}/"
    for name, number in ids.items():
        whole = whole.replace(name, number)
    with measured() as spent:
        answer = change(admin, whole, tag, sent if method in ("PATCH", "PUT") else None, method)
    assert answer.status == 200
    served = "official", f"{method} /api{route}"
    assert row(served, spent) == row(served, documented()[served])
