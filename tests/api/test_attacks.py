"""Attacks on accounts and sessions over HTTP."""

import base64
import json
import re
import statistics
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from chalicelib.api.endpoint import EVERY_API
from chalicelib.api.identity import Access
from chalicelib.wiring import accounts
from infra.local.gateway import Gateway
from tests.api.conftest import ADDRESS, PASSWORD, Post, sign_in, sign_up
from tests.browser import Answer, Browser
from tests.conftest import FIRST_KEY
from tests.cpu import cpu_seconds
from tests.fakes.clock import HandClock

Claims = dict[str, Any]


def claims_of(token: str) -> Claims:
    claims: Claims = jwt.decode(token, options={"verify_signature": False})
    return claims


def unsigned(claims: Claims) -> str:
    parts = [{"alg": "none", "typ": "JWT", "kid": "0"}, claims]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts]
    return ".".join(part.rstrip("=") for part in encoded) + "."


def signed(claims: Claims, key: str = FIRST_KEY, algorithm: str = "HS256", kid: str = "0") -> str:
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})


FORGERIES: dict[str, Callable[[Claims], str]] = {
    "alg none": unsigned,
    "another key": lambda claims: signed(claims, key="x" * 64),
    "another algorithm": lambda claims: signed(claims, algorithm="HS512"),
    "an unknown key id": lambda claims: signed(claims, kid="20990101T000000Z"),
    "another purpose": lambda claims: signed({**claims, "aud": "activation"}),
    "another issuer": lambda claims: signed({**claims, "iss": "evil"}),
    "expired": lambda claims: signed({**claims, "exp": 1}),
    "without an end": lambda claims: signed({k: v for k, v in claims.items() if k != "exp"}),
    "another account": lambda claims: signed(claims)[:-2] + "xx",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_access_token_is_refused(signed_in: Browser, forgery: str) -> None:
    claims = claims_of(signed_in.cookies["access_token"])
    signed_in.cookies = {"access_token": signed(claims)}
    assert signed_in.get("/user/").status == 200
    signed_in.cookies = {"access_token": FORGERIES[forgery](claims)}
    assert signed_in.get("/user/").status == 401


def test_a_token_with_other_claims_under_the_old_signature_is_refused(signed_in: Browser) -> None:
    header, _, signature = signed_in.cookies["access_token"].split(".")
    claims = claims_of(signed_in.cookies["access_token"]) | {"sub": "1"}
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    signed_in.cookies = {"access_token": f"{header}.{payload}.{signature}"}
    assert signed_in.get("/user/").status == 401


@pytest.mark.parametrize("cookie", ["device_token", "refresh_token", "csrftoken"])
def test_no_other_token_serves_as_access_token(signed_in: Browser, cookie: str) -> None:
    signed_in.cookies = {"access_token": signed_in.cookies[cookie]}
    assert signed_in.get("/user/").status == 401


def test_an_access_token_serves_neither_as_refresh_token_nor_as_link(signed_in: Browser) -> None:
    access = signed_in.cookies["access_token"]
    account_id = signed_in.get("/user/").json["id"]
    thief = Browser(signed_in.server, cookies={"refresh_token": access})
    assert thief.post("/token/refresh/").status == 401
    new = {"new_password": "another horse", "confirm_password": "another horse"}
    assert thief.post(f"/password_confirm/{account_id}/{access}/", new).status == 400


def test_a_key_rotation_keeps_sessions_signed_in(signed_in: Browser, clock: HandClock) -> None:
    signed_in.cookies.pop("refresh_token")
    accounts.key_rotation().rotate_if_due()
    clock.advance(minutes=4)
    assert signed_in.get("/user/").status == 200


def test_after_its_head_start_the_new_key_signs(signed_in: Browser, clock: HandClock) -> None:
    accounts.key_rotation().rotate_if_due()
    clock.advance(minutes=11)
    signed_in.get("/user/")
    kid = jwt.get_unverified_header(signed_in.cookies["access_token"])["kid"]
    assert kid != "0"
    assert signed_in.get("/user/").status == 200


FOREIGN = ["https://evil.example", "null", "http://127.0.0.1:5500.evil.example", "http://127.0.0.1"]


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/logout/"),
        ("POST", "/login/"),
        ("POST", "/token/refresh/"),
        ("PATCH", "/user/"),
        ("DELETE", "/user/"),
        ("DELETE", "/user/sessions/"),
        ("POST", "/user/password/"),
        ("POST", "/register/"),
    ],
)
def test_a_foreign_page_cannot_change_anything(
    signed_in: Browser, origin: str, method: str, path: str
) -> None:
    answer = signed_in.send(method, path, {"first_name": "Eve"}, headers={"origin": origin})
    assert answer.status == 403
    assert "access-control-allow-origin" not in answer.headers
    assert signed_in.get("/user/").json["first_name"] == ""


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_without_an_origin_sec_fetch_site_decides(signed_in: Browser, site: str) -> None:
    refused = signed_in.post("/logout/", origin="", sec_fetch_site=site)
    allowed = signed_in.post("/logout/", origin="", sec_fetch_site="same-origin")
    assert (refused.status, allowed.status) == (403, 200)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin", ""])
def test_signing_out_by_a_get_needs_a_token_that_no_page_can_make_a_browser_send(
    signed_in: Browser, site: str
) -> None:
    program = Browser(signed_in.server)
    program.headers["authorization"] = f"Bearer {signed_in.cookies['access_token']}"
    for expired in (False, True):
        sent = dict(signed_in.cookies)
        sent.pop("access_token" if expired else "refresh_token")
        page = Browser(signed_in.server, origin="", cookies=sent)
        refused = page.get("/accounts/logout/", sec_fetch_site=site)
        assert (refused.status, refused.set_cookies) == (401, {})
    assert signed_in.get("/user/").status == 200
    assert program.get("/accounts/logout/").status == 200
    assert program.get("/user/").status == 401


@pytest.mark.parametrize("header", ["", "wrong", "\u00fc"])
def test_the_csrf_cookie_has_to_come_back_in_the_header(signed_in: Browser, header: str) -> None:
    assert signed_in.post("/logout/", x_csrftoken=header).status == 403
    assert signed_in.get("/user/").status == 200


def test_a_form_of_another_site_cannot_pass_as_json(signed_in: Browser) -> None:
    body = json.dumps({"email": ADDRESS, "password": PASSWORD}).encode()
    answer = signed_in.send("POST", "/login/", body, headers={"content-type": "text/plain"})
    assert answer.status == 415


@pytest.mark.parametrize("proof", [{"origin": "https://evil.example"}, {"x_csrftoken": ""}])
def test_a_form_of_another_site_changes_nothing(signed_in: Browser, proof: dict[str, str]) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = signed_in.send("PATCH", "/user/", b"first_name=Eve", headers=kind | proof)
    assert answer.status == 403
    assert signed_in.get("/user/").json["first_name"] == ""


def test_guessing_from_one_address_is_throttled_with_retry_after(member: Browser) -> None:
    guesses = [sign_in(member, password=f"guess {number}") for number in range(11)]
    assert [guess.status for guess in guesses] == [400] * 10 + [429]
    assert 0 < int(guesses[-1].headers["retry-after"]) <= 15 * 60
    assert sign_in(member).status == 429


def test_the_throttle_ends_after_retry_after(member: Browser, clock: HandClock) -> None:
    for number in range(11):
        sign_in(member, password=f"guess {number}")
    clock.advance(minutes=15)
    assert sign_in(member).status == 200


def test_guesses_from_elsewhere_cannot_lock_out_the_owner(
    member: Browser, gateway: Gateway
) -> None:
    attacker = Browser(gateway, address="203.0.113.9")
    for number in range(12):
        sign_in(attacker, password=f"guess {number}")
    assert sign_in(attacker).status == 429
    assert sign_in(member).status == 200


def test_guesses_from_many_addresses_cannot_lock_out_a_known_browser(
    signed_in: Browser, gateway: Gateway
) -> None:
    for number in range(105):
        sign_in(Browser(gateway, address=f"203.0.113.{number}"), password="a guess")
    newcomer = Browser(gateway, address="198.51.100.99")
    assert sign_in(newcomer).status == 429
    assert sign_in(signed_in).status == 200


def test_trying_one_password_on_many_accounts_is_stopped_too(browser: Browser) -> None:
    statuses = [sign_in(browser, f"viewer{number}@example.com").status for number in range(61)]
    assert statuses == [400] * 60 + [429]


def test_changing_the_address_within_an_ipv6_network_does_not_help(member: Browser) -> None:
    statuses = []
    for number in range(11):
        member.address = f"2001:db8::{number:x}"
        statuses.append(sign_in(member, password="a guess").status)
    assert statuses[-1] == 429


def test_changing_the_network_within_an_ipv6_48_does_not_help_long(member: Browser) -> None:
    def status_from(address: str, password: str) -> int:
        return sign_in(Browser(member.server, address=address), password=password).status

    statuses = [status_from(f"2001:db8:0:{number:x}::1", "a guess") for number in range(41)]
    assert statuses == [400] * 40 + [429]
    assert status_from("2001:db8:1::1", PASSWORD) == 200


def test_a_session_is_not_fixed_by_cookies_brought_along(member: Browser, post: Post) -> None:
    eve = Browser(member.server)
    sign_up(eve, "eve@example.com")
    uid, token = post.link("eve@example.com")
    eve.get(f"/activate/{uid}/{token}/")
    sign_in(eve, "eve@example.com")
    planted = dict(eve.cookies)
    member.cookies = dict(planted)
    sign_in(member)
    renewed = ("access_token", "refresh_token", "csrftoken")
    assert all(member.cookies[name] != planted[name] for name in renewed)
    assert member.get("/user/").json["email"] == ADDRESS
    assert eve.get("/user/").status == 401, "what was in this browser before has ended"


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.com\nBcc: eve@example.com",
        "ada@example.com\r\nSubject: hi",
        "ada@example.com, eve@example.com",
        "<ada@example.com>",
        '"ada@evil.example"@example.com',
        "ada@example.com\u2028",
        "ada\u0000@example.com",
        "ada@example",
        "ada@-example.com",
        "ada@b\u00fccher.example",
        "@example.com",
        "a" * 65 + "@example.com",
    ],
)
def test_an_address_cannot_carry_a_header_or_a_second_recipient(
    browser: Browser, post: Post, address: str
) -> None:
    answer = sign_up(browser, address)
    post.deliver()
    sent = post.sent()
    assert answer.status == 400 or [mail["To"] for mail in sent] == [ADDRESS]
    assert all(mail["Bcc"] is None for mail in sent)


@pytest.mark.parametrize("path", ["/login/", "/register/", "/password_reset/"])
@pytest.mark.parametrize(
    "address",
    ["=?a" * 330 + "@c.de", "=\N{DOUBLE QUESTION MARK}a" * 330 + "@c.de"],
    ids=["encoded words", "characters that become two"],
)
def test_an_overlong_address_costs_less_than_a_valid_one(
    browser: Browser, path: str, address: str
) -> None:
    def knock_with(email: str) -> int:
        sent = {"email": email, "password": PASSWORD, "confirmed_password": PASSWORD}
        return browser.post(path, sent).status

    honest = cpu_seconds(lambda: knock_with(ADDRESS))
    assert knock_with("ada@@example.com") == 400
    assert cpu_seconds(lambda: knock_with(address)) < 2 * honest
    assert knock_with(address) == 400


def test_time_does_not_tell_whether_an_address_is_known(gateway: Gateway, member: Browser) -> None:
    def seconds(email: str, number: int) -> float:
        browser = Browser(gateway, address=f"10.{number >> 8}.{number & 255}.1")
        started = time.perf_counter()
        assert sign_in(browser, email, "wrong password").status == 400
        return time.perf_counter() - started

    sign_in(member, "warm-up@example.com")
    known, unknown = [], []
    for number in range(30):
        known.append(seconds(ADDRESS, number))
        unknown.append(seconds("unknown@example.com", 1000 + number))
    ratio = statistics.median(known) / statistics.median(unknown)
    assert 0.7 < ratio < 1.4, f"known addresses take {ratio:.2f} times as long as unknown ones"


def test_secrets_are_in_cookies_and_never_in_a_body(signed_in: Browser) -> None:
    answers = [sign_in(signed_in), signed_in.post("/token/refresh/"), signed_in.get("/user/")]
    secrets = [signed_in.cookies["access_token"], signed_in.cookies["refresh_token"]]
    bodies = b"".join(answer.body for answer in answers).decode()
    assert not any(secret in bodies for secret in secrets)
    assert "eyJ" not in bodies


OPEN_TO_ALL = {
    "/register",
    "/activate/{uid}/{token}",
    "/login",
    "/logout",
    "/token/refresh",
    "/password_reset",
    "/password_confirm/{uid}/{token}",
    "/resend_activation",
    "/email_confirm/{uid}/{token}",
    "/video/{video_id}/playlist/{name}",
    "/health",
    "/openapi.json",
    "/docs",
    # The dialect `prefixed`.
    "/auth/register",
    "/activate/{uid}",
    "/auth/login",
    "/auth/logout",
    "/auth/token/refresh",
    "/passwort_reset",
    "/passwort_confirm/{uid}/{token}",
    # The dialect `authemail`.
    "/accounts/signup",
    "/accounts/signup/verify",
    "/accounts/login",
    "/accounts/password/reset",
    "/accounts/password/reset/verify",
    "/accounts/password/reset/verified",
    "/accounts/email/change/verify",
    # The dialect `djoser`.
    "/auth/jwt/create",
    "/auth/jwt/refresh",
    "/auth/jwt/verify",
    "/auth/users",
    "/auth/users/activation",
    "/auth/users/resend_activation",
    "/auth/users/reset_email",
    "/auth/users/reset_email_confirm",
    "/auth/users/reset_password",
    "/auth/users/reset_password_confirm",
}


def operations(*accesses: Access) -> list[tuple[str, str]]:
    import app  # noqa: F401 - registers them all

    every = [each for api in EVERY_API for each in api.operations]
    return [(each.method, each.path) for each in every if each.access in accesses]


def knock(browser: Browser, method: str, path: str) -> Answer:
    return browser.send(method, re.sub(r"\{\w+\}", "7", path), {"title": "x"})


def test_public_endpoints_are_a_closed_list() -> None:
    paths = {path for _, path in operations(Access.PUBLIC, Access.RENEWAL, Access.OPTIONAL)}
    assert paths == OPEN_TO_ALL


def test_every_other_route_refuses_anonymous_callers_with_a_readable_answer(
    browser: Browser,
) -> None:
    for method, path in operations(Access.SIGNED_IN, Access.BY_TOKEN, Access.ADMIN):
        answer = knock(browser, method, path)
        assert (answer.status, list(answer.json)) == (401, ["detail"]), path
        assert answer.headers["access-control-allow-origin"] == browser.origin
        assert answer.headers["access-control-allow-credentials"] == "true"
        assert answer.headers["cache-control"] == "no-store"


def test_every_route_of_administrators_is_closed_to_viewers(signed_in: Browser) -> None:
    for method, path in operations(Access.ADMIN):
        answer = knock(signed_in, method, path)
        assert (answer.status, list(answer.json)) == (403, ["detail"]), path
        assert answer.headers["access-control-allow-origin"] == signed_in.origin
