"""The calls of a client of django-rest-authemail, in its order and with its headers.

A browser shows that media need neither headers nor cookies, that a missing size is a 404, and that
players ask for ranges: `integration/test_clients_in_chromium.py`. Another client, which was never
finished, shares the routes of accounts and sends a token that is over on each of them.
"""

import re
from urllib.parse import urlsplit

from tests.dialects.conftest import OurPlayer
from tests.dialects.page import ORIGIN, Page
from tests.dialects.request import ADA, OTHER_PASSWORD, PASSWORD, Preparation

ACCOUNTS = "/api/accounts"
ACCOUNT = {"email": ADA, "password": PASSWORD}
STALE = {"Authorization": f"Token {'0' * 40}"}
LINK = re.compile(rf"{ORIGIN}/(email-verify|new-password)\?code=([\w.~-]+)")


def mailed_code(player: OurPlayer, page: str) -> str:
    link = LINK.search(player.mails()[-1])
    assert link, player.mails()[-1]
    assert link[1] == page
    return link[2]


def signed_up(player: OurPlayer) -> Page:
    page = Page(player.gateway)
    assert page.post(f"{ACCOUNTS}/signup/", ACCOUNT).status == 201
    code = mailed_code(player, "email-verify")
    assert page.get(f"{ACCOUNTS}/signup/verify/?code={code}").body["success"]
    return page


def signed_in(player: OurPlayer) -> Page:
    page = signed_up(player)
    answer = page.post(f"{ACCOUNTS}/login/", ACCOUNT)
    page.headers["Authorization"] = f"Token {answer.body['token']}"
    return page


def test_a_viewer_signs_up_and_in_and_out(player: OurPlayer) -> None:
    page = signed_in(player)
    assert page.get("/api/categories/").body == []
    assert page.get("/api/videos/").body == []
    assert page.get(f"{ACCOUNTS}/logout/").status == 200
    assert page.get("/api/videos/").status == 401


def test_errors_of_a_sign_up_are_lists_by_field(player: OurPlayer) -> None:
    page = Page(player.gateway)
    for wrong in ({"email": "ada"}, {"password": "1"}):
        answer = page.post(f"{ACCOUNTS}/signup/", ACCOUNT | wrong)
        assert (answer.status, [*answer.body]) == (400, [*wrong])
        assert all(isinstance(text, str) for texts in answer.body.values() for text in texts)


def test_a_taken_address_is_answered_like_a_free_one(player: OurPlayer) -> None:
    page = signed_up(player)
    again = page.post(f"{ACCOUNTS}/signup/", ACCOUNT)
    assert (again.status, again.body["email"]) == (201, ADA)


def test_a_forgotten_password_is_replaced_by_the_code_of_a_mail(player: OurPlayer) -> None:
    page = signed_up(player)
    assert page.post(f"{ACCOUNTS}/password/reset/", {"email": ADA}).status == 201
    code = mailed_code(player, "new-password")
    assert page.get(f"{ACCOUNTS}/password/reset/verify/?code={code}").status == 200
    new = {"code": code, "password": OTHER_PASSWORD}
    assert page.post(f"{ACCOUNTS}/password/reset/verified/", new).status == 200
    assert page.post(f"{ACCOUNTS}/password/reset/verified/", new).status == 400
    assert page.post(f"{ACCOUNTS}/login/", ACCOUNT).status == 401
    assert page.post(f"{ACCOUNTS}/login/", ACCOUNT | {"password": OTHER_PASSWORD}).status == 200


def test_a_stale_token_does_not_close_the_public_routes(player: OurPlayer) -> None:
    page = Page(player.gateway, {**STALE})
    assert page.post(f"{ACCOUNTS}/signup/", ACCOUNT).status == 201
    code = mailed_code(player, "email-verify")
    assert page.get(f"{ACCOUNTS}/signup/verify/?code={code}").status == 200
    assert page.post(f"{ACCOUNTS}/login/", ACCOUNT).status == 200
    assert page.post(f"{ACCOUNTS}/password/reset/", {"email": ADA}).status == 201
    new = {"code": mailed_code(player, "new-password"), "password": OTHER_PASSWORD}
    assert page.post(f"{ACCOUNTS}/password/reset/verified/", new).status == 200


def test_videos_are_an_array_with_the_newest_first_and_categories_are_objects(
    player: OurPlayer,
) -> None:
    page = signed_in(player)
    older = player.prepare(Preparation.VIDEO, {})
    newer = player.encoder.video()
    videos = page.get("/api/videos/").body
    assert [each["id"] for each in videos] == [newer.id, int(older["video"])]
    assert videos[1]["category"]["name"] == "Drama"
    assert urlsplit(videos[1]["thumbnail"]).scheme.startswith("http")
    [category] = page.get("/api/categories/").body
    assert category == videos[1]["category"]


def test_the_files_of_other_heights_are_guessed_from_the_url_of_the_best(player: OurPlayer) -> None:
    page = signed_in(player)
    player.prepare(Preparation.VIDEO, {})
    [video] = page.get("/api/videos/").body
    assert urlsplit(video["file"]).path.endswith("/1/mp4/film.mp4")
    assert "//" not in urlsplit(video["file"]).path
    assert video["file"].count(".mp4") == 1
    guessed = video["file"].replace(".mp4", "_720p.mp4", 1)
    assert urlsplit(video["file"]).query == urlsplit(guessed).query != ""
    assert urlsplit(guessed).path.endswith("_720p.mp4")


def test_a_preflight_allows_the_headers_of_the_client(player: OurPlayer) -> None:
    asked = {
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    answer = Page(player.gateway).send("OPTIONS", "/api/videos/", None, asked)
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "authorization" in answer.headers["access-control-allow-headers"]
