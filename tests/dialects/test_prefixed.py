"""The dialect `prefixed`: the same answers as the core API, at other paths."""

import json

import pytest

from tests.api.conftest import ADDRESS, PASSWORD, Post
from tests.browser import Browser

SIGN_UP = {"email": ADDRESS, "password": PASSWORD, "confirmed_password": PASSWORD}
NEW = "another horse battery"


def confirmed(browser: Browser, post: Post) -> None:
    assert browser.post("/auth/register/", SIGN_UP).status == 201
    uid, token = post.link()
    assert browser.get(f"/activate/{uid}/{token}/").status == 200


def test_one_signs_up_in_refreshes_and_out(browser: Browser, post: Post) -> None:
    confirmed(browser, post)
    signed_in = browser.post("/auth/login/", {"email": ADDRESS, "password": PASSWORD})
    assert (signed_in.status, signed_in.json["detail"]) == (200, "Login successful")
    assert {"access_token", "refresh_token", "csrftoken"} <= browser.cookies.keys()
    assert browser.get("/user/").json["email"] == ADDRESS
    refreshed = browser.post("/auth/token/refresh/")
    assert (refreshed.status, refreshed.json["detail"]) == (200, "Token refreshed")
    assert browser.post("/auth/logout/").status == 200
    assert browser.get("/user/").status == 401


def test_wrong_credentials_are_400_as_in_the_core_api(browser: Browser) -> None:
    answer = browser.post("/auth/login/", {"email": ADDRESS, "password": "wrong horse"})
    assert (answer.status, list(answer.json)) == (400, ["detail"])


def test_a_password_is_reset_with_and_without_a_slash(browser: Browser, post: Post) -> None:
    confirmed(browser, post)
    for slash in ("", "/"):
        assert browser.post("/passwort_reset/", {"email": ADDRESS}).status == 200
        uid, token = post.link()
        new = {"new_password": NEW + slash, "confirm_password": NEW + slash}
        reset = browser.post(f"/passwort_confirm/{uid}/{token}{slash}", new)
        assert (reset.status, list(reset.json)) == (200, ["detail"])
        signed_in = browser.post("/auth/login/", {"email": ADDRESS, "password": NEW + slash})
        assert signed_in.status == 200


def test_a_link_without_its_token_says_where_the_token_is(browser: Browser) -> None:
    answer = browser.get("/activate/7/")
    assert (answer.status, answer.json) == (400, {"detail": "Please open the link in the mail."})


def test_its_requests_are_audited_like_those_of_the_core(
    browser: Browser, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    confirmed(browser, post)
    browser.post("/auth/login/", {"email": ADDRESS, "password": PASSWORD})
    lines = capsys.readouterr().out.splitlines()
    recorded = [json.loads(line)["action"] for line in lines if '"stream":"audit"' in line]
    assert recorded == ["account.sign_up", "account.confirm", "session.begin"]
