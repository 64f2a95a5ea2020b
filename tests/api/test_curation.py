"""Curation over HTTP: changes of the catalogue by administrators, and their visibility."""

from dataclasses import fields, replace
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.catalogue.cache import LOOK_EVERY
from chalicelib.catalogue.model import Card
from chalicelib.wiring import catalogue
from tests.api.encoder import Encoder
from tests.browser import Answer, Browser
from tests.builders.catalogue import every_entry
from tests.builders.videos import a_published_video
from tests.fakes.clock import HandClock

CARD = {
    "title": "Metropolis",
    "description": "A city",
    "category": "Science Fiction",
    "is_trailer": True,
    "director": "Fritz Lang",
    "cast": ["Brigitte Helm", "Alfred Abel"],
    "tags": ["silent", "city"],
    "original_language": "de",
    "genre": "Drama",
    "release": "1927",
    "license_type": "CC0",
    "license_url": "https://creativecommons.org/publicdomain/zero/1.0/",
    "age_rating": 12,
    "publish_at": "2026-01-02T03:04:05.678000+00:00",
    "rights_until": "2190-01-02T03:04:05+00:00",
}
GERMAN = {"de": {"title": "Die Stadt", "description": "Eine Stadt"}}


def put(browser: Browser, number: int, sent: Any) -> Answer:
    return browser.send("PUT", f"/video/{number}/", sent)


@pytest.fixture
def video(clock: HandClock, admin: Browser) -> int:
    """Add a published video; return its id."""
    video = a_published_video(clock.now())
    catalogue.curation().videos.add(video)
    clock.advance(seconds=LOOK_EVERY.total_seconds())
    assert admin.get(f"/video/{video.id}/").status == 200
    return video.id


def test_a_new_video_has_all_fields_that_were_sent(admin: Browser) -> None:
    answer = admin.post("/video/", {**CARD, "translations": GERMAN})
    assert answer.status == 201
    assert CARD.items() <= answer.json.items()
    assert answer.json["written"]["translations"] == GERMAN
    assert (answer.json["is_published"], answer.json["conversion_status"]) == (False, "pending")
    assert admin.get(f"/video/{answer.json['id']}/").json == answer.json


def test_each_field_of_a_card_can_be_sent() -> None:
    assert {each.name for each in fields(Card)} == {*CARD, "trailer", "translations"}


def test_a_new_video_is_listed_among_drafts_only(admin: Browser) -> None:
    added = admin.post("/video/", CARD).json
    assert admin.get("/video/").json == []
    assert admin.get("/video/?include=playable").json == []
    assert admin.get("/video/?include=drafts").json == [added]


def test_a_change_keeps_all_other_fields(admin: Browser) -> None:
    added = admin.post("/video/", {**CARD, "translations": GERMAN}).json
    answer = admin.patch(f"/video/{added['id']}/", {"genre": "", "is_published": True})
    assert answer.status == 200
    version = answer.json["version"]
    assert version != added["version"]
    assert answer.json == {**added, "genre": "", "is_published": True, "version": version}


def test_a_put_replaces_all_fields_of_a_video(admin: Browser) -> None:
    added = admin.post("/video/", {**CARD, "translations": GERMAN, "is_published": True}).json
    answer = put(admin, added["id"], {"title": "Alien"})
    assert answer.status == 200
    assert (answer.json["title"], answer.json["director"]) == ("Alien", "")
    assert answer.json["age_rating"] is None
    assert answer.json["written"]["translations"] == GERMAN
    assert answer.json["is_published"] is True
    assert put(admin, added["id"], {"genre": "x"}).json == {"title": ["This field is required."]}


def test_a_put_replaces_translations_that_are_sent(admin: Browser) -> None:
    added = admin.post("/video/", {**CARD, "translations": GERMAN}).json
    english = {"en": {"title": "The City", "description": ""}}
    for sent in (english, {}):
        answer = put(admin, added["id"], {"title": "Alien", "translations": sent})
        assert answer.json["written"]["translations"] == sent


MARKUP = {
    **dict.fromkeys(("title", "description", "director", "genre", "license_type"), "A & <b>"),
    "cast": ["A & B"],
    "tags": ["<i>"],
}


@pytest.mark.parametrize("form", ["html", "plain"])
@pytest.mark.parametrize(("language", "number"), [("en", 12), ("de", None)])
def test_an_answer_can_be_sent_back_and_changes_nothing(
    admin: Browser, form: str, language: str, number: int | None
) -> None:
    sent = {**CARD, **MARKUP, "age_rating": number, "trailer": None}
    added = admin.post("/video/", {**sent, "translations": GERMAN}).json
    category = admin.get("/categories/").json[0]["id"]
    admin.patch(f"/categories/{category}/", {"name": "Tomorrow & <b>"})
    path, headers = f"/video/{added['id']}/?text={form}", {"accept_language": language}
    for method, is_deleted in (("PUT", False), ("PATCH", False), ("PUT", True)):
        if is_deleted:
            admin.delete(f"/categories/{category}/")
        stored = catalogue.curation().get(added["id"]).card
        seen = admin.get(path, **headers).json
        answer = admin.send(method, path, seen, headers=headers)
        assert (answer.status, answer.json) == (200, seen)
        assert catalogue.curation().get(added["id"]).card == stored
        assert len(admin.get("/categories/").json) == (not is_deleted)


@pytest.mark.parametrize(("translations", "stored"), [({}, "Metropolis"), (GERMAN, "Die Stadt")])
def test_beside_translations_a_text_is_that_of_all_languages(
    admin: Browser, translations: object, stored: str
) -> None:
    added = admin.post("/video/", {**CARD, "translations": GERMAN}).json
    sent: dict[str, object] = {"title": "Die Stadt"}
    if translations:
        sent["translations"] = translations
    path = f"/video/{added['id']}/"
    admin.send("PATCH", path, sent, headers={"accept_language": "de"})
    assert admin.get(path).json["written"]["title"] == stored


def test_a_number_is_removed_by_null_and_by_a_blank_field_of_a_form(
    admin: Browser, video: int
) -> None:
    added = admin.post("/video/", {**CARD, "trailer": video}).json
    path = f"/video/{added['id']}/"
    as_form = {"content_type": "application/x-www-form-urlencoded"}
    kept = admin.send("PATCH", path, b"is_trailer=&genre=x", headers=as_form).json
    assert (kept["age_rating"], kept["trailer"], kept["is_trailer"]) == (12, video, True)
    removed = admin.patch(path, {"age_rating": None}).json
    assert (removed["age_rating"], removed["trailer"]) == (None, video)
    assert admin.send("PATCH", path, b"trailer=", headers=as_form).json["trailer"] is None


def test_a_deleted_video_is_gone_at_once(admin: Browser, video: int) -> None:
    answer = admin.delete(f"/video/{video}/")
    assert (answer.status, answer.json) == (200, {"detail": "The video has been deleted."})
    assert admin.get("/video/").json == []
    assert admin.get(f"/video/{video}/").status == 404
    assert admin.delete(f"/video/{video}/").status == 404
    assert admin.patch(f"/video/{video}/", {"title": "x"}).status == 404


def test_a_video_leads_to_its_trailer(admin: Browser, video: int) -> None:
    trailer = admin.post("/video/", {"title": "Trailer", "is_trailer": True}).json["id"]
    added = admin.post("/video/", {**CARD, "trailer": trailer})
    assert (added.status, added.json["trailer"]) == (201, trailer)
    path = f"/video/{added.json['id']}/"
    assert admin.patch(path, {"genre": "x"}).json["trailer"] == trailer
    assert admin.patch(path, {"trailer": video}).json["trailer"] == video
    # Nothing that is written later fails for a trailer that is gone.
    assert admin.delete(f"/video/{video}/").status == 200
    assert admin.patch(path, {"genre": "y"}).json["trailer"] == video
    assert admin.patch(path, {"trailer": 0}).json["trailer"] is None
    assert put(admin, added.json["id"], {"title": "x"}).json["trailer"] is None


def test_a_trailer_is_another_video(admin: Browser, video: int) -> None:
    path = f"/video/{video}/"
    refused = {7: "There is no such video.", video: "A video is no trailer of itself."}
    for trailer, said in refused.items():
        answer = admin.patch(path, {"trailer": trailer, "title": "x"})
        assert (answer.status, answer.json) == (400, {"trailer": [said]})
    answer = admin.post("/video/", {"title": "x", "trailer": 7})
    assert (answer.status, answer.json) == (400, {"trailer": ["There is no such video."]})
    assert admin.get(path).json["title"] == "Metropolis"
    assert admin.patch(path, {"trailer": "7"}).json == {"trailer": ["A valid integer is required."]}


COMPLAINTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"title": ""}, {"title": ["This field may not be blank."]}),
    ({"title": 7}, {"title": ["Not a valid string."]}),
    ({"title": "x" * 201}, {"title": ["Ensure this field has no more than 200 characters."]}),
    ({"is_published": "yes"}, {"is_published": ["Must be a valid boolean."]}),
    ({"age_rating": 19}, {"age_rating": ["Must be from 0 to 18."]}),
    ({"age_rating": "12"}, {"age_rating": ["A valid integer is required."]}),
    ({"cast": "Brigitte Helm"}, {"cast": ["Send a list of at most 50 texts."]}),
    ({"cast": ["x"] * 51}, {"cast": ["Send a list of at most 50 texts."]}),
    ({"cast": [" "]}, {"cast": ["This field may not be blank."]}),
    ({"tags": [7]}, {"tags": ["Not a valid string."]}),
    ({"tags": ["x"] * 31}, {"tags": ["Send a list of at most 30 texts."]}),
    ({"tags": ["x" * 101]}, {"tags": ["Ensure this field has no more than 100 characters."]}),
    ({"tags": ["?"]}, {"tags": ["This field needs a letter or a digit."]}),
    (
        {"original_language": "de-AT"},
        {"original_language": ["Send the code of a language, such as de."]},
    ),
    (
        {"publish_at": "2026-01-02"},
        {"publish_at": ["Send a time with its offset, such as 2026-01-02T03:04:05Z."]},
    ),
    ({"publish_at": 7}, {"publish_at": ["Not a valid string."]}),
    (
        {"rights_until": "2200-01-01T00:00:00Z"},
        {"rights_until": ["Must be from 1970-01-01 to 2200-01-01."]},
    ),
    (
        {"publish_at": "0001-01-01T00:00:00+14:00"},
        {"publish_at": ["Must be from 1970-01-01 to 2200-01-01."]},
    ),
    (
        {"rights_until": CARD["publish_at"]},
        {"rights_until": ["This must be later than publish_at."]},
    ),
    ({"category": "?"}, {"category": ["This field needs a letter or a digit."]}),
    (
        {"license_url": "javascript:alert(1)"},
        {"license_url": ["Enter a web address that starts with https:// or http://."]},
    ),
    ({"translations": []}, {"translations": ["Send an object of objects."]}),
    ({"translations": {"de": "x"}}, {"translations": ["Send an object of objects."]}),
    ({"translations": {"<b>": {}}}, {"translations": ["Must be one of: en, de."]}),
    (
        {"translations": {"de": {"title": 1}}},
        {"translations": ["de, title: Not a valid string."]},
    ),
    ({"title": "\u202e\u200b"}, {"title": ["This field may not be blank."]}),
    (
        {"translations": {"de": {"title": "\u3164"}}},
        {"translations": ["de, title: This field may not be blank."]},
    ),
]


def test_invalid_values_are_refused_by_field(admin: Browser) -> None:
    added = admin.post("/video/", CARD).json
    for sent, complaint in COMPLAINTS:
        answer = admin.patch(f"/video/{added['id']}/", sent)
        assert (answer.status, answer.json) == (400, complaint)
    assert admin.get(f"/video/{added['id']}/").json == added


def test_all_invalid_values_are_reported_at_once(admin: Browser) -> None:
    answer = admin.post("/video/", {"description": 1, "genre": "x" * 101})
    assert (answer.status, answer.json.keys()) == (400, {"title", "description", "genre"})


def test_categories_are_listed_added_and_deleted(signed_in: Browser, admin: Browser) -> None:
    admin.post("/video/", CARD)
    added = admin.post("/categories/", {"name": "Action & <b>"})
    assert added.status == 201
    assert added.json["name"] == "Action &amp; &lt;b&gt;"
    listed = signed_in.get("/categories/").json
    assert [each["slug"] for each in listed] == ["action-b", "science-fiction"]
    assert listed[0].items() <= added.json.items()
    assert admin.post("/categories/", {"name": "ACTION <b>"}).status == 409
    assert admin.delete(f"/categories/{added.json['id']}/").status == 200
    assert admin.delete(f"/categories/{added.json['id']}/").status == 404
    assert admin.delete("/categories/x/").status == 404
    assert [each["slug"] for each in signed_in.get("/categories/").json] == ["science-fiction"]


def test_renaming_a_category_keeps_its_videos(
    signed_in: Browser, admin: Browser, encoder: Encoder
) -> None:
    video = encoder.video()
    admin.patch(f"/video/{video.id}/", {"category": "Science Fiction"})
    (before,) = signed_in.get("/categories/").json
    path = f"/categories/{before['id']}/"
    renamed = admin.patch(path, {"name": "Tomorrow & <b>"})
    assert renamed.status == 200
    after = {**before, "name": "Tomorrow &amp; &lt;b&gt;"}
    written = {"name": "Tomorrow & <b>", "translations": {}}
    assert renamed.json == {**after, "written": written, "version": renamed.json["version"]}
    assert signed_in.get("/categories/").json == [after]
    for named in ("science-fiction", "Science+Fiction", "Tomorrow+B"):
        (listed,) = signed_in.get(f"/video/?category={named}").json
        assert listed["category"] == renamed.json["name"]
    assert admin.get(f"/video/{video.id}/").json["category"] == renamed.json["name"]
    changed = admin.patch(f"/video/{video.id}/", {"genre": "x"}).json
    assert changed["category"] == renamed.json["name"]


def test_a_category_cannot_get_the_name_of_another(signed_in: Browser, admin: Browser) -> None:
    drama, action = (
        admin.post("/categories/", {"name": each}).json for each in ("Drama", "Action")
    )
    path = f"/categories/{drama['id']}/"
    taken = admin.patch(path, {"name": " ACTION "})
    assert (taken.status, list(taken.json)) == (409, ["detail"])
    assert admin.patch(path, {"name": "?!"}).status == 400
    assert admin.patch("/categories/7/", {"name": "x"}).status == 404
    assert signed_in.patch(path, {"name": "x"}).status == 403
    names = [each["name"] for each in signed_in.get("/categories/").json]
    assert names == [action["name"], drama["name"]]


def test_invisible_characters_are_removed_from_names_and_joiners_stay(
    admin: Browser,
) -> None:
    persian = "می\N{ZERO WIDTH NON-JOINER}روم"
    added = admin.post("/video/", {"title": f"\u202e{persian}\u00ad", "category": "Dra\u200bma"})
    assert (added.json["title"], added.json["category"]) == (persian, "Drama")
    assert admin.post("/categories/", {"name": "D\u2066rama\u2069"}).status == 409
    assert admin.post("/categories/", {"name": "\u2066\u2069"}).status == 400
    asked = urlencode({"category": "Dr\u00adama", "search": "میروم"})
    (listed,) = admin.get(f"/video/?include=drafts&{asked}").json
    assert listed == added.json


def test_a_stored_name_with_invisible_characters_stays_until_it_is_changed(
    admin: Browser, encoder: Encoder
) -> None:
    video = encoder.video()
    stored = replace(video.card, title="\u202eFi\u00adlm")
    catalogue.curation().videos.write(video.id, stored, is_published=True)
    assert admin.get(f"/video/{video.id}/").json["title"] == stored.title
    assert admin.patch(f"/video/{video.id}/", {"genre": "x"}).json["title"] == "Film"


EARLIER = {
    "en": 'This is an earlier name of the category "Crime &amp; &lt;b&gt;" and still leads to it. '
    "Please choose another one.",
    "de": "So hieß früher die Kategorie „Crime &amp; &lt;b&gt;“, zu der dieser Name weiter führt. "
    "Bitte wähle einen anderen.",
}


@pytest.mark.parametrize("language", EARLIER)
def test_an_earlier_name_of_a_category_is_taken_and_the_refusal_names_the_category(
    admin: Browser, language: str
) -> None:
    renamed, other = (
        admin.post("/categories/", {"name": each}).json["id"] for each in ("Krimi", "Drama")
    )
    admin.patch(f"/categories/{renamed}/", {"name": "Crime & <b>"})
    admin.language = language
    for answer in (
        admin.post("/categories/", {"name": " KRIMI"}),
        admin.patch(f"/categories/{other}/", {"name": "krimi"}),
    ):
        assert (answer.status, answer.json) == (409, {"detail": EARLIER[language]})
    present = admin.post("/categories/", {"name": "crime b"})
    assert (present.status, present.json["detail"] in EARLIER.values()) == (409, False)
    assert admin.patch(f"/categories/{renamed}/", {"name": "Krimi"}).status == 200


def test_a_category_may_get_longer_by_normalization(signed_in: Browser, admin: Browser) -> None:
    name = "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 100
    added = admin.post("/categories/", {"name": name})
    assert added.status == 201
    assert admin.post("/video/", {"title": "x", "category": name}).status == 201
    assert [each["name"] for each in signed_in.get("/categories/").json] == [name]


def test_a_viewer_cannot_change_the_catalogue(
    signed_in: Browser, admin: Browser, video: int
) -> None:
    before = admin.get("/video/?include=drafts").json
    answers = [
        signed_in.post("/video/", CARD),
        signed_in.patch(f"/video/{video}/", {"title": "x"}),
        put(signed_in, video, CARD),
        signed_in.delete(f"/video/{video}/"),
        signed_in.post("/categories/", {"name": "x"}),
        signed_in.delete("/categories/1/"),
    ]
    assert [answer.status for answer in answers] == [403] * len(answers)
    assert admin.get("/video/?include=drafts").json == before


def test_a_foreign_page_cannot_change_the_catalogue(admin: Browser, video: int) -> None:
    admin.origin = "https://evil.example"
    assert admin.delete(f"/video/{video}/").status == 403
    assert admin.patch(f"/video/{video}/", {"title": "x"}).status == 403
    answer = admin.get("/video/")
    assert "access-control-allow-origin" not in answer.headers
    assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize("change", ["rename", "unpublish", "remove"])
def test_a_change_is_visible_despite_caches(
    signed_in: Browser, admin: Browser, video: int, change: str
) -> None:
    [listed] = signed_in.get("/video/").json
    tag = signed_in.get("/video/").headers["etag"]
    answer = {
        "rename": lambda: admin.patch(f"/video/{video}/", {"title": "Alien"}),
        "unpublish": lambda: admin.patch(f"/video/{video}/", {"is_published": False}),
        "remove": lambda: admin.delete(f"/video/{video}/"),
    }[change]()
    assert answer.status == 200
    now = {**listed, "title": "Alien"}
    expected = [now] if change == "rename" else []
    assert signed_in.get("/video/", if_none_match=tag).json == expected
    catalogue.catalogue_cache.cache_clear()  # as another process, and one that looked before
    assert signed_in.get("/video/").json == expected
    one = signed_in.get(f"/video/{video}/")
    assert (one.status, one.json) == ((200, now) if expected else (404, one.json))


def test_another_process_has_a_change_within_five_seconds(
    signed_in: Browser, admin: Browser, clock: HandClock, video: int
) -> None:
    ours = catalogue.catalogue_cache()
    catalogue.catalogue_cache.cache_clear()
    assert not catalogue.catalogue_cache().snapshot().copy.is_empty
    admin.delete(f"/video/{video}/")
    clock.advance(seconds=5)
    assert [entry.video.id for entry in every_entry(ours)] == []
    assert signed_in.get("/video/").json == []


def test_a_cached_list_does_not_contain_the_host_of_a_caller(
    signed_in: Browser, admin: Browser, video: int
) -> None:
    signed_in.headers = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    query = "?page=1&page_size=1&evil=example"
    admin.post("/video/", {"title": "draft"})
    for path in ("/video/", f"/video/{video}/", f"/video/{query}", "/categories/"):
        assert b"evil" not in signed_in.get(path).body
    signed_in.headers = {}
    assert b"evil" not in signed_in.get("/video/").body
    paged = admin.get(f"/video/{query}&include=drafts").json
    assert paged["next"] == "/api/video/?page_size=1&include=drafts&page=2"
    [listed] = signed_in.get("/video/").json
    assert listed["thumbnail_url"] == f"http://127.0.0.1:8080/images/{video}/1/thumbnail.jpg"
