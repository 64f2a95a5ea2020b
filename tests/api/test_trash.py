"""The trash over HTTP: a video in it is nowhere, and comes back as it was."""

import re
from typing import Any

import pytest

import app
from chalicelib.api.core import trash
from chalicelib.catalogue.model import VideoId, VideoNotFound
from chalicelib.wiring import catalogue, stage
from tests.api.conftest import sign_in
from tests.api.encoder import Encoder, media_path
from tests.api.spending import documented, measured, row
from tests.api.test_dates import ANSWERS, LISTS, number_in, video
from tests.browser import Browser
from tests.events.test_permissions import HOURLY, start_anew
from tests.fakes.clock import HandClock

__all__ = ["video"]

OF_ADMINISTRATORS = (
    "/video/?include=drafts",
    "/videos/",
    "/search/?q=metropolis&include=drafts",
    *(f"/studio/videos/{query}" for query in ("", "?order=title", "?search=metropolis")),
)


def put(admin: Browser, number: int) -> dict[str, Any]:
    answer = admin.post(f"/studio/video/{number}/trash/")
    assert answer.status == 200, answer.body
    return dict(answer.json)


def restored(admin: Browser, number: int) -> dict[str, Any]:
    answer = admin.post(f"/studio/video/{number}/restore/")
    assert answer.status == 200, answer.body
    return dict(answer.json)


@pytest.mark.parametrize("path", LISTS)
def test_it_is_in_no_list_of_viewers_until_it_is_restored(
    signed_in: Browser, admin: Browser, video: int, path: str
) -> None:
    before = signed_in.get(path).body
    put(admin, video)
    assert str(video).encode() not in signed_in.get(path).body
    restored(admin, video)
    assert signed_in.get(path).body == before


@pytest.mark.parametrize("path", OF_ADMINISTRATORS)
def test_it_is_in_no_list_of_administrators_but_the_trash(
    admin: Browser, video: int, path: str
) -> None:
    number = number_in(admin, path)
    put(admin, video)
    assert number_in(admin, path) == number - 1
    assert [each["id"] for each in admin.get("/studio/trash/").json["results"]] == [video]
    restored(admin, video)
    assert number_in(admin, path) == number
    assert admin.get("/studio/trash/").json["results"] == []


def test_rows_similar_videos_people_and_numbers_know_nothing_of_it(
    signed_in: Browser, admin: Browser, encoder: Encoder, video: int
) -> None:
    other = encoder.video().id
    assert admin.post("/categories/", {"name": "Drama"}).status == 201
    for number in (video, other):
        assert admin.patch(f"/video/{number}/", {"director": "Fritz Lang"}).status == 200
    paths = ("/home/", f"/video/{other}/similar/", "/people/", "/categories/?counts=true")
    for browser in (signed_in, admin):
        suffix = "" if browser is signed_in else "include=drafts"
        asked = [f"{path}{'&' if '?' in path else '?'}{suffix}" for path in paths]
        before = [browser.get(path).json for path in asked]
        assert str(video) in str(before[:2])
        put(admin, video)
        after = [browser.get(path).json for path in asked]
        assert str(video) not in str(after)
        numbers = [
            [[each["videos"] for each in page["results"]] for page in pages[2:]]
            for pages in (before, after)
        ]
        assert numbers == [[[2], [3]], [[1], [2]]]
        restored(admin, video)
        assert [browser.get(path).json for path in asked] == before


@pytest.mark.parametrize("name", ANSWERS[:-1])
def test_it_is_not_there_and_does_not_play(
    signed_in: Browser, admin: Browser, video: int, name: str
) -> None:
    path = f"/video/{video}/{name}"
    assert (signed_in.get(path).status, admin.get(path).status) == (200, 200)
    put(admin, video)
    assert (signed_in.get(path).status, admin.get(path).status) == (404, 404)
    assert signed_in.get(path).json["detail"] == "There is no such video."
    restored(admin, video)
    assert (signed_in.get(path).status, admin.get(path).status) == (200, 200)


def test_a_grant_ends_as_it_is_put_there_and_goes_on_after_it(
    signed_in: Browser, admin: Browser, encoder: Encoder
) -> None:
    playing = encoder.video()
    playlist = media_path(signed_in, playing)
    assert signed_in.get(playlist).status == 200
    put(admin, playing.id)
    assert signed_in.get(playlist).status == 404
    restored(admin, playing.id)
    assert signed_in.get(playlist).status == 200


def test_viewers_find_their_position_and_their_list_again(
    signed_in: Browser, admin: Browser, video: int
) -> None:
    sent = {"video": video, "position": 60, "duration": 100}
    put(admin, video)
    assert signed_in.post("/progress/", sent).status == 404
    assert signed_in.send("PUT", f"/watchlist/{video}/").status == 404
    restored(admin, video)
    assert signed_in.get(f"/progress/?video={video}").json["position"] == 50
    assert number_in(signed_in, "/watchlist/") == 1


def test_what_is_restored_is_what_administrators_saw_before(admin: Browser, video: int) -> None:
    texts = {"title": "Metropolis 2", "cast": ["Brigitte Helm"], "age_rating": 6}
    assert admin.patch(f"/video/{video}/", texts).status == 200
    path = f"/studio/video/{video}/"
    before = admin.get(path).json
    assert (before["trashed_at"], before["purge_at"]) == (None, None)
    trashed = put(admin, video)
    assert trashed == admin.get(path).json
    assert {name for name in before if before[name] != trashed[name]} <= {
        *("thumbnail_url", "poster_url", "hero_url"),
        *("changed_at", "trashed_at", "purge_at"),
    }
    same = restored(admin, video)
    assert same == admin.get(path).json
    assert {name for name in before if before[name] != same[name]} <= {"changed_at"}


def test_an_answer_tells_when_it_will_be_deleted(
    admin: Browser, clock: HandClock, video: int
) -> None:
    first = put(admin, video)
    clock.advance(days=1)
    again = put(admin, video)
    assert (again["trashed_at"], again["purge_at"]) == (first["trashed_at"], first["purge_at"])
    assert stage.settings().trash_days == 30
    [listed] = admin.get("/studio/trash/").json["results"]
    assert listed["trashed_at"] == first["trashed_at"]


def test_administrators_learn_why_it_cannot_be_changed(admin: Browser, video: int) -> None:
    put(admin, video)
    for method, path, sent in (
        ("PATCH", f"/video/{video}/", {"title": "x"}),
        ("PUT", f"/video/{video}/", {"title": "x"}),
        ("POST", f"/video/{video}/retry/", None),
        ("POST", f"/video/{video}/accept/", {"revision": 1}),
        ("GET", f"/video/{video}/", None),
        ("GET", f"/video/{video}/?include=drafts", None),
    ):
        answer = admin.send(method, path, sent)
        assert (answer.status, answer.json["detail"]) == (
            404,
            "This video is in the trash: restore it first.",
        ), (method, path)


def test_clients_of_other_dialects_get_what_they_get_for_no_video(
    admin: Browser, video: int
) -> None:
    put(admin, video)
    for number in (video, 404):
        answer = admin.send("PUT", f"/videos/{number}/", {"title": "x"})
        assert (answer.status, answer.json) == (
            404,
            {"detail": "No Video matches the given query."},
        )
    assert admin.delete(f"/videos/{video}/").status == 204


def test_it_is_deleted_for_good_from_the_trash_as_from_elsewhere(
    admin: Browser, video: int
) -> None:
    put(admin, video)
    assert admin.delete(f"/video/{video}/").status == 200
    assert admin.get("/studio/trash/").json["results"] == []


def test_a_restore_of_what_was_purged_says_so_in_the_language_of_the_caller(
    admin: Browser, clock: HandClock, video: int
) -> None:
    put(admin, video)
    clock.advance(days=30)
    assert catalogue.trash().purge() == 1
    clock.advance(seconds=3)
    assert sign_in(admin, "root@example.com").status == 200
    english = admin.post(f"/studio/video/{video}/restore/")
    german = admin.send(
        "POST", f"/studio/video/{video}/restore/", headers={"accept-language": "de"}
    )
    assert (english.status, german.status) == (404, 404)
    assert english.json["detail"].startswith("There is no such video: what was deleted")
    assert german.json["detail"].startswith("Dieses Video gibt es nicht: Was gelöscht wurde")


@pytest.mark.usefixtures("state_machine", "distribution")
def test_the_hourly_clean_up_purges_it(admin: Browser, clock: HandClock, video: int) -> None:
    put(admin, video)
    clock.advance(days=30)
    start_anew()
    app.on_sweep(HOURLY, None)
    with pytest.raises(VideoNotFound):
        catalogue.curation().get(VideoId(video))
    assert catalogue.trash().page(limit=1).count == 0


def test_the_trash_is_read_in_pages_and_not_again_while_it_is_the_same(
    admin: Browser, encoder: Encoder
) -> None:
    videos = [encoder.video().id for _ in range(3)]
    for each in videos:
        put(admin, each)
        encoder.clock.advance(seconds=1)
    first = admin.get("/studio/trash/?limit=2")
    assert (first.json["count"], [each["id"] for each in first.json["results"]]) == (
        3,
        [videos[2], videos[1]],
    )
    rest = admin.get(f"/studio/trash/?limit=2&after={first.json['next']}").json
    assert ([each["id"] for each in rest["results"]], rest["next"]) == ([videos[0]], None)
    tag = first.headers["etag"]
    assert admin.get("/studio/trash/?limit=2", if_none_match=tag).status == 304
    for wrong, field in (("after=x", "after"), ("limit=0", "limit"), ("limit=101", "limit")):
        answer = admin.get(f"/studio/trash/?{wrong}")
        assert (answer.status, list(answer.json)) == (400, [field])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/studio/trash/"),
        ("POST", "/studio/video/{}/trash/"),
        ("POST", "/studio/video/{}/restore/"),
    ],
)
def test_the_trash_is_of_administrators(
    signed_in: Browser, video: int, method: str, path: str
) -> None:
    assert signed_in.send(method, path.format(video)).status == 403
    assert Browser(signed_in.server).send(method, path.format(video)).status == 401


@pytest.mark.parametrize("operation", trash.api.operations, ids=lambda each: each.path)
def test_it_costs_what_the_page_says(admin: Browser, encoder: Encoder, operation: Any) -> None:
    number = encoder.video().id
    if operation.path.endswith("restore"):
        put(admin, number)
    path = re.sub(r"\{\w+\}", str(number), operation.path)
    admin.get("/user/")
    admin.get("/video/")
    with measured() as spent:
        assert admin.send(operation.method, f"{path}/").status == 200
    served = "official", f"{operation.method} /api{operation.path}"
    assert row(served, spent) == row(served, documented()[served])
