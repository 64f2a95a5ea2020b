"""Age ratings over HTTP: what a profile with an age limit neither sees nor plays."""

from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.viewing.profile_cache import REMEMBERED_FOR
from tests.api.conftest import ADDRESS, PASSWORD
from tests.api.encoder import Encoder
from tests.api.test_calls import calls
from tests.browser import Browser
from tests.fakes.clock import HandClock

__all__ = ["calls"]

# Of one video each; None is not rated.
RATINGS = (None, 0, 6, 12, 16, 18)
PLAYS = ("master.m3u8", "480p/index.m3u8", "storyboard.vtt", "files")
LISTS = ("/video/", "/video/?include=playable", "/video/?search=metropolis", "/video/?page=1")


@pytest.fixture
def rated(encoder: Encoder, admin: Browser, signed_in: Browser) -> dict[int | None, int]:
    """Return the ids of videos by their ratings; all processes know them."""
    videos: dict[int | None, int] = {each: encoder.video().id for each in RATINGS}
    for rating, video in videos.items():
        if rating is not None:
            rate(admin, video, rating)
    assert len(signed_in.get("/video/").json) == len(RATINGS)
    return videos


@pytest.fixture
def above(rated: dict[int | None, int], signed_in: Browser) -> int:
    """Return the id of a video that the default profile may not see, and another one may."""
    limit(signed_in, 12)
    return rated[16]


def rate(admin: Browser, video: int, rating: int) -> None:
    answer = admin.patch(f"/video/{video}/", {"age_rating": rating})
    assert (answer.status, answer.json["age_rating"]) == (200, rating)


def limit(browser: Browser, age_limit: int, profile: str = "default") -> None:
    answer = browser.patch(f"/profiles/{profile}/", {"age_limit": age_limit})
    assert (answer.status, answer.json["age_limit"]) == (200, age_limit)


def add(browser: Browser, **sent: Any) -> str:
    return str(browser.post("/profiles/", {"name": "Another", **sent}).json["id"])


def listed(browser: Browser, path: str = "/video/", **headers: str) -> list[int | None]:
    """Return the ratings in a list, in ascending order; those that are not rated last."""
    answer = browser.get(path, **headers)
    assert answer.status == 200, answer.body
    videos = answer.json["results"] if isinstance(answer.json, dict) else answer.json
    return sorted((each["age_rating"] for each in videos), key=lambda each: (each is None, each))


@pytest.mark.parametrize("path", LISTS)
def test_a_list_holds_what_is_within_the_limit_of_the_profile(
    signed_in: Browser, rated: dict[int | None, int], path: str
) -> None:
    assert len(rated) == len(RATINGS)
    assert listed(signed_in, path) == [0, 6, 12, 16, 18, None]
    for age_limit in (0, 12, 17):
        limit(signed_in, age_limit)
        expected = [each for each in RATINGS if each is not None and each <= age_limit]
        assert listed(signed_in, path) == expected
    limit(signed_in, 18)
    assert listed(signed_in, path) == [0, 6, 12, 16, 18, None]


def test_a_request_may_choose_a_profile_with_another_limit(
    signed_in: Browser, rated: dict[int | None, int]
) -> None:
    kids, adult = add(signed_in, age_limit=6), add(signed_in)
    limit(signed_in, 12)
    assert listed(signed_in) == [0, 6, 12]
    assert listed(signed_in, f"/video/?profile={kids}") == [0, 6]
    assert listed(signed_in, f"/video/?profile={adult}") == [0, 6, 12, 16, 18, None]
    assert signed_in.get("/video/?profile=unknown").status == 404
    assert signed_in.get(f"/video/{rated[12]}/?profile={kids}").status == 404
    assert signed_in.get(f"/video/{rated[12]}/").json["age_rating"] == 12


def test_a_profile_with_a_pin_shows_and_plays_nothing_until_it_is_unlocked(
    signed_in: Browser, above: int
) -> None:
    adult = add(signed_in, pin="1234")
    paths = ["/video/", f"/video/{above}/", *(f"/video/{above}/{each}/" for each in PLAYS)]
    for path in paths:
        locked = signed_in.get(f"{path}?profile={adult}")
        assert (locked.status, locked.json["detail"]) == (403, "Unlock this profile with its PIN.")
    unlocked = signed_in.post(f"/profiles/{adult}/unlock/", {"pin": "1234"})
    for path in paths:
        answer = signed_in.get(f"{path}?profile={adult}", x_profile_token=unlocked.json["token"])
        assert answer.status == 200


@pytest.mark.parametrize("name", PLAYS)
def test_a_video_above_the_limit_plays_for_another_profile_alone(
    signed_in: Browser, above: int, rated: dict[int | None, int], name: str
) -> None:
    adult = add(signed_in)
    for video in (above, rated[None]):
        assert signed_in.get(f"/video/{video}/{name}/").status == 404
        assert signed_in.get(f"/video/{video}/{name}/?profile={adult}").status == 200
    assert signed_in.get(f"/video/{rated[12]}/{name}/").status == 200


def test_a_native_player_which_sends_no_header_plays_what_its_profile_may_see_alone(
    signed_in: Browser, above: int, rated: dict[int | None, int]
) -> None:
    child, adult = add(signed_in, age_limit=6), add(signed_in, pin="1234")
    for video, status in ((rated[6], 200), (rated[12], 404), (above, 404)):
        path = f"/video/{video}/master.m3u8?profile={child}"
        assert signed_in.get(path).status == status
    assert signed_in.get(f"/video/{above}/master.m3u8?profile={adult}").status == 403
    listed = signed_in.get(f"/video/{rated[6]}/master.m3u8?profile={child}").body.decode()
    [url, *_] = [each for each in listed.splitlines() if each.startswith("playlist/")]
    without_cookies = Browser(signed_in.server)
    assert without_cookies.get(f"/video/{rated[6]}/{url}").status == 200
    assert without_cookies.get(f"/video/{above}/{url}").status == 403


def test_limits_hide_nothing_until_a_video_is_rated(
    signed_in: Browser, admin: Browser, encoder: Encoder
) -> None:
    video, other = encoder.video().id, encoder.video().id
    limit(signed_in, 0)
    assert listed(signed_in) == [None, None]
    assert signed_in.get(f"/video/{video}/master.m3u8").status == 200
    rate(admin, video, 0)
    assert listed(signed_in) == [0]
    assert signed_in.get(f"/video/{other}/master.m3u8").status == 404


def test_what_was_watched_is_listed_while_it_is_within_the_limit(
    signed_in: Browser, rated: dict[int | None, int]
) -> None:
    for video in rated.values():
        sent = {"video": video, "position": 50, "duration": 100}
        assert signed_in.post("/progress/", sent).status == 201
        assert signed_in.send("PUT", f"/watchlist/{video}/").status == 200
    for age_limit, ratings in ((6, (0, 6)), (18, RATINGS)):
        limit(signed_in, age_limit)
        for path in ("/continue-watching/", "/history/", "/watchlist/"):
            videos = {each["video"] for each in signed_in.get(path).json["results"]}
            assert videos == {rated[each] for each in ratings}


def test_a_report_of_a_video_above_the_limit_is_one_of_a_missing_video(
    signed_in: Browser, above: int
) -> None:
    sent = {"position": 50, "duration": 100}
    answers = [signed_in.post("/progress/", {**sent, "video": each}) for each in (above, 7)]
    assert [each.status for each in answers] == [404, 404]
    assert answers[0].body == answers[1].body
    assert (
        signed_in.post(f"/progress/?profile={add(signed_in)}", {**sent, "video": above}).status
        == 201
    )


def test_links_of_a_list_repeat_the_profile_of_their_caller_alone(
    signed_in: Browser, rated: dict[int | None, int]
) -> None:
    assert rated
    first, second = add(signed_in, age_limit=12), add(signed_in, age_limit=12)
    limit(signed_in, 12)
    for profile in (first, second, "", first):
        chosen = f"&profile={profile}" if profile else ""
        page = signed_in.get(f"/video/?page_size=2{chosen}").json
        assert page["count"] == 3
        query = parse_qs(urlsplit(page["next"]).query)
        assert query.get("profile", [""]) == [profile]


def test_administrators_see_everything_among_drafts_and_obey_their_profile_elsewhere(
    admin: Browser, rated: dict[int | None, int], encoder: Encoder
) -> None:
    draft = encoder.video(is_published=False).id
    rate(admin, draft, 16)
    limit(admin, 12)
    assert listed(admin, "/video/?include=drafts") == [0, 6, 12, 16, 16, 18, None]
    assert listed(admin) == [0, 6, 12]
    for video in (rated[16], draft):
        assert admin.get(f"/video/{video}/?include=drafts").status == 200
        for path in ("", *PLAYS):
            assert admin.get(f"/video/{video}/{path}").status == 404
    rate(admin, draft, 12)
    assert admin.get(f"/video/{draft}/").status == 200
    assert admin.get(f"/video/{draft}/master.m3u8").status == 200


@pytest.mark.parametrize("dialect", ["authemail", "djoser"])
def test_other_dialects_obey_the_default_profile(
    signed_in: Browser, rated: dict[int | None, int], above: int, dialect: str
) -> None:
    client = Browser(signed_in.server)
    client.headers["authorization"] = authorization(client, dialect)
    paths = ["/videos/"] if dialect == "authemail" else ["/videos/", "/progress/"]
    for video in rated.values():
        limit(signed_in, 18)
        sent = {"video": video, "position": 50, "duration": 100}
        assert signed_in.post("/progress/", sent).status == 201
    for age_limit, ratings in ((6, (0, 6)), (18, RATINGS)):
        limit(signed_in, age_limit)
        for path in paths:
            ids = {each.get("video", each["id"]) for each in client.get(path).json}
            assert ids == {rated[each] for each in ratings}
    assert client.get(f"/videos/{above}/").status == 200
    limit(signed_in, 12)
    assert client.get(f"/videos/{above}/").status == 404
    assert client.get(f"/videos/{rated[12]}/").status == 200


def authorization(client: Browser, dialect: str) -> str:
    account = {"email": ADDRESS, "password": PASSWORD}
    if dialect == "authemail":
        return f"Token {client.post('/accounts/login/', account).json['token']}"
    return f"Bearer {client.post('/auth/jwt/create/', account).json['access']}"


def test_a_rated_catalogue_costs_one_read_of_the_profiles_in_a_minute(
    signed_in: Browser, above: int, calls: Counter[str], clock: HandClock
) -> None:
    clock.advance(seconds=REMEMBERED_FOR.total_seconds())
    signed_in.get("/user/")
    for reads in ({"GetItem": 1}, {}):
        signed_in.get("/categories/")  # polls the catalogue changes
        calls.clear()
        assert listed(signed_in) == [0, 6, 12]
        assert signed_in.get("/videos/").status == 200
        assert dict(calls) == reads
    assert signed_in.get(f"/video/{above}/").status == 404
