"""Where the links in mails lead: to the page that called, in the spelling of its frontend."""

import re

import pytest

from infra.local.gateway import Gateway
from tests.api.conftest import PASSWORD, Post
from tests.browser import PAGE, Browser

ANGULAR, FOREIGN = "http://localhost:4200", "https://foreign.example"
OWN = "http://127.0.0.1:8080/#"
TOKEN = r"(\d+)/([\w.~-]+)"
AS_QUERY = r"\?uid=(\d+)&token=([\w.~-]+)"
AS_CODE = r"\?code=(\d+)~([\w.~-]+)"
OFFICIAL_PAGE = (
    f"{PAGE}/pages/auth/activate.html{AS_QUERY}",
    f"{PAGE}/pages/auth/confirm_password.html{AS_QUERY}",
)
OFFICIAL_ANGULAR = (
    f"{ANGULAR}/auth/activate.html{AS_QUERY}",
    f"{ANGULAR}/auth/confirm_password.html{AS_QUERY}",
)
AUTHEMAIL = f"{ANGULAR}/email-verify{AS_CODE}", f"{ANGULAR}/new-password{AS_CODE}"
DJOSER = f"{ANGULAR}/auth/activate/{TOKEN}", f"{ANGULAR}/auth/reset-password/{TOKEN}"
OWN_PAGE = f"{OWN}/activate/{TOKEN}", f"{OWN}/reset/{TOKEN}"
CALLERS = {
    ("official", PAGE): OFFICIAL_PAGE,
    ("official", ANGULAR): OFFICIAL_ANGULAR,
    ("official", ""): OWN_PAGE,
    ("official", FOREIGN): OWN_PAGE,
    ("official", "null"): OWN_PAGE,
    ("prefixed", PAGE): OFFICIAL_PAGE,
    ("prefixed", ANGULAR): OFFICIAL_ANGULAR,
    ("prefixed", ""): OWN_PAGE,
    ("authemail", ANGULAR): AUTHEMAIL,
    ("authemail", PAGE): OWN_PAGE,
    ("authemail", ""): OWN_PAGE,
    ("djoser", ANGULAR): DJOSER,
    ("djoser", FOREIGN): OWN_PAGE,
}


pytestmark = pytest.mark.usefixtures("links_of_make_run")


# Where each dialect signs up, and requests a reset.
PATHS = {
    "official": ("/register/", "/password_reset/"),
    "prefixed": ("/auth/register/", "/passwort_reset/"),
    "authemail": ("/accounts/signup/", "/accounts/password/reset/"),
    "djoser": ("/auth/users/", "/auth/users/reset_password/"),
}


def link_in(post: Post, to: str) -> str:
    mail = post.newest(to)
    assert mail
    body = mail.get_body(("plain",))
    assert body
    [link] = re.findall(r"https?://\S+", body.get_content())
    return str(link)


@pytest.mark.parametrize(("dialect", "origin"), CALLERS)
def test_a_mail_leads_back_to_the_page_that_asked_for_it(
    gateway: Gateway, browser: Browser, post: Post, dialect: str, origin: str
) -> None:
    activation, reset = CALLERS[dialect, origin]
    # A program that calls with a token may name any origin.
    caller = Browser(gateway, origin=origin, headers={"authorization": "Bearer old"})
    email = f"{dialect}@example.com"
    (sign_up, request_reset), repeated = PATHS[dialect], ("confirmed_password", "re_password")
    sent = {"email": email, "password": PASSWORD, **dict.fromkeys(repeated, PASSWORD)}
    assert caller.post(sign_up, sent).status == 201
    confirming = re.fullmatch(activation, link_in(post, email))
    assert confirming
    assert browser.get(f"/activate/{confirming[1]}/{confirming[2]}/").status == 200
    assert caller.post(request_reset, {"email": email}).status in (200, 201, 204)
    resetting = re.fullmatch(reset, link_in(post, email))
    assert resetting
    chosen = {"new_password": "another horse battery", "confirm_password": "another horse battery"}
    changed = browser.post(f"/password_confirm/{resetting[1]}/{resetting[2]}/", chosen)
    assert changed.status == 200


def test_the_hint_after_a_refused_sign_in_leads_to_the_page_of_the_sign_in(
    browser: Browser, post: Post
) -> None:
    sent = {"email": "ada@example.com", "password": PASSWORD, "confirmed_password": PASSWORD}
    browser.post("/register/", sent)
    assert re.fullmatch(OFFICIAL_PAGE[0], link_in(post, "ada@example.com"))
    browser.origin = ANGULAR
    assert browser.post("/login/", sent).status == 400
    assert re.fullmatch(OFFICIAL_ANGULAR[0], link_in(post, "ada@example.com"))
