"""Texts and names as HTML or as they were written: dialect, origin and parameter decide."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import escape
from typing import Any

import pytest
from chalice.app import Blueprint, Chalice

from chalicelib.api.body import NoBody
from chalicelib.api.core import categories, videos
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import EVERY_API, SPOKEN_AT, Api
from chalicelib.api.identity import Access
from chalicelib.api.request import BEARER_SCHEMES, Call
from chalicelib.catalogue.model import Card
from infra.local.gateway import Gateway
from tests.api.test_catalogue import put
from tests.browser import PAGE, Browser
from tests.builders.accounts import PASSWORD
from tests.conftest import forget_wiring
from tests.fakes.clock import HandClock

WRITTEN = "Tom & <b>Jerry</b>"
AS_HTML = escape(WRITTEN)
ANGULAR, FOREIGN = "http://localhost:4200", "https://foreign.example"
FORMS = [
    (PAGE, "", AS_HTML),
    ("", "", AS_HTML),
    (FOREIGN, "", AS_HTML),
    ("null", "", AS_HTML),
    (ANGULAR, "", WRITTEN),
    (ANGULAR, "text=html", AS_HTML),
    ("", "text=plain", WRITTEN),
    (PAGE, "text=plain", WRITTEN),
]
each_form = pytest.mark.parametrize(("origin", "query", "text"), FORMS)


@pytest.fixture(autouse=True)
def _interpolating(monkeypatch: pytest.MonkeyPatch) -> None:
    # A page that may not call gets no other form by being listed.
    monkeypatch.setenv("PLAIN_TEXT_ORIGINS", f"{ANGULAR}, {FOREIGN}")
    forget_wiring()


@each_form
def test_videos_are_in_the_form_of_the_caller(
    signed_in: Browser, clock: HandClock, origin: str, query: str, text: str
) -> None:
    [video] = put(clock, "", card=Card(WRITTEN, WRITTEN, WRITTEN, director=WRITTEN))
    signed_in.origin = origin
    paged = f"/video/?page=1&{query}"
    for listed in (
        *signed_in.get(f"/video/?{query}").json,
        *signed_in.get(paged).json["results"],
        signed_in.get(f"/video/{video.id}/?{query}").json,
    ):
        texts = {listed[name] for name in ("title", "description", "category", "director")}
        assert texts == {text}


@each_form
def test_categories_and_answers_to_administrators_are_in_the_form_of_the_caller(
    admin: Browser, origin: str, query: str, text: str
) -> None:
    if origin in (FOREIGN, "null"):
        admin.headers["authorization"] = f"Bearer {admin.cookies['access_token']}"
    admin.origin = origin
    added = admin.post(f"/categories/?{query}", {"name": WRITTEN}).json
    assert (added["name"], added["slug"]) == (text, "tom-b-jerry-b")
    assert added["written"]["name"] == WRITTEN
    assert admin.get(f"/categories/?{query}").json == [_as_listed(added)]
    renamed = admin.patch(f"/categories/{added['id']}/?{query}", {"name": WRITTEN})
    assert renamed.json["name"] == text
    video = admin.post(f"/video/?{query}", {"title": WRITTEN, "category": WRITTEN}).json
    assert (video["title"], video["category"]) == (text, text)
    path = f"/video/{video['id']}/?{query}"
    assert admin.patch(path, {"description": WRITTEN}).json["description"] == text
    assert admin.send("PUT", path, {"title": WRITTEN}).json["title"] == text
    assert video["written"]["title"] == WRITTEN


@each_form
def test_a_refusal_that_names_a_category_is_in_the_form_of_the_caller(
    admin: Browser, origin: str, query: str, text: str
) -> None:
    added = admin.post("/categories/", {"name": "Earlier"}).json
    admin.patch(f"/categories/{added['id']}/", {"name": WRITTEN})
    if origin in (FOREIGN, "null"):
        admin.headers["authorization"] = f"Bearer {admin.cookies['access_token']}"
    admin.origin = origin
    refused = admin.post(f"/categories/?{query}", {"name": "Earlier"})
    quoted = text if text == WRITTEN else escape(WRITTEN, quote=False)
    assert (refused.status, f'"{quoted}"' in refused.json["detail"]) == (409, True)


@each_form
def test_names_of_profiles_are_in_the_form_of_the_caller(
    signed_in: Browser, origin: str, query: str, text: str
) -> None:
    if origin in (FOREIGN, "null"):
        signed_in.headers["authorization"] = f"Bearer {signed_in.cookies['access_token']}"
    signed_in.origin = origin
    added = signed_in.post(f"/profiles/?{query}", {"name": WRITTEN}).json
    assert added["name"] == text
    assert signed_in.get(f"/profiles/?{query}").json[1:] == [added]
    path = f"/profiles/{added['id']}/?{query}"
    assert signed_in.patch(path, {"age_limit": 6}).json["name"] == text
    assert signed_in.get("/profiles/?text=plain").json[1]["name"] == WRITTEN


@each_form
def test_names_of_accounts_are_in_the_form_of_the_caller(
    admin: Browser, signed_in: Browser, origin: str, query: str, text: str
) -> None:
    mine = signed_in.patch("/user/", {"first_name": WRITTEN, "last_name": WRITTEN}).json
    # Its owner alone reads these, into a form.
    assert (mine["first_name"], mine["last_name"]) == (WRITTEN, WRITTEN)
    if origin in (FOREIGN, "null"):
        admin.headers["authorization"] = f"Bearer {admin.cookies['access_token']}"
    admin.origin = origin
    newest = admin.get(f"/admin/accounts/?{query}").json["results"]
    for listed in (
        *admin.get(f"/admin/accounts/?email={mine['email']}&{query}").json["results"],
        *(each for each in newest if each["id"] == mine["id"]),
        admin.patch(f"/admin/accounts/{mine['id']}/?{query}", {"is_active": True}).json,
    ):
        assert (listed["id"], listed["first_name"], listed["last_name"]) == (mine["id"], text, text)


@each_form
def test_labels_of_sessions_and_names_of_files_are_in_the_form_of_the_caller(
    admin: Browser, origin: str, query: str, text: str
) -> None:
    if origin in (FOREIGN, "null"):
        admin.headers["authorization"] = f"Bearer {admin.cookies['access_token']}"
    admin.origin = origin
    token = {"label": WRITTEN, "current_password": PASSWORD}
    issued = admin.post(f"/user/tokens/?{query}", token).json["session"]
    assert issued["label"] == text
    assert issued in admin.get(f"/user/sessions/?{query}").json
    source = {"filename": f"{WRITTEN}.mp4", "size": 1}
    begun = admin.post(f"/uploads/?{query}", source).json
    assert begun["filename"] == f"{text}.mp4"
    assert admin.get(f"/uploads/?{query}").json["results"] == [begun]
    assert admin.get(f"/uploads/{begun['id']}/?{query}").json == {**begun, "parts": []}


@pytest.mark.parametrize("path", ["/video/", "/categories/", "/profiles/"])
def test_an_unknown_form_is_refused(admin: Browser, path: str) -> None:
    sent = {"name": "x", "title": "x"}
    for answer in (admin.get(f"{path}?text=raw"), admin.post(f"{path}?text=raw", sent)):
        assert (answer.status, list(answer.json)) == (400, ["text"])
    assert len(admin.get(f"{path}?include=drafts").json) == (path == "/profiles/")


@pytest.mark.parametrize("path", ["/video/", "/video/?page=1", "/categories/"])
def test_a_kept_answer_of_one_form_is_not_that_of_the_other(
    admin: Browser, signed_in: Browser, clock: HandClock, path: str
) -> None:
    admin.post("/categories/", {"name": WRITTEN})
    put(clock, WRITTEN)
    html = signed_in.get(path)
    signed_in.origin = ANGULAR
    plain = signed_in.get(path, if_none_match=html.headers["etag"])
    assert plain.status == 200
    assert plain.headers["etag"] != html.headers["etag"]
    assert (WRITTEN in plain.body.decode(), AS_HTML in html.body.decode()) == (True, True)
    for answer in (html, plain):
        assert "Origin" in answer.headers["vary"].split(", ")
    again = signed_in.get(path, if_none_match=plain.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    signed_in.origin = PAGE
    assert signed_in.get(path, if_none_match=html.headers["etag"]).status == 304


def test_links_to_other_pages_keep_the_form_of_each_caller(
    signed_in: Browser, clock: HandClock
) -> None:
    put(clock, WRITTEN, "b", "c")
    callers = [(ANGULAR, ""), ("", "&text=plain"), (ANGULAR, "&text=html"), ("", "")]
    nexts = []
    for origin, asked in callers:
        signed_in.origin = origin
        listed = signed_in.get(f"/video/?page_size=2{asked}").json
        nexts.append(listed["next"])
        following = signed_in.get(listed["next"].removeprefix("/api")).json
        text = AS_HTML if asked == "&text=html" or not (origin or asked) else WRITTEN
        assert [each["title"] for each in following["results"]] == [text]
    assert ["text=plain" in each for each in nexts] == [False, True, False, False]


@pytest.fixture
def plain_dialect() -> Iterator[Browser]:
    """A dialect whose clients interpolate, with two views of the core API."""
    dialect = replace(
        OFFICIAL,
        name="plain",
        url_prefix="/api/plain",
        schemes=BEARER_SCHEMES,
        text_is_plain=True,
    )
    api = Api(dialect, Blueprint(__name__))

    @api.get("/categories", access=Access.PUBLIC)
    def list_categories(call: Call[NoBody]) -> Any:
        return VIEWS["categories"](call)

    @api.get("/video", access=Access.SIGNED_IN)
    def list_videos(call: Call[NoBody]) -> Any:
        return VIEWS["videos"](call)

    app = Chalice("plain", configure_logs=False)
    app.register_blueprint(api.blueprint, url_prefix=dialect.url_prefix)
    yield Browser(Gateway(app))
    EVERY_API.remove(api)
    for key in [key for key in SPOKEN_AT if key[1].startswith(dialect.url_prefix)]:
        del SPOKEN_AT[key]


VIEWS: dict[str, Any] = {
    name: next(each.view for each in module.api.operations if each.method == "GET")
    for name, module in (("categories", categories), ("videos", videos))
}


@pytest.mark.parametrize(
    ("query", "text"), [("", WRITTEN), ("text=html", AS_HTML), ("text=plain", WRITTEN)]
)
def test_a_dialect_of_interpolating_clients_gets_plain_text(
    admin: Browser, plain_dialect: Browser, clock: HandClock, query: str, text: str
) -> None:
    added = _as_listed(admin.post("/categories/?text=plain", {"name": WRITTEN}).json)
    put(clock, WRITTEN)
    plain_dialect.headers["authorization"] = f"Bearer {admin.cookies['access_token']}"
    for origin in ("", PAGE):
        plain_dialect.origin = origin
        listed = plain_dialect.get(f"/plain/categories/?{query}").json
        assert listed == [{**added, "name": text}]
        assert [each["title"] for each in plain_dialect.get(f"/plain/video/?{query}").json] == [
            text
        ]


@pytest.mark.parametrize("path", ["/videos/", "/trailers/"])
@pytest.mark.parametrize(("origin", "query", "text"), FORMS)
def test_a_shared_path_knows_a_caller_by_its_scheme_and_not_by_itself(
    signed_in: Browser, clock: HandClock, path: str, origin: str, query: str, text: str
) -> None:
    put(clock, "", card=Card(WRITTEN, WRITTEN, WRITTEN, is_trailer=True))
    signed_in.origin = origin
    unknown = signed_in.get(f"{path}?{query}")
    assert [each["title"] for each in unknown.json] == [text]
    bearer = {"authorization": f"Bearer {signed_in.cookies['access_token']}"}
    known = signed_in.get(f"{path}?{query}", if_none_match=unknown.headers["etag"], **bearer)
    in_form = AS_HTML if query == "text=html" else WRITTEN
    assert known.status == (304 if in_form == text else 200)
    assert in_form in (known if known.body else unknown).body.decode()
    assert "Authorization" in known.headers["vary"].split(", ")


def _as_listed(category: Mapping[str, Any]) -> dict[str, Any]:
    return {name: category[name] for name in ("id", "name", "slug")}
