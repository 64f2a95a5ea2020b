"""Reading and writing of cookies."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.accounts.tokens import Credentials, Identity
from chalicelib.api import cookies
from chalicelib.api.cookies import Cookie, CookieStyle
from tests.builders.accounts import a_session

LOCAL = CookieStyle(same_site="Lax", secure=False, domain_for_scripts="")
DEPLOYED = CookieStyle(same_site="None", secure=True, domain_for_scripts="videoflix.example")
HTTPS = CookieStyle("Lax", secure=True, domain_for_scripts=".videoflix.example", is_https=True)
SECRET = Cookie("access_token", "secret", 300)
READABLE = Cookie("csrftoken", "mark", 600, path="/", for_scripts=True)


@pytest.fixture
def credentials() -> Credentials:
    session, refresh = a_session(datetime(2026, 3, 1, tzinfo=UTC))
    return Credentials(
        Identity(session.account_id, session.id), "the access token", refresh, session.csrf_token
    )


@pytest.mark.parametrize(
    ("header", "read"),
    [
        ("", {}),
        ("a=1", {"a": "1"}),
        ("a=1; b=2", {"a": "1", "b": "2"}),
        ("a=1;b=2 ;  c=3", {"a": "1", "b": "2", "c": "3"}),
        ("a=", {"a": ""}),
        ("a=1=2==", {"a": "1=2=="}),
        ("a", {}),
        ("; ;a=1;", {"a": "1"}),
        ("A=1; a=2", {"A": "1", "a": "2"}),
    ],
)
def test_a_cookie_header_is_read(header: str, read: dict[str, str]) -> None:
    assert cookies.read(header) == read


def test_of_two_cookies_with_one_name_the_first_counts() -> None:
    assert cookies.read("a=specific; a=general") == {"a": "specific"}


@given(st.text())
def test_no_header_breaks_the_reader(header: str) -> None:
    read = cookies.read(header)
    assert len(read) <= header.count("=")


@given(st.dictionaries(st.text("abc_", min_size=1), st.text("abcXYZ019._~-=")))
def test_a_browser_sends_back_the_cookies_that_were_set(sent: dict[str, str]) -> None:
    assert cookies.read("; ".join(f"{name}={value}" for name, value in sent.items())) == sent


def test_a_secret_cookie_is_for_the_api_alone_and_hidden_from_scripts() -> None:
    assert LOCAL.header(SECRET) == (
        "access_token=secret; Path=/api; Max-Age=300; SameSite=Lax; HttpOnly"
    )


def test_a_deployed_secret_cookie_is_secure_and_stays_on_its_host() -> None:
    assert DEPLOYED.header(SECRET) == (
        "access_token=secret; Path=/api; Max-Age=300; SameSite=None; Secure; HttpOnly"
    )


def test_a_cookie_for_scripts_is_readable_everywhere_on_the_shared_domain() -> None:
    assert DEPLOYED.header(READABLE) == (
        "csrftoken=mark; Path=/; Max-Age=600; SameSite=None; Secure; Domain=videoflix.example"
    )


def test_without_a_shared_domain_a_cookie_for_scripts_names_none() -> None:
    assert LOCAL.header(READABLE) == "csrftoken=mark; Path=/; Max-Age=600; SameSite=Lax"


def test_signing_in_sets_three_cookies_and_only_the_csrf_token_is_for_scripts(
    credentials: Credentials,
) -> None:
    baked = {each.name: each for each in cookies.signed_in(credentials)}
    assert {name: each.value for name, each in baked.items()} == {
        "access_token": "the access token",
        "refresh_token": str(credentials.refresh),
        "csrftoken": credentials.csrf,
    }
    assert [name for name, each in baked.items() if each.for_scripts] == ["csrftoken"]


def test_cookies_expire_with_their_tokens(credentials: Credentials) -> None:
    seconds = {each.name: each.seconds for each in cookies.signed_in(credentials)}
    week = 7 * 24 * 60 * 60
    assert seconds == {"access_token": 300, "refresh_token": week, "csrftoken": week}
    assert cookies.device("mark").seconds == 30 * 24 * 60 * 60


def test_signing_out_expires_each_cookie_on_its_path(credentials: Credentials) -> None:
    def scope_of(cookie: Cookie) -> tuple[str, str, bool]:
        return (cookie.name, cookie.path, cookie.for_scripts)

    taken_back = list(cookies.signed_out())
    assert {scope_of(each) for each in taken_back} == set(
        map(scope_of, cookies.signed_in(credentials))
    )
    assert {(each.value, each.seconds) for each in taken_back} == {("", 0)}


def test_the_device_token_survives_signing_out() -> None:
    device = cookies.device("mark")
    assert device.name not in {each.name for each in cookies.signed_out()}
    assert not device.for_scripts


def test_over_https_a_secret_cookie_can_be_set_by_its_own_host_alone() -> None:
    assert HTTPS.header(SECRET) == (
        "__Host-access_token=secret; Path=/; Max-Age=300; SameSite=Lax; Secure; HttpOnly"
    )


def test_over_https_a_cookie_for_scripts_keeps_the_name_they_know() -> None:
    assert HTTPS.header(READABLE).startswith("csrftoken=mark; Path=/; ")
    assert HTTPS.header(READABLE).endswith("; Secure; Domain=.videoflix.example")


@pytest.mark.parametrize("name", ["access_token", "refresh_token", "device_token"])
@pytest.mark.parametrize("planted", ["access_token", "refresh_token", "device_token"])
def test_with_one_host_prefix_unprefixed_secrets_are_ignored(name: str, planted: str) -> None:
    for header in (f"{planted}=planted; __Host-{name}=ours; csrftoken=mark",
                   f"csrftoken=mark; __Host-{name}=ours; {planted}=planted"):  # fmt: skip
        assert cookies.read(header) == {name: "ours", "csrftoken": "mark"}


def test_an_unknown_host_prefixed_cookie_changes_nothing() -> None:
    sent = {"__Host-theirs": "x", "access_token": "old"}
    assert cookies.read("__Host-theirs=x; access_token=old") == sent


def test_an_unprefixed_cookie_is_read_and_expired_on_its_path() -> None:
    sent = "csrftoken=mark; access_token=old"
    assert cookies.read(sent)["access_token"] == "old"
    gone, _, _ = HTTPS.headers([SECRET, READABLE], sent)
    assert gone == "access_token=; Path=/api; Max-Age=0; SameSite=Lax; Secure; HttpOnly"
    assert len(HTTPS.headers([SECRET, READABLE], "__Host-access_token=x")) == 2
    assert len(LOCAL.headers([SECRET, READABLE], sent)) == 2


def test_a_later_cookie_of_one_name_replaces_an_earlier_one() -> None:
    [only] = LOCAL.headers([SECRET, replace(SECRET, value="newer")], "")
    assert only.startswith("access_token=newer; ")


@pytest.mark.parametrize("hiding", ["\x85", "\xa0", "\x1f", "\u2000"], ids=ascii)
def test_a_host_prefix_after_an_unusual_blank_does_not_count(hiding: str) -> None:
    ours = "__Host-access_token=ours"
    for header in (f"{hiding}__Host-access_token=planted; {ours}", f"{ours};{hiding}{ours}x"):
        assert cookies.read(header)["access_token"] == "ours"
    assert "access_token" not in cookies.read(f"{hiding}__Host-access_token=planted")
