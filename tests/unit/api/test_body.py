"""JSON bodies: parsed, filled into forms, and refused field by field."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api import body
from chalicelib.api.body import BodyTooLarge, NoBody, NotJson
from chalicelib.errors import InvalidInput

JSON = "application/json"


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Form:
    title: str = body.text(longest=10)
    note: str | None = body.text(longest=5, required=False, may_be_blank=True)
    is_new: bool | None = body.flag()
    colour: Colour | None = body.choice(Colour)


@dataclass(frozen=True, slots=True)
class SignUp:
    email: str = body.email()
    password: str = body.secret("password1", "new_password")
    repeated: str = body.secret("confirmed_password", "re_password", repeats="password")


WELL = {"email": "ada@example.com", "password": "correct horse", "repeated": "correct horse"}


def problems(form: type, sent: dict[str, Any]) -> dict[str, Any]:
    with pytest.raises(InvalidInput) as refusal:
        body.fill(form, sent)
    return refusal.value.fields


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON ;x=y",
        " application/json",
    ],
)
def test_an_object_is_parsed(content_type: str) -> None:
    assert body.parse(b'{"a": ["\xc3\xbc", 1]}', content_type) == {"a": ["ü", 1]}


@pytest.mark.parametrize("content_type", ["", JSON, "text/plain"])
@pytest.mark.parametrize("nothing", [b"", ""])
def test_no_body_is_an_empty_object_whatever_it_is_called(
    nothing: bytes | str, content_type: str
) -> None:
    assert body.parse(nothing, content_type) == {}


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/jsonp",
    ],
)
def test_what_a_foreign_page_may_send_unasked_is_not_parsed(content_type: str) -> None:
    with pytest.raises(NotJson):
        body.parse(b"{}", content_type)


@pytest.mark.parametrize(
    "raw", [b"{", b" ", b"{'a': 1}", b"\xff", b'{"a": "\xff"}', b"[" * 5000, b"9" * 5000, b"{}{}"]
)
def test_what_is_not_json_is_refused_in_one_sentence(raw: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"^This is not valid JSON\.$"):
        body.parse(raw, JSON)


@pytest.mark.parametrize("raw", [b"[]", b"null", b"7", b'"text"', b"true", b"NaN"])
def test_json_that_is_no_object_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"^Send a JSON object\.$"):
        body.parse(raw, JSON)


def test_a_body_has_at_most_64_kilobytes() -> None:
    largest = json.dumps({"a": "x" * (64 * 1024 - 9)}).encode()
    assert len(largest) == 64 * 1024
    assert body.parse(largest, JSON)["a"]
    with pytest.raises(BodyTooLarge, match="64 kB"):
        body.parse(largest + b" ", JSON)


@given(st.binary(max_size=200))
def test_bytes_are_an_object_or_refused(raw: bytes) -> None:
    try:
        parsed = body.parse(raw, JSON)
    except InvalidInput:
        return
    assert isinstance(parsed, dict)


def test_a_form_is_filled_with_what_was_sent() -> None:
    sent = {"title": "Metropolis", "note": "1927", "is_new": False, "colour": "red"}
    assert body.fill(Form, sent) == Form("Metropolis", "1927", is_new=False, colour=Colour.RED)


def test_what_may_be_left_out_is_none() -> None:
    assert body.fill(Form, {"title": "M"}) == Form("M", None, is_new=None, colour=None)


def test_what_nobody_asked_for_is_ignored() -> None:
    sent = {"title": "M", "is_admin": True, "__class__": "x", "": None}
    assert body.fill(Form, sent) == body.fill(Form, {"title": "M"})
    assert body.fill(NoBody, sent) == NoBody()


def test_a_text_is_trimmed_and_a_password_is_not() -> None:
    assert body.fill(Form, {"title": " M\n"}).title == "M"
    spaced = {**WELL, "password": " x ", "repeated": " x "}
    assert body.fill(SignUp, spaced).password == " x "


@pytest.mark.parametrize("blank", ["", " ", "\t\n"])
def test_a_text_may_be_blank_where_the_form_says_so(blank: str) -> None:
    assert body.fill(Form, {"title": "M", "note": blank}).note == ""
    assert problems(Form, {"title": blank}) == {"title": ["This field may not be blank."]}


def test_an_empty_password_is_blank_and_one_of_spaces_is_not() -> None:
    assert problems(SignUp, {**WELL, "password": ""})["password"] == [
        "This field may not be blank."
    ]
    spaces = " " * 8
    assert body.fill(SignUp, {**WELL, "password": spaces, "repeated": spaces}).password == spaces


def test_the_length_counts_after_trimming() -> None:
    assert body.fill(Form, {"title": f" {'x' * 10} "}).title == "x" * 10
    assert problems(Form, {"title": "x" * 11}) == {
        "title": ["Ensure this field has no more than 10 characters."]
    }


def test_a_password_has_at_most_1024_bytes() -> None:
    longest = "ü" * 512
    filled = body.fill(SignUp, {**WELL, "password": longest, "repeated": longest})
    assert filled.password == longest
    assert problems(SignUp, {**WELL, "password": longest + "x"})["password"] == [
        "Ensure this field has no more than 1024 bytes."
    ]


@pytest.mark.parametrize("wrong", [7, 1.5, True, [], ["M"], {}, "\ud800", "M\udfff"])
def test_a_text_is_text_that_can_be_stored(wrong: object) -> None:
    assert problems(Form, {"title": wrong}) == {"title": ["Not a valid string."]}


@pytest.mark.parametrize("form", [Form, SignUp])
def test_a_null_character_is_refused(form: type) -> None:
    sent = {"title": "M\0", **WELL, "password": "correct\0horse"}
    assert list(problems(form, sent).values()) == [["Null characters are not allowed."]]


@pytest.mark.parametrize("name", ["title", "note", "is_new", "colour"])
def test_null_is_not_the_same_as_leaving_out(name: str) -> None:
    assert problems(Form, {"title": "M", name: None}) == {name: ["This field may not be null."]}


@pytest.mark.parametrize("wrong", [0, 1, "true", "", [], {}])
def test_a_flag_is_true_or_false(wrong: object) -> None:
    assert problems(Form, {"title": "M", "is_new": wrong}) == {
        "is_new": ["Must be a valid boolean."]
    }


@pytest.mark.parametrize("wrong", ["green", "RED", "red,blue"])
def test_a_choice_is_one_of_its_options(wrong: str) -> None:
    assert problems(Form, {"title": "M", "colour": wrong}) == {
        "colour": ["Must be one of: red, blue."]
    }


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert problems(Form, {"note": "too long", "is_new": 1, "colour": None}).keys() == {
        "title",
        "note",
        "is_new",
        "colour",
    }


def test_what_is_missing_is_required() -> None:
    required = ["This field is required."]
    assert problems(SignUp, {}) == dict.fromkeys(["email", "password", "repeated"], required)


@pytest.mark.parametrize("spelled", ["password", "password1", "new_password"])
@pytest.mark.parametrize("repeated", ["repeated", "confirmed_password", "re_password"])
def test_a_field_is_known_under_all_its_spellings(spelled: str, repeated: str) -> None:
    sent = {"email": "ada@example.com", spelled: "correct horse", repeated: "correct horse"}
    assert body.fill(SignUp, sent) == SignUp(**WELL)
    assert body.spelling(SignUp, "password", sent) == spelled
    assert body.spelling(SignUp, "repeated", sent) == repeated


def test_of_two_spellings_our_own_counts() -> None:
    assert body.fill(SignUp, {**WELL, "password1": "another"}).password == WELL["password"]


def test_a_complaint_names_the_field_as_it_was_sent() -> None:
    sent = {"email": 7, "new_password": None, "re_password": "x"}
    assert problems(SignUp, sent).keys() == {"email", "new_password"}
    assert body.spelling(SignUp, "password", {}) == "password"


def test_passwords_that_differ_are_told_at_the_second() -> None:
    sent = {**WELL, "repeated": "correct  horse"}
    assert problems(SignUp, sent) == {"repeated": ["The passwords do not match."]}


def test_a_password_that_is_wrong_itself_is_not_also_compared() -> None:
    assert problems(SignUp, {**WELL, "password": ""}).keys() == {"password"}


def test_an_address_that_is_too_long_for_one_is_still_taken_in() -> None:
    assert body.fill(SignUp, {**WELL, "email": "x" * 1000}).email == "x" * 1000
    assert problems(SignUp, {**WELL, "email": "x" * 1001}).keys() == {"email"}


def test_no_complaint_repeats_what_was_sent() -> None:
    sent = {"title": "hunter2" * 9, "note": "hunter2", "is_new": "hunter2", "colour": "hunter2"}
    said = problems(Form, sent)
    assert len(said) == 4
    assert "hunter2" not in str(said)
