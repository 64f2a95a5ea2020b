"""The catalogue over HTTP: lists, filters, pages, ETags and access."""

import json
from dataclasses import replace
from typing import Any

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
from chalicelib.language import Language
from chalicelib.wiring import catalogue
from tests.api.conftest import sign_in
from tests.browser import Browser
from tests.builders.videos import a_published_video, complete_media
from tests.fakes.clock import HandClock

GROWING = EncodeSummary(Revision(1), EncodeStatus.PROCESSING, 15, is_playable=True)
FIELDS_OF_THE_OFFICIAL_CLIENT = {
    "id", "title", "description", "created_at", "category", "thumbnail_url", "conversion_status",
}  # fmt: skip


def put(clock: HandClock, *titles: str, **changes: Any) -> list[Video]:
    """Add videos to the store as another process does, the last one the newest."""
    videos = []
    for title in titles:
        clock.advance(seconds=1)
        video = replace(a_published_video(clock.now(), title), **changes)
        catalogue.curation().videos.add(video)
        videos.append(video)
    clock.advance(seconds=LOOK_EVERY.total_seconds())
    return videos


def titles(browser: Browser, query: str = "") -> list[str]:
    return [each["title"] for each in browser.get(f"/video/{query}").json]


def test_the_list_is_a_bare_array_the_newest_first(signed_in: Browser, clock: HandClock) -> None:
    put(clock, "Metropolis", "Nosferatu")
    assert titles(signed_in) == ["Nosferatu", "Metropolis"]


def test_a_video_has_the_fields_that_clients_read(signed_in: Browser, clock: HandClock) -> None:
    [video] = put(clock, "Metropolis")
    [listed] = signed_in.get("/video/").json
    assert listed.keys() >= FIELDS_OF_THE_OFFICIAL_CLIENT
    picture = f"http://127.0.0.1:8080/images/{video.id}/1"
    assert listed["id"] == video.id < 2**53
    assert listed["category"] == "Drama"
    assert listed["created_at"] == video.created_at.isoformat()
    assert listed["thumbnail_url"] == f"{picture}/thumbnail.jpg"
    assert listed["hero_url"] == f"{picture}/hero.jpg"
    assert (listed["conversion_status"], listed["progress"]) == ("completed", 100)
    assert (listed["duration"], listed["resolutions"]) == (98.5, ["720p", "360p"])
    assert not listed.keys() & {"is_published", "failure", "written"}


def test_a_category_is_never_null(signed_in: Browser, clock: HandClock) -> None:
    put(clock, "Metropolis", card=Card("Metropolis"))
    assert signed_in.get("/video/").json[0]["category"] == ""


def test_viewers_see_what_is_published_and_complete_and_nothing_else(
    signed_in: Browser, clock: HandClock
) -> None:
    put(clock, "draft", is_published=False)
    put(clock, "growing", media=None, encode=GROWING)
    put(clock, "pending", media=None, encode=EncodeSummary(Revision(1)))
    broken = replace(GROWING, status=EncodeStatus.FAILED, failure=Failure("corrupt", "Broken."))
    put(clock, "failed", media=None, encode=broken)
    put(clock, "Metropolis")
    assert titles(signed_in) == ["Metropolis"]
    assert titles(signed_in, "?include=playable") == ["Metropolis", "growing"]


def test_a_published_revision_stays_complete_during_the_next_encode(
    signed_in: Browser, clock: HandClock
) -> None:
    newer = replace(GROWING, revision=Revision(2), percent=40)
    [video] = put(clock, "Metropolis", encode=newer)
    [listed] = signed_in.get("/video/").json
    assert (listed["conversion_status"], listed["progress"]) == ("completed", 100)
    assert f"/images/{video.id}/1/" in listed["thumbnail_url"]


def test_a_video_without_pictures_has_a_placeholder(signed_in: Browser, clock: HandClock) -> None:
    put(clock, "growing", media=None, encode=GROWING)
    [listed] = signed_in.get("/video/?include=playable").json
    assert listed["thumbnail_url"] == "http://127.0.0.1:8080/images/placeholder.jpg"
    assert (listed["duration"], listed["progress"], listed["playable"]) == (None, 15, True)


EXPECTED = {
    "?category=Drama": ["Metropolis"],
    "?category=DRAMA": ["Metropolis"],
    "?category=science-fiction": ["Alien"],
    "?category=Comedy": [],
    "?trailer=true": ["Alien"],
    "?trailer=false": ["Metropolis"],
    "?person=brigitte++HELM": ["Metropolis"],
    "?person=Fritz+Lang": ["Metropolis"],
    "?person=helm": [],
    "?tag=silent+film": ["Metropolis"],
    "?tag=%3F": [],
    "?language=DE": ["Metropolis"],
    "?language=en": ["Alien"],
    "?rating_max=12": ["Metropolis"],
    "?rating_max=0": [],
    "?rating_max=18": ["Alien", "Metropolis"],
    "?tag=robots": ["Alien", "Metropolis"],
    "?tag=robots&person=fritz+lang&language=de&rating_max=12&category=drama": ["Metropolis"],
    "?tag=robots&person=fritz+lang&language=en": [],
    "?search=city": ["Metropolis"],
    "?search=CITY+metro": ["Metropolis"],
    "?search=city+alien": [],
    "?search=STRASSE": ["Metropolis"],
    "?search=": ["Alien", "Metropolis"],
    "?search=a&category=drama&trailer=false": ["Metropolis"],
}


def test_filters(signed_in: Browser, clock: HandClock) -> None:
    german = {Language.GERMAN: Translation("Metropolis", "Eine Straße")}
    metropolis = Card(
        "Metropolis",
        "A city",
        "Drama",
        director="Fritz Lang",
        cast=("Brigitte Helm",),
        tags=("Silent Film", "Robots"),
        original_language="de",
        age_rating=12,
        translations=german,
    )
    alien = Card("Alien", category="Science Fiction", is_trailer=True)
    put(clock, "", card=metropolis)
    put(clock, "", card=replace(alien, tags=("robots",), original_language="en"))
    assert {query: titles(signed_in, query) for query in EXPECTED} == EXPECTED


def test_invalid_parameters_are_refused_by_name(signed_in: Browser) -> None:
    wrong = ["trailer=1", "include=all", "text=xml", "page=0", "page=x", "page_size=101", "page=-1",
             "rating_max=19", "rating_max=x", "language=german", "language=de-AT"]  # fmt: skip
    for query in [*wrong, *(f"{each}={'x' * 201}" for each in ("search", "person", "tag"))]:
        answer = signed_in.get(f"/video/?{query}")
        assert (answer.status, list(answer.json)) == (400, [query.partition("=")[0]])


def test_videos_are_in_the_language_of_the_request(signed_in: Browser, clock: HandClock) -> None:
    german = {Language.GERMAN: Translation("Der Fremde", "")}
    put(clock, "", card=Card("Alien", "In space", translations=german))
    signed_in.language = "de-DE,de;q=0.9"
    [listed] = signed_in.get("/video/").json
    assert (listed["title"], listed["description"]) == ("Der Fremde", "In space")
    signed_in.language = "tlh"
    assert titles(signed_in) == ["Alien"]


def test_a_script_in_the_name_of_a_video_is_text_to_a_page(
    signed_in: Browser, clock: HandClock
) -> None:
    script = "<script>alert('1' & \"2\")</script>"
    [video] = put(clock, "", card=Card(script, script, script, director=script))
    [listed] = signed_in.get("/video/").json
    one = signed_in.get(f"/video/{video.id}/").json
    for field in ("title", "description", "category", "director"):
        assert listed[field] == one[field]
        assert not set("<>\"'") & set(listed[field])
    assert signed_in.get("/video/?text=plain").json[0]["title"] == script


def test_pages_are_counted_and_lead_to_each_other(signed_in: Browser, clock: HandClock) -> None:
    put(clock, *"abcde")
    first = signed_in.get("/video/?page_size=2").json
    second = signed_in.get(first["next"].removeprefix("/api")).json
    third = signed_in.get(second["next"].removeprefix("/api")).json
    pages = [[each["title"] for each in page["results"]] for page in (first, second, third)]
    assert pages == [["e", "d"], ["c", "b"], ["a"]]
    assert {page["count"] for page in (first, second, third)} == {5}
    assert (first["previous"], third["next"]) == (None, None)
    assert signed_in.get(third["previous"].removeprefix("/api")).json == second


def test_links_to_other_pages_keep_the_filters(signed_in: Browser, clock: HandClock) -> None:
    card = Card("", cast=("Brigitte Helm",), tags=("city",), original_language="de", age_rating=6)
    put(clock, "", card=replace(card, title="first"))
    put(clock, "", card=replace(card, title="second"))
    put(clock, "other")
    sent = "person=Brigitte+Helm&tag=city&language=de&rating_max=6"
    first = signed_in.get(f"/video/?{sent}&page_size=1").json
    assert first["count"] == 2
    assert first["next"] == f"/api/video/?{sent}&page_size=1&page=2"


def test_the_edges_of_paging(signed_in: Browser, clock: HandClock) -> None:
    empty: dict[str, Any] = {"count": 0, "next": None, "previous": None, "results": []}
    assert signed_in.get("/video/?page=1").json == empty
    assert signed_in.get("/video/?page=2").status == 404
    put(clock, *"ab")
    assert signed_in.get("/video/?page=1&page_size=2").json["next"] is None
    assert signed_in.get("/video/?page=2&page_size=2").status == 404
    assert signed_in.get(f"/video/?page={2**53}").status == 400


def test_one_video_is_the_same_as_in_the_list(signed_in: Browser, clock: HandClock) -> None:
    [video] = put(clock, "Metropolis")
    assert signed_in.get(f"/video/{video.id}/").json == signed_in.get("/video/").json[0]


def test_an_unknown_video_is_404(signed_in: Browser) -> None:
    for number in ("404", "x", "-1", "1.5", "%2e%2e", str(2**80), "1%00"):
        answer = signed_in.get(f"/video/{number}/")
        assert (answer.status, answer.json) == (404, {"detail": "There is no such video."})


def test_a_draft_is_404_for_viewers(signed_in: Browser, admin: Browser, clock: HandClock) -> None:
    [draft] = put(clock, "draft", is_published=False)
    assert signed_in.get(f"/video/{draft.id}/").status == 404
    assert signed_in.get(f"/video/{draft.id}/").body == signed_in.get("/video/404/").body
    assert admin.get(f"/video/{draft.id}/").json["is_published"] is False


def test_administrators_get_drafts_on_request(
    signed_in: Browser, admin: Browser, clock: HandClock
) -> None:
    failure = Failure("corrupt", "The file is broken.")
    failed = EncodeSummary(Revision(2), EncodeStatus.FAILED, 3, failure=failure)
    german = {Language.GERMAN: Translation("<Fremder>", "")}
    card = Card("<Alien>", translations=german)
    put(clock, "", is_published=False, encode=failed, media=complete_media(), card=card)
    assert titles(admin) == []
    [listed] = admin.get("/video/?include=drafts").json
    assert listed["failure"] == {"code": "corrupt", "text": "The file is broken."}
    assert (listed["conversion_status"], listed["is_published"]) == ("failed", False)
    assert listed["written"]["translations"]["de"]["title"] == "<Fremder>"
    assert signed_in.get("/video/?include=drafts").status == 403
    assert signed_in.get("/video/1/?include=drafts").status == 403


def test_a_client_with_the_current_list_gets_a_304(signed_in: Browser, clock: HandClock) -> None:
    [video] = put(clock, "Metropolis")
    for path in ("/video/", f"/video/{video.id}/", "/categories/", "/video/?page=1"):
        first = signed_in.get(path)
        tag = first.headers["etag"]
        assert first.headers["cache-control"] == "private, no-cache"
        assert first.headers["vary"] == "Origin, Accept-Language, Authorization, Cookie"
        again = signed_in.get(path, if_none_match=f'"other", W/{tag}')
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["access-control-allow-origin"] == signed_in.origin
        assert signed_in.get(path, if_none_match='"other"').status == 200


def test_an_etag_changes_with_the_text_only(signed_in: Browser, clock: HandClock) -> None:
    [video] = put(clock, "Metropolis")
    first = signed_in.get("/video/").headers["etag"]
    put(clock, "draft", is_published=False)
    assert signed_in.get("/video/").headers["etag"] == first
    signed_in.language = "de"
    assert signed_in.get("/video/").headers["etag"] == first
    catalogue.curation().videos.write(video.id, Card("Other"), is_published=True)
    clock.advance(seconds=LOOK_EVERY.total_seconds())
    assert signed_in.get("/video/", if_none_match=first).status == 200


def test_another_process_computes_the_same_etag(signed_in: Browser, clock: HandClock) -> None:
    put(clock, "Metropolis", "Nosferatu")
    first = signed_in.get("/video/").headers["etag"]
    catalogue.catalogue_cache.cache_clear()
    assert signed_in.get("/video/").headers["etag"] == first


def test_an_outage_of_the_store_is_bridged_for_a_minute(
    signed_in: Browser, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(clock, "Metropolis")
    assert titles(signed_in) == ["Metropolis"]
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    from chalicelib.adapters.dynamodb.catalogue_tables import CatalogueItem

    CatalogueItem.delete_table()
    clock.advance(seconds=58)
    assert titles(signed_in) == ["Metropolis"]
    clock.advance(seconds=3)
    answer = signed_in.get("/video/")
    assert answer.status == 503
    assert json.loads(answer.body) == {"detail": "The catalogue is not available right now."}


def test_every_catalogue_endpoint_requires_a_session(browser: Browser, clock: HandClock) -> None:
    [video] = put(clock, "Metropolis")
    asked = [
        browser.get("/video/"),
        browser.get(f"/video/{video.id}/"),
        browser.get("/video/?include=drafts"),
        browser.get("/categories/"),
        browser.post("/video/", {"title": "x"}),
        browser.patch(f"/video/{video.id}/", {"title": "x"}),
        browser.send("PUT", f"/video/{video.id}/", {"title": "x"}),
        browser.delete(f"/video/{video.id}/"),
        browser.post("/categories/", {"name": "x"}),
        browser.delete("/categories/1/"),
    ]
    assert [answer.status for answer in asked] == [401] * len(asked)
    assert not any(b"Metropolis" in answer.body for answer in asked)


def test_after_signing_out_the_catalogue_is_refused(signed_in: Browser, clock: HandClock) -> None:
    put(clock, "Metropolis")
    assert signed_in.get("/video/").status == 200
    signed_in.post("/logout/")
    assert signed_in.get("/video/").status == 401
    sign_in(signed_in)
    assert signed_in.get("/video/").status == 200
