"""What administrators of a djoser frontend read and write: drafts, translations, their answers."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest

from chalicelib.accounts.model import Account
from chalicelib.api.core.dialect_videos import ForAdministrators
from chalicelib.api.core.fields_by_language import ChangesByLanguage
from chalicelib.catalogue.model import Translation, VideoId
from chalicelib.language import Language
from chalicelib.wiring import accounts, catalogue
from infra.local.gateway import HttpRequest
from tests.api.spending import measured
from tests.dialects.conftest import OurPlayer
from tests.dialects.page import ORIGIN, Page, Received
from tests.dialects.request import ADA, PASSWORD, ROOT, Preparation

_NEW = {"title": "Metropolis", "description": "A city.", "category": "Drama"}


def signed_in(player: OurPlayer, email: str) -> Page:
    page = Page(player.gateway, {"Accept-Language": "en"})
    pair = page.post("/api/auth/jwt/create/", {"email": email, "password": PASSWORD}).body
    page.headers["Authorization"] = f"Bearer {pair['access']}"
    return page


@pytest.fixture
def admin(player: OurPlayer) -> Page:
    player.prepare(Preparation.ADMINISTRATOR, {})
    return signed_in(player, ROOT)


@pytest.fixture
def viewer(player: OurPlayer) -> Page:
    accounts.administration().ensure_admin(email=ADA, password=PASSWORD)
    [account] = accounts.administration().by_email(ADA)
    accounts.account_store().save(_demoted(account))
    return signed_in(player, ADA)


def _demoted(account: Account) -> Account:
    return replace(account, is_admin=False)


def patch(page: Page, video: int, sent: object, **headers: str) -> Received:
    json_type = {"Content-Type": "application/json"}
    return page.send("PATCH", f"/api/videos/{video}/", sent, {**json_type, **headers})


def read(page: Page, video: int, language: str) -> Any:
    return page.get(f"/api/videos/{video}/", **{"Accept-Language": language}).body


def test_what_an_administrator_adds_is_in_the_list_for_administrators_alone(
    player: OurPlayer, admin: Page, viewer: Page
) -> None:
    video = int(player.prepare(Preparation.VIDEO, {})["video"])
    draft = admin.post("/api/videos/", _NEW).body
    assert draft["is_published"] is False
    listed = {each["id"]: each["is_published"] for each in admin.get("/api/videos/").body}
    assert listed == {draft["id"]: False, video: True}
    assert admin.get(f"/api/videos/{video}/").body["is_published"] is True
    [seen] = viewer.get("/api/videos/").body
    assert seen["id"] == video
    assert not ForAdministrators.__annotations__.keys() & seen.keys()
    assert viewer.get(f"/api/videos/{draft['id']}/").status == 404


def test_drafts_are_no_trailers_of_a_start_page(player: OurPlayer, admin: Page) -> None:
    player.prepare(Preparation.TRAILER, {})
    admin.post("/api/videos/", {**_NEW, "is_trailer": True})
    assert [each["title"] for each in admin.get("/api/trailers/").body] == ["Metropolis"]


def test_the_token_of_a_demoted_administrator_shows_no_drafts(admin: Page) -> None:
    admin.post("/api/videos/", _NEW)
    [account] = accounts.administration().by_email(ROOT)
    accounts.account_store().save(_demoted(account))
    assert admin.get("/api/videos/").body == []


def test_only_the_list_of_an_administrator_reads_the_account(
    player: OurPlayer, admin: Page, viewer: Page
) -> None:
    player.prepare(Preparation.VIDEO, {})
    for page, calls in ((viewer, {}), (admin, {"GetItem": 1})):
        page.get("/api/videos/")
        with measured() as spent:
            assert page.get("/api/videos/").status == 200
        assert dict(spent.calls) == calls


def test_an_age_limit_holds_for_drafts_too(player: OurPlayer, admin: Page) -> None:
    player.prepare(Preparation.VIDEO, {})
    admin.post("/api/videos/", {**_NEW, "age_rating": 18})
    limited = {"Authorization": admin.headers["Authorization"]}
    body = {"age_limit": 12}
    path = "/api/profiles/default/"
    changed = admin.send("PATCH", path, body, {"Content-Type": "application/json", **limited})
    assert changed.status == 200
    player.clock.advance(minutes=2)
    assert admin.get("/api/videos/").body == []


def test_a_text_of_each_language_is_a_translation(player: OurPlayer, admin: Page) -> None:
    video = int(player.prepare(Preparation.VIDEO, {})["video"])
    sent = {"title_de": "Die Stadt", "description_de": "Stumm."}
    answer = patch(admin, video, sent)
    assert answer.status == 200
    assert {name: answer.body[name] for name in sent} == sent
    assert (answer.body["title"], answer.body["title_en"]) == ("Metropolis", None)
    assert read(admin, video, "de")["title"] == "Die Stadt"
    assert catalogue.curation().get(VideoId(video)).card.translations == {
        Language.GERMAN: Translation("Die Stadt", "Stumm.")
    }
    assert patch(admin, video, {"title_de": None, "description_de": ""}).status == 200
    assert read(admin, video, "de")["title"] == "Metropolis"


def test_a_description_may_be_translated_alone(player: OurPlayer, admin: Page) -> None:
    video = int(player.prepare(Preparation.VIDEO, {})["video"])
    assert patch(admin, video, {"description_de": "Stumm."}).status == 200
    german = read(admin, video, "de")
    assert (german["title"], german["description"]) == ("Metropolis", "Stumm.")


def test_a_text_without_a_language_is_that_of_the_caller_alone(
    player: OurPlayer, admin: Page
) -> None:
    video = int(player.prepare(Preparation.VIDEO, {})["video"])
    patch(admin, video, {"title_de": "Die Stadt", "title_en": "The City"})
    answer = patch(admin, video, {"title": "Stadt"}, **{"Accept-Language": "de"})
    assert (answer.body["title"], answer.body["title_de"]) == ("Stadt", "Stadt")
    assert read(admin, video, "en")["title"] == "The City"
    assert catalogue.curation().get(VideoId(video)).card.title == "Metropolis"


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_answer_can_be_sent_back_and_changes_nothing(
    player: OurPlayer, admin: Page, method: str
) -> None:
    video = int(player.prepare(Preparation.VIDEO, {})["video"])
    unseen = {"age_rating": 12, "publish_at": "2030-01-02T00:00:00Z", "tags": ["silent"]}
    patch(admin, video, {"title_de": "Die Stadt", "genre": "Film", **unseen})
    stored = catalogue.curation().get(VideoId(video)).card
    for language in Language:
        before = read(admin, video, language)
        headers = {"Content-Type": "application/json", "Accept-Language": language}
        answer = admin.send(method, f"/api/videos/{video}/", before, headers)
        assert (answer.status, answer.body) == (200, before)
    assert catalogue.curation().get(VideoId(video)).card == stored


@pytest.mark.parametrize(
    ("sent", "language", "stored"),
    [
        ({"title_en": "The City", "title_de": "Die Stadt"}, "de", "Die Stadt"),
        ({"title_en": "The City", "title_de": "Die Stadt"}, "fr", "The City"),
        ({"title_de": "Die Stadt", "title_en": None}, "en", "Die Stadt"),
        ({"title": "Metropolis", "title_de": "Die Stadt"}, "de", "Metropolis"),
    ],
)
def test_a_new_video_is_called_as_in_a_language(
    admin: Page, sent: dict[str, object], language: str, stored: str
) -> None:
    json_type = {"Content-Type": "application/json", "Accept-Language": language}
    answer = admin.send("POST", "/api/videos/", sent, json_type)
    assert answer.status == 201
    by_language = {"title_en": None, "title_de": None, **sent}
    assert answer.body["title_de"] == by_language["title_de"]
    assert answer.body["title_en"] == by_language["title_en"]
    card = catalogue.curation().get(VideoId(answer.body["id"])).card
    assert (card.title, card.description) == (stored, "")
    path, texts = f"/api/videos/{answer.body['id']}/", {"title_de": "Neu"}
    assert admin.send("PUT", path, texts, json_type).body["title_de"] == "Neu"
    assert catalogue.curation().get(VideoId(answer.body["id"])).card.title == stored


@pytest.mark.parametrize("sent", [{}, {"title_de": None}, {"title_de": "", "genre": "x"}])
def test_a_video_needs_a_name_in_any_language(
    player: OurPlayer, admin: Page, sent: dict[str, object]
) -> None:
    video = int(player.prepare(Preparation.VIDEO, {})["video"])
    json_type = {"Content-Type": "application/json"}
    for method, path in (("POST", "/api/videos/"), ("PUT", f"/api/videos/{video}/")):
        refused = admin.send(method, path, {"genre": "x", **sent}, json_type)
        assert (refused.status, refused.body) == (400, {"title": ["This field is required."]})


def test_each_language_has_its_fields() -> None:
    names = {f"{text}_{language}" for text in ("title", "description") for language in Language}
    assert {each.name for each in fields(ChangesByLanguage)} >= names
    assert names == ForAdministrators.__annotations__.keys() - {"is_published"}


def test_a_video_is_published_and_withdrawn(player: OurPlayer, admin: Page) -> None:
    video = int(player.prepare(Preparation.VIDEO, {})["video"])
    assert patch(admin, video, {"is_published": False}).body["is_published"] is False
    assert read(admin, video, "en")["is_published"] is False


def as_form_data(page: Page, method: str, path: str, *parts: str) -> Any:
    raw = "".join(f"--x\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)
    headers = {
        "Origin": ORIGIN,
        "Content-Type": "multipart/form-data; boundary=x",
        "Authorization": page.headers["Authorization"],
    }
    body = f"{raw}--x--\r\n".encode()
    return page.gateway.handle(HttpRequest(method, path, [*headers.items()], body))


def test_a_form_of_texts_is_taken_and_one_with_a_file_says_how_files_are_sent(
    player: OurPlayer, admin: Page
) -> None:
    video = int(player.prepare(Preparation.VIDEO, {})["video"])
    texts = ('name="title"\r\n\r\nM', 'name="is_trailer"\r\n\r\ntrue')
    answer = as_form_data(admin, "PATCH", f"/api/videos/{video}/", *texts)
    assert answer.status == 200
    assert (read(admin, video, "en")["title"], read(admin, video, "en")["is_trailer"]) == (
        "M",
        True,
    )
    file = 'name="video_file"; filename="film.mp4"\r\nContent-Type: video/mp4\r\n\r\nx'
    for method, path in (("POST", "/api/videos/"), ("PUT", f"/api/videos/{video}/")):
        refused = as_form_data(admin, method, path, *texts, file)
        assert refused.status == 400
        said = "Files are not sent here: begin an upload with POST /api/uploads/."
        assert json.loads(refused.body) == {"video_file": [said]}
