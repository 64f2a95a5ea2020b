"""Mail requests as JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.accounts.mail import MailKind, MailRequest, UnreadableMailRequest
from chalicelib.language import Language

REQUEST = MailRequest(MailKind.SIGN_UP, "ada@example.com", Language.GERMAN, "official")

mail_requests = st.builds(
    MailRequest,
    kind=st.sampled_from(MailKind),
    email=st.text(),
    language=st.sampled_from(Language),
    dialect=st.text(),
    state=st.text(),
    origin=st.text(),
)


@given(mail_requests)
def test_a_mail_request_is_read_as_it_was_written(mail_request: MailRequest) -> None:
    assert MailRequest.from_json(mail_request.to_json()) == mail_request


@given(mail_requests)
def test_a_mail_request_is_printable_ascii(mail_request: MailRequest) -> None:
    written = mail_request.to_json()
    assert written.isascii()
    assert written.isprintable()


def test_a_mail_request_says_its_version() -> None:
    assert json.loads(REQUEST.to_json())["version"] == 1


def test_a_request_of_an_earlier_version_has_no_origin() -> None:
    earlier = json.loads(REQUEST.to_json())
    del earlier["origin"]
    assert MailRequest.from_json(json.dumps(earlier)) == REQUEST


def test_fields_of_a_later_version_are_ignored() -> None:
    more = {**json.loads(REQUEST.to_json()), "priority": "high"}
    assert MailRequest.from_json(json.dumps(more)) == REQUEST


@pytest.mark.parametrize("name", ["kind", "email", "language", "dialect", "state", "version"])
def test_a_mail_request_without_one_of_its_parts_is_unreadable(name: str) -> None:
    rest = {key: value for key, value in json.loads(REQUEST.to_json()).items() if key != name}
    with pytest.raises(UnreadableMailRequest):
        MailRequest.from_json(json.dumps(rest))


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "birthday"},
        {"kind": None},
        {"kind": []},
        {"language": "tlh"},
        {"language": {}},
        {"email": None},
        {"email": 7},
        {"email": ["ada@example.com"]},
        {"dialect": None},
        {"dialect": {}},
        {"state": None},
        {"origin": None},
        {"version": None},
        {"version": "one"},
    ],
    ids=str,
)
def test_a_mail_request_with_another_kind_of_part_is_unreadable(
    change: dict[str, object],
) -> None:
    with pytest.raises(UnreadableMailRequest):
        MailRequest.from_json(json.dumps({**json.loads(REQUEST.to_json()), **change}))


@pytest.mark.parametrize("text", ["", "{", "null", "7", '"sign_up"', "[]", "{}"])
def test_another_message_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableMailRequest):
        MailRequest.from_json(text)


def test_the_error_about_a_mail_request_does_not_repeat_it() -> None:
    with pytest.raises(UnreadableMailRequest) as complaint:
        MailRequest.from_json('{"kind": "ada@example.com"}')
    assert "ada" not in str(complaint.value)
