"""The calls of a client of djoser and simplejwt, in its order and with its headers.

The tests of its traps are numbered as there. That bodies are empty or JSON (7) is held by `Page`
for each request.
"""

import re
from urllib.parse import urlsplit

from chalicelib.catalogue.model import VideoId
from chalicelib.wiring import viewing
from tests.dialects.conftest import OurPlayer
from tests.dialects.page import ORIGIN, Page
from tests.dialects.request import ADA, OTHER_PASSWORD, PASSWORD, Preparation

AUTH = "/api/auth"
ACCOUNT = {"email": ADA, "password": PASSWORD}
LINK = re.compile(rf"{ORIGIN}/auth/(activate|reset-password)/([\w.~-]+)/([\w.~-]+)")


def mailed_link(player: OurPlayer, page: str) -> dict[str, str]:
    link = LINK.search(player.mails()[-1])
    assert link, player.mails()[-1]
    assert link[1] == page
    return {"uid": link[2], "token": link[3]}


def signed_up(player: OurPlayer) -> Page:
    page = Page(player.gateway, {"Accept-Language": "en"})
    assert page.post(f"{AUTH}/users/", ACCOUNT | {"re_password": PASSWORD}).status == 201
    link = mailed_link(player, "activate")
    assert page.post(f"{AUTH}/users/activation/", link).status == 204
    return page


def signed_in(player: OurPlayer) -> tuple[Page, str]:
    """Return the page of a viewer, and the refresh token that it keeps."""
    page = signed_up(player)
    pair = page.post(f"{AUTH}/jwt/create/", ACCOUNT).body
    page.headers["Authorization"] = f"Bearer {pair['access']}"
    return page, pair["refresh"]


def test_2_the_refresh_token_stays_the_same(player: OurPlayer) -> None:
    page, refresh = signed_in(player)
    for _ in range(3):
        player.clock.advance(hours=1)
        access = page.post(f"{AUTH}/jwt/refresh/", {"refresh": refresh}).body["access"]
        page.headers["Authorization"] = f"Bearer {access}"
        assert page.get("/api/videos/").status == 200


def test_1_a_dead_refresh_token_is_400(player: OurPlayer) -> None:
    page, refresh = signed_in(player)
    player.clock.advance(days=400)
    for dead in (refresh, "x.y.z"):
        assert page.post(f"{AUTH}/jwt/refresh/", {"refresh": dead}).status == 400


def test_a_wrong_password_is_the_sentence_that_the_client_compares(player: OurPlayer) -> None:
    page = signed_up(player)
    page.headers["Accept-Language"] = "de"
    answer = page.post(f"{AUTH}/jwt/create/", ACCOUNT | {"password": OTHER_PASSWORD})
    assert (answer.status, list(answer.body)) == (401, ["detail"])
    assert "no active" in answer.body["detail"].lower()


def test_3_public_routes_ignore_a_stale_token(player: OurPlayer) -> None:
    page = Page(player.gateway, {"Authorization": "Bearer x.y.z"})
    assert page.post(f"{AUTH}/users/", ACCOUNT | {"re_password": PASSWORD}).status == 201
    link = mailed_link(player, "activate")
    assert page.post(f"{AUTH}/users/activation/", link).status == 204
    assert page.post(f"{AUTH}/jwt/create/", ACCOUNT).status == 200


def test_a_forgotten_password_is_replaced_by_the_link_of_a_mail(player: OurPlayer) -> None:
    page = signed_up(player)
    page.headers["X-CSRFToken"] = ""
    answer = page.post(f"{AUTH}/users/reset_password/", {"email": ADA})
    assert answer.status == 204
    assert answer.headers["access-control-allow-credentials"] == "true"
    new = {"new_password": OTHER_PASSWORD, "re_new_password": OTHER_PASSWORD}
    link = mailed_link(player, "reset-password")
    assert page.post(f"{AUTH}/users/reset_password_confirm/", link | new).status == 204
    assert page.post(f"{AUTH}/jwt/create/", ACCOUNT).status == 401


def test_4_videos_and_trailers_have_files_with_absolute_urls(player: OurPlayer) -> None:
    page, _ = signed_in(player)
    player.prepare(Preparation.TRAILER, {})
    [trailer] = page.get("/api/trailers/").body
    assert page.get("/api/videos/").body == [trailer]
    assert page.get(f"/api/videos/{trailer['id']}/").body == trailer
    assert (trailer["category"], trailer["is_trailer"]) == ("Drama", True)
    [variant] = trailer["source_variants"]
    assert variant["height"] == 720
    for url in (trailer["thumb"], trailer["video_file"], variant["path"]):
        assert urlsplit(url).scheme.startswith("http")
    guessed = trailer["video_file"].replace(".mp4", "_720p.mp4", 1)
    assert variant["path"] == guessed


def test_an_activation_link_of_the_backend_leads_to_the_page_and_confirms_nothing(
    player: OurPlayer,
) -> None:
    page = Page(player.gateway)
    assert page.post(f"{AUTH}/users/", ACCOUNT | {"re_password": PASSWORD}).status == 201
    link = mailed_link(player, "activate")
    for _ in range(2):
        answer = page.get(f"/activate/{link['uid']}/{link['token']}/")
        assert answer.status == 302
        assert answer.headers["location"] == (
            f"{ORIGIN}/auth/activate/{link['uid']}/{link['token']}"
        )
    assert page.post(f"{AUTH}/jwt/create/", ACCOUNT).status == 401
    assert page.post(f"{AUTH}/users/activation/", link).status == 204
    assert page.post(f"{AUTH}/jwt/create/", ACCOUNT).status == 200


def test_a_report_without_an_event_is_always_stored(player: OurPlayer) -> None:
    page, _ = signed_in(player)
    video = int(player.prepare(Preparation.VIDEO, {})["video"])
    for position in (5.5, 10.5, 15.5):
        player.clock.advance(seconds=5)
        sent = {"video": video, "position": position, "duration": 98.5}
        assert page.post("/api/progress/", sent).body["thinned"] is False
        answer = page.get(f"/api/progress/get_progress?video={video}")
        assert answer.body == {"position": position, "duration": 98.5}


def test_a_program_with_a_bearer_token_reports_events_and_watched_seconds(
    player: OurPlayer,
) -> None:
    page, _ = signed_in(player)
    video = int(player.prepare(Preparation.VIDEO, {})["video"])
    thinned = []
    for position in range(5, 25, 5):
        player.clock.advance(seconds=5)
        sent = {"video": video, "position": position, "duration": 98, "event": "regular"}
        thinned.append(page.post("/api/progress/", sent | {"watched_seconds": 5}).body["thinned"])
    assert thinned == [False, True, True, False]
    player.clock.advance(days=1)
    assert viewing.clean_up().run().settled == 1
    assert [each.seconds for each in viewing.audience_figures().store.of(VideoId(video))] == [10]


def test_8_a_preflight_allows_the_headers_of_the_client(player: OurPlayer) -> None:
    headers = ("authorization", "accept-language", "content-type", "x-csrftoken")
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": ", ".join(headers),
    }
    path = f"{AUTH}/users/reset_password/"
    answer = Page(player.gateway).send("OPTIONS", path, None, asked)
    assert answer.status == 200
    assert answer.headers["access-control-allow-credentials"] == "true"
    allowed = answer.headers["access-control-allow-headers"].split(", ")
    assert set(headers) <= set(allowed)


def test_5_a_position_is_read_without_the_slash_and_without_a_redirect(player: OurPlayer) -> None:
    page, _ = signed_in(player)
    video = player.encoder.video().id
    path = f"/api/progress/get_progress?video={video}"
    answer = page.get(path)
    assert (answer.status, answer.body) == (200, {"position": 0, "duration": 0})
    asked = {
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    assert Page(player.gateway).send("OPTIONS", path, None, asked).status == 200


def test_6_positions_are_fractions_and_zeros_end_a_video(player: OurPlayer) -> None:
    page, _ = signed_in(player)
    video = player.encoder.video().id
    for position, duration in ((7.625, 20.04), (12.75, 20.04), (0, 0)):
        player.clock.advance(minutes=1)
        report = {"video": video, "position": position, "duration": duration}
        assert page.post("/api/progress/", report).status == 201
        stored = page.get(f"/api/progress/get_progress?video={video}").body["position"]
        assert stored == position
