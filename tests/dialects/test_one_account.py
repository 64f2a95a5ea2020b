"""An account that was signed up in one dialect is the same in all of them."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.wiring import catalogue
from infra.local.gateway import Gateway
from tests.api.conftest import ADDRESS, PASSWORD, Post
from tests.api.encoder import Encoder
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


@pytest.mark.parametrize("sign_in", [by_token, by_bearer])
def test_a_profile_counts_in_every_dialect(
    gateway: Gateway, signed_in: Browser, encoder: Encoder, sign_in: Callable[[Browser], Answer]
) -> None:
    video = encoder.video().id  # it is not rated, so only adults see it
    rated = encoder.video()
    card = replace(rated.card, age_rating=0)
    catalogue.curation().change(rated.id, lambda _: card)
    child = signed_in.post("/profiles/", {"name": "Child", "age_limit": 6}).json["id"]
    adult = signed_in.post("/profiles/", {"name": "Adult", "pin": "1234"}).json["id"]
    page = Browser(gateway)
    sign_in(page)
    assert len(page.get("/videos/").json) == 2
    assert [each["id"] for each in page.get(f"/videos/?profile={child}").json] == [rated.id]
    assert page.get(f"/videos/{video}/?profile={child}").status == 404
    assert page.get(f"/videos/{video}/").status == 200
    for path in ("/videos/", f"/videos/{video}/"):
        assert page.get(f"{path}?profile=wrong").status == 404
        assert page.get(f"{path}?profile={adult}").status == 403
    token = page.post(f"/profiles/{adult}/unlock/", {"pin": "1234"}).json["token"]
    page.headers["x-profile-token"] = token
    assert len(page.get(f"/videos/?profile={adult}").json) == 2
