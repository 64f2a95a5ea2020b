"""Profiles over HTTP: list, add, change, delete, unlock."""

from typing import Any

import pytest

from chalicelib.viewing.profile import MOST_PROFILES
from tests.api.conftest import PASSWORD, Post, sign_in, sign_up
from tests.browser import Browser

KIDS = {"name": "Kids", "picture": "panda", "age_limit": 6, "language": "de"}
ADULT = {"name": "Ada", "pin": "1234"}


def add(browser: Browser, sent: Any) -> Any:
    answer = browser.post("/profiles/", sent)
    assert answer.status == 201, answer.body
    return answer.json


def unlock(browser: Browser, profile: Any, pin: str = "1234") -> str:
    return str(browser.post(f"/profiles/{profile['id']}/unlock/", {"pin": pin}).json["token"])


def test_every_account_has_a_default_profile(signed_in: Browser) -> None:
    assert signed_in.get("/profiles/").json == [
        {
            "id": "default",
            "name": "",
            "picture": "owl",
            "language": None,
            "caption_language": "",
            "audio_language": "",
            "age_limit": 18,
            "has_pin": False,
            "is_default": True,
        }
    ]


def test_a_profile_is_added_changed_and_deleted(signed_in: Browser) -> None:
    kids = add(signed_in, KIDS)
    assert {name: kids[name] for name in KIDS} == KIDS
    path = f"/profiles/{kids['id']}/"
    changed = signed_in.patch(path, {"caption_language": "pt-BR", "age_limit": 0}).json
    assert changed == {**kids, "caption_language": "pt-BR", "age_limit": 0}
    assert signed_in.get("/profiles/").json[1:] == [changed]
    assert signed_in.delete(path).status == 200
    assert len(signed_in.get("/profiles/").json) == 1
    assert signed_in.delete(path).status == 404


def test_a_profile_more_than_the_limit_is_refused(signed_in: Browser) -> None:
    for number in range(MOST_PROFILES - 1):
        add(signed_in, {"name": str(number)})
    answer = signed_in.post("/profiles/", {"name": "Seven"})
    assert answer.status == 409
    assert answer.json["detail"] == "An account has at most 6 profiles."


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": "x" * 51}, "name"),
        ({"name": ""}, "name"),
        ({"picture": "../owl"}, "picture"),
        ({"language": "tlh"}, "language"),
        ({"caption_language": "<b>"}, "caption_language"),
        ({"audio_language": "de_DE"}, "audio_language"),
        ({"age_limit": 19}, "age_limit"),
        ({"age_limit": -1}, "age_limit"),
        ({"age_limit": True}, "age_limit"),
        ({"pin": "123"}, "pin"),
        ({"pin": "12345"}, "pin"),
        ({"pin": "١٢٣٤"}, "pin"),
        ({"pin": 1234}, "pin"),
    ],
)
def test_invalid_values_are_refused_by_field(
    signed_in: Browser, sent: dict[str, Any], field: str
) -> None:
    answer = signed_in.post("/profiles/", {"name": "Ada", **sent})
    assert (answer.status, list(answer.json)) == (400, [field])


def test_the_default_profile_stays_and_has_no_pin(signed_in: Browser) -> None:
    assert signed_in.delete("/profiles/default/").status == 403
    assert signed_in.patch("/profiles/default/", {"pin": "1234"}).status == 403


def test_a_pin_guards_the_profile_and_is_in_no_answer(signed_in: Browser) -> None:
    adult = add(signed_in, ADULT)
    assert (adult["has_pin"], "pin" in adult) == (True, False)
    history = f"/history/?profile={adult['id']}"
    locked = signed_in.get(history)
    assert (locked.status, locked.json["detail"]) == (403, "Unlock this profile with its PIN.")
    wrong = signed_in.post(f"/profiles/{adult['id']}/unlock/", {"pin": "0000"})
    assert (wrong.status, list(wrong.json)) == (400, ["pin"])
    token = unlock(signed_in, adult)
    assert signed_in.get(history, x_profile_token=token).status == 200
    assert signed_in.get("/history/").status == 200


def test_a_token_is_worth_nothing_in_another_session(signed_in: Browser) -> None:
    adult = add(signed_in, ADULT)
    token = unlock(signed_in, adult)
    other = Browser(signed_in.server)
    sign_in(other)
    path = f"/history/?profile={adult['id']}"
    assert other.get(path, x_profile_token=token).status == 403
    assert other.get(path, x_profile_token="x" * 5000).status == 403


def test_a_forgotten_pin_is_replaced_with_the_password(signed_in: Browser) -> None:
    path = f"/profiles/{add(signed_in, ADULT)['id']}/"
    assert signed_in.post(f"{path}unlock/", {"password": "guessed it"}).status == 400
    token = signed_in.post(f"{path}unlock/", {"password": PASSWORD}).json["token"]
    assert signed_in.patch(path, {"pin": ""}).status == 403
    signed_in.headers["x-profile-token"] = token
    assert signed_in.patch(path, {"pin": ""}).json["has_pin"] is False


def test_tries_of_a_pin_are_limited(signed_in: Browser) -> None:
    path = f"/profiles/{add(signed_in, ADULT)['id']}/unlock/"
    tries = [signed_in.post(path, {"pin": f"000{number}"}).status for number in range(7)]
    assert tries == [400] * 5 + [429] * 2
    assert int(signed_in.post(path, {"pin": "1234"}).headers["retry-after"]) > 0


def test_profiles_of_others_are_not_there(signed_in: Browser, post: Post) -> None:
    kids = add(signed_in, KIDS)
    other = Browser(signed_in.server)
    sign_up(other, "grace@example.com")
    uid, token = post.link("grace@example.com")
    other.get(f"/activate/{uid}/{token}/")
    sign_in(other, "grace@example.com")
    path = f"/profiles/{kids['id']}/"
    assert other.patch(path, {"name": "Mine"}).status == 404
    assert other.delete(path).status == 404
    assert other.post(f"{path}unlock/", {"pin": "1234"}).status == 404
    assert other.get(f"/history/?profile={kids['id']}").status == 404
    assert len(other.get("/profiles/").json) == 1


def test_a_page_of_another_origin_may_send_the_token(signed_in: Browser) -> None:
    preflight = signed_in.send("OPTIONS", "/history/")
    assert "x-profile-token" in preflight.headers["access-control-allow-headers"]
