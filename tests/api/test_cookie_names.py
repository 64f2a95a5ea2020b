"""Over https, secret cookies have the prefix `__Host-`; earlier sessions stay valid."""

import pytest

from chalicelib.wiring import stage
from tests.api.conftest import ADDRESS, sign_in
from tests.browser import Browser

SECRETS = ("access_token", "refresh_token", "device_token")


@pytest.fixture
def https(monkeypatch: pytest.MonkeyPatch) -> None:
    """Switch the settings to a deployed stage with https."""
    monkeypatch.setenv("STAGE", "prod")
    monkeypatch.setenv("MEDIA_URL", "https://videoflix.example")
    stage.settings.cache_clear()


def test_a_session_is_held_by_cookies_of_this_host(
    member: Browser,
    https: None,  # noqa: ARG001
) -> None:
    member.cookies.clear()
    baked = sign_in(member).set_cookies
    assert baked.keys() == {"csrftoken", *(f"__Host-{name}" for name in SECRETS)}
    for name in SECRETS:
        said = baked[f"__Host-{name}"].split("; ")
        assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= {*said}
        assert not any(each.startswith("Domain=") for each in said)
    member.cookies.pop("__Host-access_token")
    assert member.get("/user/").status == 200, "the session is renewed"
    assert member.post("/logout/").status == 200
    assert member.cookies.keys() == {"__Host-device_token"}


def test_a_session_with_unprefixed_cookies_continues_with_prefixed_ones(
    signed_in: Browser,
    https: None,  # noqa: ARG001
) -> None:
    assert signed_in.get("/user/").status == 200
    assert signed_in.post("/token/refresh/").status == 200
    kept = {"device_token", "csrftoken", "__Host-access_token", "__Host-refresh_token"}
    assert signed_in.cookies.keys() == kept
    assert signed_in.get("/user/").status == 200
    sign_in(signed_in)
    assert "device_token" not in signed_in.cookies


def test_a_planted_cookie_does_not_replace_a_session(
    signed_in: Browser,
    https: None,  # noqa: ARG001
) -> None:
    signed_in.post("/token/refresh/")
    signed_in.cookies |= {"access_token": "planted", "refresh_token": "planted"}
    assert signed_in.get("/user/").status == 200


def test_a_planted_cookie_does_not_take_over_a_session_whose_access_token_lapsed(
    member: Browser,
    admin: Browser,
    https: None,  # noqa: ARG001
) -> None:
    member.cookies.clear()
    sign_in(member)
    member.cookies.pop("__Host-access_token")
    member.cookies["access_token"] = admin.cookies["access_token"]
    answer = member.get("/user/")
    assert (answer.status, answer.json["email"]) == (200, ADDRESS)
    assert "__Host-access_token" in answer.set_cookies, "renewed by the marked refresh token"


def test_a_planted_cookie_does_not_sign_in_a_signed_out_browser(
    member: Browser,
    admin: Browser,
    https: None,  # noqa: ARG001
) -> None:
    member.cookies.clear()
    sign_in(member)
    member.post("/logout/")
    member.cookies |= {name: admin.cookies[name] for name in ("access_token", "refresh_token")}
    assert member.get("/user/").status == 401
