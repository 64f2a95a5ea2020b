"""An account that was signed up in one dialect is the same in all of them."""

from collections.abc import Callable

import pytest

from infra.local.gateway import Gateway
from tests.api.conftest import ADDRESS, PASSWORD, Post
from tests.browser import Answer, Browser

ACCOUNT = {"email": ADDRESS, "password": PASSWORD}
SIGN_UPS = {
    "official": ("/register/", {"confirmed_password": PASSWORD}),
    "prefixed": ("/auth/register/", {"confirmed_password": PASSWORD}),
    "authemail": ("/accounts/signup/", {}),
    "djoser": ("/auth/users/", {"re_password": PASSWORD}),
}


def confirmed(browser: Browser, dialect: str, uid: str, token: str) -> Answer:
    match dialect:
        case "authemail":
            return browser.get(f"/accounts/signup/verify/?code={uid}~{token}")
        case "djoser":
            return browser.post("/auth/users/activation/", {"uid": uid, "token": token})
    return browser.get(f"/activate/{uid}/{token}/")


def by_cookies(browser: Browser, path: str) -> Answer:
    assert browser.post(path, ACCOUNT).status == 200
    return browser.get("/user/")


def by_token(browser: Browser) -> Answer:
    token = browser.post("/accounts/login/", ACCOUNT).json["token"]
    browser.headers["authorization"] = f"Token {token}"
    assert browser.get("/videos/").status == 200
    return browser.get("/accounts/users/me/")


def by_bearer(browser: Browser) -> Answer:
    access = browser.post("/auth/jwt/create/", ACCOUNT).json["access"]
    browser.headers["authorization"] = f"Bearer {access}"
    assert browser.get("/videos/").status == 200
    return browser.get("/auth/users/me/")


SIGN_INS: tuple[Callable[[Browser], Answer], ...] = (
    lambda browser: by_cookies(browser, "/login/"),
    lambda browser: by_cookies(browser, "/auth/login/"),
    by_token,
    by_bearer,
)


@pytest.mark.parametrize("dialect", SIGN_UPS)
def test_an_account_of_one_dialect_signs_in_in_all(
    gateway: Gateway, post: Post, dialect: str
) -> None:
    page = Browser(gateway)
    path, repeated = SIGN_UPS[dialect]
    assert page.post(path, ACCOUNT | repeated).status == 201
    assert confirmed(page, dialect, *post.link()).status in (200, 204)
    accounts = [signs_in(Browser(gateway)).json for signs_in in SIGN_INS]
    assert {each["email"] for each in accounts} == {ADDRESS}
    assert len({each["id"] for each in accounts}) == 1
