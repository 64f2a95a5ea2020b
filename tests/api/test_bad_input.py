"""Invalid input gets a clear answer and changes nothing."""

import json
import re
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import app  # noqa: F401 - importing it registers every route
from chalicelib.api.endpoint import EVERY_API
from chalicelib.wiring import accounts
from infra.local.gateway import Gateway, HttpRequest
from tests.api.conftest import ADDRESS, PASSWORD, sign_up
from tests.browser import PAGE, Browser

ROUTES = sorted({(each.method, each.path) for api in EVERY_API for each in api.operations})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"null", 400),
        (b"7", 400),
        (b"\xff\xfe{}", 400),
        (b"\x00", 400),
        (b"[" * 50_000, 400),
        (b'{"email": ' * 5_000, 400),
        (b"9" * 5_000, 400),
        (b"{}", 400),
        (b"", 400),
        (b'{"email": "' + b"a" * 1_000_000 + b'"}', 413),
    ],
    ids=lambda value: str(value)[:20],
)
@pytest.mark.parametrize("path", ["/register/", "/login/", "/password_reset/"])
def test_a_body_that_is_no_json_object_is_refused(
    browser: Browser, path: str, body: bytes, status: int
) -> None:
    answer = browser.send("POST", path, body)
    assert answer.status == status
    assert isinstance(answer.json, dict)


@pytest.mark.parametrize("kind", ["text/plain", "multipart/mixed; boundary=x", "", "x"])
def test_a_body_of_another_content_type_is_refused(browser: Browser, kind: str) -> None:
    answer = browser.send("POST", "/login/", b"email=a", headers={"content-type": kind})
    assert (answer.status, list(answer.json)) == (415, ["detail"])


FORM = {"content-type": "application/x-www-form-urlencoded"}


def test_a_url_encoded_form_is_accepted_like_json(member: Browser, admin: Browser) -> None:
    sent = urlencode({"email": ADDRESS, "password": PASSWORD}).encode()
    assert member.send("POST", "/login/", sent, headers=FORM).status == 200
    named = member.send("PATCH", "/user/", b"first_name=Ada+L.&language=de", headers=FORM).json
    assert (named["first_name"], named["language"]) == ("Ada L.", "de")
    draft = b"title=Tom+%26+I&is_trailer=on&is_published=false"
    video = admin.send("POST", "/video/", draft, headers=FORM).json
    assert (video["is_trailer"], video["is_published"]) == (True, False)


@pytest.mark.parametrize("sent", [b"{}", b"email", b"%FF=1"])
def test_an_invalid_form_is_refused_like_invalid_json(browser: Browser, sent: bytes) -> None:
    answer = browser.send("POST", "/login/", sent, headers=FORM)
    assert (answer.status, answer.json) == (400, {"detail": "This is not a valid form."})


def test_all_problems_of_a_sign_up_are_reported_at_once(browser: Browser) -> None:
    sent = {"email": "ada", "password": "12345678", "confirmed_password": "87654321"}
    answer = browser.post("/register/", sent)
    assert (answer.status, answer.json) == (
        400,
        {
            "email": ["Enter a valid e-mail address."],
            "password": ["This password is too common.", "Do not use digits only."],
            "confirmed_password": ["The passwords do not match."],
        },
    )


@pytest.mark.parametrize("path", ["/password_confirm/1/x/", "/user/password/"])
def test_a_weak_password_and_a_different_repetition_are_reported_together(
    signed_in: Browser, path: str
) -> None:
    sent = {"current_password": PASSWORD, "new_password": "1111", "confirm_password": "2222"}
    answer = signed_in.post(path, sent)
    assert (answer.status, answer.json.keys()) == (400, {"new_password", "confirm_password"})


@pytest.mark.parametrize("path", ["/user/", "/video/1/", "/admin/accounts/1/"])
def test_a_change_of_only_unknown_fields_is_refused_by_name(admin: Browser, path: str) -> None:
    answer = admin.patch(path, {"naem": "x", "id": 7})
    said = ["There is no such field."]
    assert (answer.status, answer.json) == (400, {"naem": said, "id": said})
    strange = admin.patch(path, {"<img src=x>": 1})
    assert (strange.status, strange.json) == (400, {"detail": said[0]})


def test_a_charset_in_the_content_type_is_accepted(browser: Browser) -> None:
    sent = json.dumps({"email": ADDRESS, "password": PASSWORD}).encode()
    kind = "Application/JSON; charset=utf-8"
    assert browser.send("POST", "/login/", sent, headers={"content-type": kind}).status == 400


@pytest.mark.parametrize("value", [None, 7, 1.5, True, [], {}, "", "  ", "\x00", "a\x00b"])
@pytest.mark.parametrize("name", ["email", "password", "confirmed_password"])
def test_a_field_of_the_wrong_type_is_reported_by_name(
    browser: Browser, name: str, value: object
) -> None:
    sent = {"email": ADDRESS, "password": PASSWORD, "confirmed_password": PASSWORD, name: value}
    answer = browser.post("/register/", sent)
    assert answer.status == 400
    assert name in answer.json or "confirmed_password" in answer.json
    assert accounts.administration().newest(limit=1) == []


@pytest.mark.parametrize("target", ["http://[/api/video/", "//[/api/video/", "http://[x]/api/"])
def test_an_invalid_address_is_refused(gateway: Gateway, target: str) -> None:
    assert gateway.handle(HttpRequest("GET", target)).status in (400, 404)


def test_a_lone_surrogate_is_refused(browser: Browser) -> None:
    lone_surrogate = b'{"email": "ada@example.com", "password": "\\ud800 and more text"}'
    answer = browser.send("POST", "/login/", lone_surrogate)
    assert (answer.status, answer.json) == (400, {"password": ["Not a valid string."]})


def test_a_refused_sign_up_writes_nothing(browser: Browser) -> None:
    sign_up(browser, password="short")
    sign_up(browser, email="no address")
    assert accounts.administration().newest(limit=10) == []


@pytest.mark.parametrize("accepted", ["", "de", "xx", "*", ";;;,,,q=", "de" * 5000, "\u00e9"])
def test_any_accept_language_header_is_accepted(browser: Browser, accepted: str) -> None:
    browser.language = accepted
    assert sign_up(browser).status == 201


texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", "1", "../..", "%00", "eyJ.eyJ.x", "1.a.0.b.c", "\u202e", "a@b.c"]),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
fields = st.sampled_from(
    [
        *("email", "password", "confirmed_password", "new_password", "confirm_password"),
        *("label", "current_password", "first_name", "language", "is_active", "is_admin"),
    ]
)
bodies = st.one_of(
    st.binary(max_size=60),
    st.dictionaries(fields, json_values, max_size=4).map(lambda sent: json.dumps(sent).encode()),
)
header_texts = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)
headers = st.dictionaries(
    st.sampled_from(
        ["authorization", "cookie", "origin", "accept-language", "x-csrftoken", "content-type"]
    ),
    header_texts
    | header_texts.map(lambda text: f"Bearer {text}")
    | header_texts.map(lambda text: f"Token 1.{text}.0.a.b")
    | header_texts.map(lambda text: f"access_token={text}; refresh_token=1.{text}.0.a.b"),
    max_size=4,
)


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    route=st.sampled_from(ROUTES),
    parts=st.lists(texts, min_size=2),
    sent=headers,
    body=bodies,
    is_admin=st.booleans(),
)
def test_no_request_makes_the_server_fail(
    admin: Browser,
    route: tuple[str, str],
    parts: list[str],
    sent: dict[str, str],
    body: bytes,
    is_admin: bool,
) -> None:
    method, path = route
    for part in parts:
        path = re.sub(r"{\w+}", quote(part, safe=""), path, count=1)
    known = {"origin": PAGE, "content-type": "application/json"}
    if is_admin and path != "/logout":
        known |= {
            "cookie": "; ".join(f"{name}={value}" for name, value in admin.cookies.items()),
            "x-csrftoken": admin.cookies["csrftoken"],
        }
    wire = [*(known | sent).items()]
    answer = admin.server.handle(HttpRequest(method, f"/api{path}/", wire, body))
    assert answer.status < 500, answer.body
