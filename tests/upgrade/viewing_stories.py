"""What viewers kept before the upgrade: profiles, progress, watchlists, moves, imports."""

from collections.abc import Mapping
from typing import Any

from tests.browser import Answer, Browser
from tests.upgrade.living import PASSWORD
from tests.upgrade.stories import Upgraded
from tests.upgrade.viewing import AGE_LIMIT, AGE_RATING, DURATION, PIN, POSITION

Kept = Mapping[str, Any]


def of_profile(browser: Browser, kept: Kept, path: str, token: str) -> Answer:
    """Read what the recorded profile keeps."""
    return browser.get(f"/{path}?profile={kept['profiles']['id']}", x_profile_token=token)


def test_a_profile_stays_unlocked_in_its_session(upgraded: Upgraded, kept: Kept) -> None:
    profiles = kept["profiles"]
    browser = Browser(upgraded.videos.server, cookies=dict(profiles["cookies"]))
    assert of_profile(browser, kept, "history/", "").status == 403
    assert of_profile(browser, kept, "history/", profiles["token"]).status == 200


def test_profiles_keep_their_limit_and_their_pin(upgraded: Upgraded, kept: Kept) -> None:
    browser = upgraded.signed_in(kept["profiles"]["email"], PASSWORD)
    default, kids = browser.get("/profiles/").json
    assert (default["is_default"], default["has_pin"]) == (True, False)
    assert (kids["id"], kids["name"], kids["picture"]) == (
        kept["profiles"]["id"],
        "Kids",
        "dragon",
    )
    assert (kids["age_limit"], kids["has_pin"]) == (AGE_LIMIT, True)
    path = f"/profiles/{kids['id']}/unlock/"
    assert browser.post(path, {"pin": PIN[::-1]}).status == 400
    assert browser.post(path, {"pin": PIN}).status == 200


def test_progress_and_the_watchlist_are_kept(upgraded: Upgraded, kept: Kept) -> None:
    profiles = kept["profiles"]
    browser = upgraded.signed_in(profiles["email"], PASSWORD)
    unlocked = browser.post(f"/profiles/{profiles['id']}/unlock/", {"pin": PIN})
    token = unlocked.json["token"]
    [watched] = of_profile(browser, kept, "history/", token).json["results"]
    assert (watched["video"], watched["position"]) == (profiles["video"], POSITION)
    assert watched["duration"] == DURATION
    [listed] = of_profile(browser, kept, "watchlist/", token).json["results"]
    assert listed["video"] == profiles["video"]
    # The default profile has cleared its own.
    assert browser.get("/history/").json["results"] == []


def test_videos_keep_their_age_rating(upgraded: Upgraded, kept: Kept) -> None:
    path = f"/video/{kept['profiles']['video']}/"
    assert upgraded.viewer.get(path).json["age_rating"] == AGE_RATING


def test_programs_stay_signed_in(upgraded: Upgraded, kept: Kept) -> None:
    programs = kept["programs"]
    token = {"authorization": f"Token {programs['sign_in_token']}"}
    me = Browser(upgraded.videos.server, headers=token).get("/accounts/users/me/")
    assert (me.status, me.json["email"]) == (200, "program@example.com")
    pair = upgraded.browser.post("/auth/jwt/refresh/", {"refresh": programs["refresh"]})
    bearer = {"authorization": f"JWT {pair.json['access']}"}
    assert Browser(upgraded.videos.server, headers=bearer).get("/auth/users/me/").status == 200


def test_a_changed_address_signs_in(upgraded: Upgraded, kept: Kept) -> None:
    upgraded.signed_in(kept["moved"]["to"], PASSWORD)
    sent = {"email": kept["moved"]["email"], "password": PASSWORD}
    assert upgraded.browser.post("/login/", sent).status == 400


def test_a_link_mailed_before_changes_the_address(upgraded: Upgraded, kept: Kept) -> None:
    moving = kept["moving"]
    path = f"/email_confirm/{moving['uid']}/{moving['token']}/"
    assert upgraded.browser.post(path).status == 200
    upgraded.signed_in(moving["to"], PASSWORD)


def test_an_imported_account_signs_in_and_continues(upgraded: Upgraded, kept: Kept) -> None:
    imported = kept["imported"]
    browser = upgraded.signed_in(imported["email"], imported["password"])
    assert browser.get("/user/").json["id"] == imported["id"]
    path = f"/progress/?video={imported['video']}"
    assert browser.get(path).json["position"] == imported["position"]
