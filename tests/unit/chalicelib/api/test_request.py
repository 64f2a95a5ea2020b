"""The values that are read from a request."""

from dataclasses import dataclass
from typing import Any

import pytest
from chalice.app import Request
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.accounts.session import SessionId
from chalicelib.accounts.tokens import Identity
from chalicelib.accounts.visitor import Visitor
from chalicelib.api import body
from chalicelib.api.request import Call, header, origin_of, visitor_of, whole_number
from chalicelib.errors import InvalidInput, Unauthenticated
from chalicelib.language import Language
from tests.builders.accounts import ACCOUNT_ID, VISITOR


def a_request(
    headers: dict[str, str] | None = None,
    *,
    address: str | None = "198.51.100.7",
    query: dict[str, list[str]] | None = None,
) -> Request:
    identity = {} if address is None else {"identity": {"sourceIp": address}}
    context = {"httpMethod": "GET", "resourcePath": "/", **identity}
    event: dict[str, Any] = {
        "multiValueQueryStringParameters": query,
        "headers": headers or {},
        "pathParameters": None,
        "requestContext": context,
        "body": None,
        "stageVariables": None,
    }
    return Request(event)


def visitor(request: Request, *, address_header: str = "", device: str = "") -> Visitor:
    cookies = {"device_token": device} if device else {}
    return visitor_of(request, cookies, dialect="official", address_header=address_header)


@dataclass(frozen=True, slots=True)
class Form:
    password: str = body.secret("new_password")


def a_call(
    query: dict[str, list[str]] | None = None,
    *,
    identity: Identity | None = None,
    sent: dict[str, Any] | None = None,
) -> Call[Form]:
    return Call(a_request(query=query), VISITOR, {}, Form("x"), sent or {}, identity)


def test_a_header_is_read_in_any_case_and_empty_if_missing() -> None:
    request = a_request({"Accept-Language": "de"})
    assert header(request, "accept-language") == "de"
    assert header(request, "origin") == ""


def test_a_visitor_has_the_values_of_the_request() -> None:
    request = a_request({"user-agent": "Firefox", "accept-language": "de"})
    assert visitor(request, device="the mark") == Visitor(
        address="198.51.100.7",
        agent="Firefox",
        language=Language.GERMAN,
        dialect="official",
        device_token="the mark",
    )


def test_a_visitor_without_headers_has_defaults() -> None:
    assert visitor(a_request(address=None)) == Visitor(
        address="unknown", agent="", language=Language.ENGLISH, dialect="official"
    )


def test_a_long_agent_is_cut() -> None:
    assert visitor(a_request({"user-agent": "x" * 9999})).agent == "x" * 200


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", Language.ENGLISH),
        ("*", Language.ENGLISH),
        ("de", Language.GERMAN),
        ("DE", Language.GERMAN),
        ("de-AT", Language.GERMAN),
        ("de-AT, en;q=0.5", Language.GERMAN),
        ("de-CH-1996, en;q=0.5", Language.GERMAN),
        ("en, de;q=0.9", Language.ENGLISH),
        ("tlh", Language.ENGLISH),
        ("en-GB,en;q=0.9,de;q=0.8", Language.ENGLISH),
        ("tlh-TLH, de;q=0.7, en;q=0.3", Language.GERMAN),
        ("tlh, x", Language.ENGLISH),
        (" de ;q=1", Language.GERMAN),
        ("deutsch", Language.ENGLISH),
        ("de_DE", Language.ENGLISH),
        ("en;q=0.3, de;q=0.9", Language.GERMAN),
        ("de;q=0, en;q=0.1", Language.ENGLISH),
        ("de;q=0", Language.ENGLISH),
        ("de;q=0.5,en;q=0.5", Language.GERMAN),
        ("de;q=x, en;q=0.5", Language.GERMAN),
        ("tlh," * 100 + "de", Language.ENGLISH),  # longer than the limit
        ("de, " + "tlh;q=0.9, " * 1000, Language.GERMAN),
        (",,;;--", Language.ENGLISH),
    ],
)
def test_the_language_is_the_preferred_supported_one(accepted: str, language: Language) -> None:
    assert visitor(a_request({"accept-language": accepted})).language is language


@given(st.text())
def test_any_accept_language_is_accepted(accepted: str) -> None:
    assert visitor(a_request({"accept-language": accepted})).language in Language


@pytest.mark.parametrize(
    ("address", "caller"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::", "2001:db8:1:2::"),
        ("2001:DB8:0001:0002:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
    ],
)
def test_an_ipv6_network_is_one_caller(address: str, caller: str) -> None:
    assert visitor(a_request(address=address)).address == caller


@pytest.mark.parametrize(
    "loopback",
    [
        "127.0.0.1",
        "::1",
        "0:0:0:0:0:0:0:1",
        "::1%lo",
        "[::1]:4711",
        "::ffff:127.0.0.1",
        "::ffff:7f00:1",
    ],
)
def test_the_loopback_is_one_caller_with_its_ipv4_address(loopback: str) -> None:
    assert visitor(a_request(address=loopback)).address == "127.0.0.1"


@pytest.mark.parametrize("neighbour", ["::", "::2", "::1:0", "0:0:0:0:1::1"])
def test_addresses_next_to_the_loopback_are_other_callers(neighbour: str) -> None:
    assert visitor(a_request(address=neighbour)).address == "::"


def test_neighbouring_networks_are_two_callers() -> None:
    addresses = ["198.51.100.7", "198.51.100.8", "2001:db8:1:2::1", "2001:db8:1:3::1"]
    assert len({visitor(a_request(address=each)).address for each in addresses}) == 4


@pytest.mark.parametrize("address", ["198.51.100.7", "203.0.113.9"])
@pytest.mark.parametrize("written", ["::ffff:{}", "::FFFF:{}", "[::ffff:{}]:4711"])
def test_an_ipv4_mapped_address_is_the_same_caller(address: str, written: str) -> None:
    assert visitor(a_request(address=written.format(address))).address == address


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "unknown",
        "198.51.100",
        "198.51.100.256",
        "1.2.3.4, 5.6.7.8",
        "::1::",
        "a" * 999,
        "\0",
        "THROTTLE#x",
    ],
)
def test_invalid_addresses_are_one_unknown_caller(odd: str) -> None:
    assert visitor(a_request(address=odd)).address == "unknown"


def test_the_configured_header_holds_the_address() -> None:
    request = a_request({"x-client-address": "203.0.113.9"}, address="198.51.100.7")
    assert visitor(request, address_header="X-Client-Address").address == "203.0.113.9"


@pytest.mark.parametrize(
    ("forwarded", "caller"),
    [
        ("203.0.113.9:46532", "203.0.113.9"),
        ("203.0.113.9:80", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6:46532", "2001:db8:1:2::"),
        ("2001:db8:1:2:3:4:5:6:443", "2001:db8:1:2::"),
        ("2001:db8:1:2::3:46532", "2001:db8:1:2::"),
        ("192.0.2.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1,  203.0.113.9 ", "203.0.113.9"),
    ],
)
def test_the_last_forwarded_address_counts_without_its_port(forwarded: str, caller: str) -> None:
    request = a_request({"x-client-address": forwarded})
    assert visitor(request, address_header="x-client-address").address == caller


def test_without_that_header_the_connecting_address_counts() -> None:
    request = a_request(address="198.51.100.7")
    assert visitor(request, address_header="x-client-address").address == "198.51.100.7"


def test_a_header_that_is_not_configured_is_ignored() -> None:
    forged = {"x-forwarded-for": "203.0.113.9", "x-client-address": "203.0.113.9"}
    assert visitor(a_request(forged, address="198.51.100.7")).address == "198.51.100.7"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("7", 7),
        ("007", 7),
        ("100", 100),
        ("101", None),
        ("0100", None),
        ("", None),
        ("-1", None),
        ("+1", None),
        (" 1", None),
        ("1.0", None),
        ("1e2", None),
        ("1_0", None),
        ("0x1", None),
        ("\N{ARABIC-INDIC DIGIT SEVEN}", None),
        ("\N{SUPERSCRIPT TWO}", None),
        ("9" * 5000, None),
    ],
)
def test_a_whole_number_has_digits_only_and_is_not_too_large(text: str, number: int | None) -> None:
    assert whole_number(text, largest=100) == number


@given(st.integers(0, 2**53 - 1))
def test_every_account_id_is_a_whole_number(number: int) -> None:
    assert whole_number(str(number), largest=2**53 - 1) == number


def test_a_query_parameter_is_read_by_name_and_empty_if_missing() -> None:
    call = a_call({"page": ["2"], "email": ["ada@example.com"]})
    assert call.query_text("email") == "ada@example.com"
    assert call.query_text("order") == ""
    assert a_call().query_text("order") == ""


def test_a_number_in_a_query_is_read() -> None:
    assert a_call({"page": ["2"]}).query_number("page", largest=9) == 2
    assert a_call({"page": [""]}).query_number("page", largest=9) is None
    assert a_call().query_number("page", largest=9) is None


@pytest.mark.parametrize("wrong", ["0", "00", "10", "-1", "two", "1 "])
def test_a_number_in_a_query_lies_between_one_and_the_largest(wrong: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        a_call({"page": [wrong]}).query_number("page", largest=9)
    assert refusal.value.fields == {"page": ["Send a whole number from 1 to 9."]}


def test_the_identity_of_a_call_is_known_or_the_call_is_refused() -> None:
    ada = Identity(ACCOUNT_ID, SessionId("session"))
    assert a_call(identity=ada).identity == ada
    with pytest.raises(Unauthenticated):
        _ = a_call().identity


def test_a_field_is_named_as_the_client_named_it() -> None:
    assert a_call(sent={"new_password": "x"}).spelled("password") == "new_password"
    assert a_call(sent={"password": "x"}).spelled("password") == "password"


def test_a_call_shows_no_password() -> None:
    call = Call(a_request(), VISITOR, {"refresh_token": "secret"}, Form("secret"), {"p": "secret"})
    assert "secret" not in repr(call)


@pytest.mark.parametrize(
    ("sent", "origin"),
    [
        ("https://a.example", "https://a.example"),
        ("https://A.example", ""),
        ("https://b.example", ""),
        ("null", ""),
        ("", ""),
    ],
)
def test_only_an_allowed_origin_counts(sent: str, origin: str) -> None:
    request = a_request({"origin": sent} if sent else {})
    assert origin_of(request, frozenset({"https://a.example"})) == origin


def test_an_option_of_the_query_has_a_value_and_another_text_is_refused() -> None:
    options = {"": 0, "one": 1, "two": 2}
    assert a_call().query_option("of", options) == 0
    assert a_call({"of": ["two"]}).query_option("of", options) == 2
    with pytest.raises(InvalidInput) as refused:
        a_call({"of": ["three"]}).query_option("of", options)
    assert [str(each) for each in refused.value.fields["of"]] == ["Must be one of: one, two."]
