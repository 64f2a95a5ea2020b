"""Account details over HTTP: read, change, delete."""

import pytest

from tests.api.conftest import ADDRESS, PASSWORD, Post, sign_in, sign_up
from tests.browser import Browser


def test_account_details_are_those_of_the_session(signed_in: Browser) -> None:
    profile = signed_in.get("/user/").json
    assert profile["email"] == profile["username"] == ADDRESS
    assert profile["is_admin"] is False
    assert "password" not in str(profile)


def test_a_change_keeps_fields_that_were_not_sent(signed_in: Browser) -> None:
    signed_in.patch("/user/", {"first_name": "Ada", "language": "de"})
    signed_in.patch("/user/", {"last_name": "Lovelace"})
    profile = signed_in.get("/user/").json
    assert (profile["first_name"], profile["last_name"]) == ("Ada", "Lovelace")
    assert profile["language"] == "de"


def test_a_name_may_be_removed(signed_in: Browser) -> None:
    signed_in.patch("/user/", {"first_name": "Ada"})
    assert signed_in.patch("/user/", {"first_name": ""}).json["first_name"] == ""


@pytest.mark.parametrize(
    "sent",
    [
        {"first_name": 7},
        {"first_name": None},
        {"first_name": "x" * 151},
        {"language": "tlh"},
        {"language": ["de"]},
    ],
)
def test_an_invalid_change_is_refused(signed_in: Browser, sent: object) -> None:
    before = signed_in.get("/user/").json
    answer = signed_in.patch("/user/", sent)
    assert answer.status == 400
    assert signed_in.get("/user/").json == before


def test_viewers_cannot_promote_themselves(signed_in: Browser) -> None:
    signed_in.patch("/user/", {"is_admin": True, "status": "active", "email": "root@example.com"})
    profile = signed_in.get("/user/").json
    assert (profile["is_admin"], profile["email"]) == (False, ADDRESS)


def test_deleting_the_account_ends_its_sessions_and_frees_the_address(
    signed_in: Browser, post: Post
) -> None:
    kept = dict(signed_in.cookies)
    answer = signed_in.delete("/user/", {"password": PASSWORD})
    gone = Browser(signed_in.server, cookies=kept)
    assert answer.status == 200
    assert gone.get("/user/").status == 401
    assert gone.post("/token/refresh/").status == 401
    assert sign_in(gone).status == 400
    sign_up(gone)
    uid, token = post.link()
    assert gone.get(f"/activate/{uid}/{token}/").status == 200


def test_deleting_the_account_requires_the_password(signed_in: Browser) -> None:
    answer = signed_in.delete("/user/", {"password": "guessed it"})
    assert (answer.status, answer.json) == (400, {"password": ["This is not your password."]})
    assert signed_in.get("/user/").status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/user/"),
        ("PATCH", "/user/"),
        ("DELETE", "/user/"),
        ("POST", "/user/password/"),
        ("POST", "/user/tokens/"),
        ("GET", "/user/sessions/"),
        ("DELETE", "/user/sessions/"),
        ("DELETE", "/user/sessions/x/"),
        ("GET", "/admin/accounts/"),
        ("PATCH", "/admin/accounts/1/"),
    ],
)
def test_anonymous_callers_must_sign_in(browser: Browser, method: str, path: str) -> None:
    answer = browser.send(method, path, {})
    assert (answer.status, answer.json) == (401, {"detail": "Please sign in."})
