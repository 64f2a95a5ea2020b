"""Validation of sent values against a form."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest

from chalicelib.api import body, filling
from chalicelib.api.body import NoBody
from chalicelib.errors import InvalidInput


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
        filling.fill(form, sent)
    return refusal.value.fields


def test_a_form_is_filled_with_what_was_sent() -> None:
    sent = {"title": "Metropolis", "note": "1927", "is_new": False, "colour": "red"}
    assert filling.fill(Form, sent) == Form("Metropolis", "1927", is_new=False, colour=Colour.RED)


def test_a_missing_optional_field_is_none() -> None:
    assert filling.fill(Form, {"title": "M"}) == Form("M", None, is_new=None, colour=None)


def test_unknown_fields_are_ignored() -> None:
    sent = {"title": "M", "is_admin": True, "__class__": "x", "": None}
    assert filling.fill(Form, sent) == filling.fill(Form, {"title": "M"})
    assert filling.fill(NoBody, sent) == NoBody()


def test_a_text_is_trimmed_and_a_password_is_not() -> None:
    assert filling.fill(Form, {"title": " M\n"}).title == "M"
    spaced = {**WELL, "password": " x ", "repeated": " x "}
    assert filling.fill(SignUp, spaced).password == " x "


@pytest.mark.parametrize("blank", ["", " ", "\t\n"])
def test_a_text_may_be_blank_where_the_form_says_so(blank: str) -> None:
    assert filling.fill(Form, {"title": "M", "note": blank}).note == ""
    assert problems(Form, {"title": blank}) == {"title": ["This field may not be blank."]}


def test_an_empty_password_is_blank_and_one_of_spaces_is_not() -> None:
    assert problems(SignUp, {**WELL, "password": ""})["password"] == [
        "This field may not be blank."
    ]
    spaces = " " * 8
    assert filling.fill(SignUp, {**WELL, "password": spaces, "repeated": spaces}).password == spaces


def test_the_length_counts_after_trimming() -> None:
    assert filling.fill(Form, {"title": f" {'x' * 10} "}).title == "x" * 10
    assert problems(Form, {"title": "x" * 11}) == {
        "title": ["Ensure this field has no more than 10 characters."]
    }


def test_a_password_has_at_most_1024_bytes() -> None:
    longest = "ü" * 512
    filled = filling.fill(SignUp, {**WELL, "password": longest, "repeated": longest})
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


@dataclass(frozen=True, slots=True)
class NewAccount:
    email: str = body.email()
    password: str = body.new_secret("new_password")
    repeated: str = body.secret(repeats="password")


def test_a_weak_password_is_reported_with_all_other_problems() -> None:
    said = problems(NewAccount, {"email": "ada@", "new_password": "1234567", "repeated": "7654321"})
    assert said.keys() == {"email", "new_password", "repeated"}
    assert "Do not use digits only." in said["new_password"]
    assert said["repeated"] == ["The passwords do not match."]


def test_a_password_is_compared_with_the_address_in_the_form() -> None:
    name = "unlikely.enough"
    sent = {"email": f"{name}@example.com", "password": name, "repeated": name}
    assert problems(NewAccount, sent).keys() == {"password"}


def refused_in(sent: dict[str, Any]) -> dict[str, Any]:
    try:
        filling.require_known(Form, sent)
    except InvalidInput as refusal:
        return {**refusal.fields}
    return {}


@pytest.mark.parametrize("sent", [{"naem": 1}, {"id": 7, "is_super": True}])
def test_a_change_of_only_unknown_fields_is_refused_by_name(sent: dict[str, Any]) -> None:
    assert refused_in(sent) == {name: ["There is no such field."] for name in sent}


@pytest.mark.parametrize("sent", [{}, {"title": None}, {"title": "M", "naem": 1}])
def test_an_empty_change_and_a_change_with_a_known_field_are_accepted(sent: dict[str, Any]) -> None:
    assert refused_in(sent) == {}


@pytest.mark.parametrize("name", ["<img src=x>", "", "Ä", "a" * 51, "__class__"])
def test_only_plain_names_are_repeated(name: str) -> None:
    with pytest.raises(InvalidInput, match="There is no such field") as refusal:
        filling.require_known(Form, {name: 1})
    assert refusal.value.fields == {}


@dataclass(frozen=True, slots=True)
class Typed:
    size: int = body.whole(largest=2**53)
    numbers: list[int] = body.wholes(largest=99, most=3)
    is_new: bool | None = body.flag()
    title: str | None = body.text(longest=9, required=False)


@pytest.mark.parametrize(("text", "flag"), [("on", True), ("TRUE", True), ("0", False)])
def test_texts_of_a_form_are_converted_to_the_types_of_its_fields(text: str, flag: bool) -> None:
    sent = {"size": "7", "numbers": ["1", "2"], "is_new": text, "title": ["old", "12"], "x": "1"}
    typed = filling.typed(Typed, sent)
    assert filling.fill(Typed, typed) == Typed(7, [1, 2], is_new=flag, title="12")
    assert filling.typed(Typed, {"numbers": "5"}) == {"numbers": [5]}


def test_unconvertible_texts_of_a_form_are_reported() -> None:
    sent = {"size": "-1", "numbers": "a", "is_new": "maybe", "title": "x"}
    said = problems(Typed, filling.typed(Typed, sent))
    assert said.keys() == {"size", "numbers", "is_new"}


def test_all_problems_are_reported_at_once() -> None:
    assert problems(Form, {"note": "too long", "is_new": 1, "colour": None}).keys() == {
        "title",
        "note",
        "is_new",
        "colour",
    }


def test_missing_required_fields_are_reported() -> None:
    required = ["This field is required."]
    assert problems(SignUp, {}) == dict.fromkeys(["email", "password", "repeated"], required)


@pytest.mark.parametrize("spelled", ["password", "password1", "new_password"])
@pytest.mark.parametrize("repeated", ["repeated", "confirmed_password", "re_password"])
def test_a_field_is_read_under_all_its_names(spelled: str, repeated: str) -> None:
    sent = {"email": "ada@example.com", spelled: "correct horse", repeated: "correct horse"}
    assert filling.fill(SignUp, sent) == SignUp(**WELL)
    assert filling.spelling(SignUp, "password", sent) == spelled
    assert filling.spelling(SignUp, "repeated", sent) == repeated


def test_of_two_names_the_main_one_counts() -> None:
    assert filling.fill(SignUp, {**WELL, "password1": "another"}).password == WELL["password"]


def test_a_problem_is_reported_under_the_sent_name() -> None:
    sent = {"email": 7, "new_password": None, "re_password": "x"}
    assert problems(SignUp, sent).keys() == {"email", "new_password"}
    assert filling.spelling(SignUp, "password", {}) == "password"


def test_different_passwords_are_reported_at_the_second() -> None:
    sent = {**WELL, "repeated": "correct  horse"}
    assert problems(SignUp, sent) == {"repeated": ["The passwords do not match."]}


def test_an_invalid_repeated_password_is_not_compared() -> None:
    assert problems(SignUp, {**WELL, "password": ""}).keys() == {"password"}


@pytest.mark.parametrize("address", ["x", "x" * 1000, "x" * 1001, "@example.com"])
def test_an_invalid_address_is_reported(address: str) -> None:
    assert problems(SignUp, {**WELL, "email": address}).keys() == {"email"}


def test_no_message_repeats_a_sent_value() -> None:
    sent = {"title": "hunter2" * 9, "note": "hunter2", "is_new": "hunter2", "colour": "hunter2"}
    said = problems(Form, sent)
    assert len(said) == 4
    assert "hunter2" not in str(said)


@dataclass(frozen=True, slots=True)
class Lists:
    tags: tuple[str, ...] | None = body.texts(most=2, longest=3)


def test_a_list_of_texts_may_be_empty() -> None:
    assert filling.fill(Lists, {"tags": [" a ", "b"]}).tags == ("a", "b")
    assert filling.fill(Lists, {"tags": []}).tags == ()
    assert filling.fill(Lists, {}).tags is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("a", "Send a list of at most 2 texts."),
        ({}, "Send a list of at most 2 texts."),
        (["a", "b", "c"], "Send a list of at most 2 texts."),
        (["a", 7], "Not a valid string."),
        (["\ud800"], "Not a valid string."),
        (["a", ""], "This field may not be blank."),
        (["aaaa"], "Ensure this field has no more than 3 characters."),
    ],
)
def test_each_text_of_a_list_keeps_the_rules_of_texts(wrong: object, said: str) -> None:
    assert problems(Lists, {"tags": wrong}) == {"tags": [said]}


@pytest.mark.parametrize(
    ("sent", "typed"),
    [("a", ["a"]), (["a", "7"], ["a", "7"]), ("", []), (["", "a"], ["a"])],
)
def test_a_form_of_a_page_sends_a_list_by_repeating_its_field(
    sent: str | list[str], typed: list[str]
) -> None:
    assert filling.typed(Lists, {"tags": sent}) == {"tags": typed}


@dataclass(frozen=True, slots=True)
class Numbers:
    count: int = body.whole(largest=9)
    rating: int | str | None = body.whole(largest=18, required=False, may_be_null=True)
    limit: int | None = body.whole(largest=9, required=False)
    is_new: bool | None = body.flag()


def test_a_blank_number_of_a_form_is_none_or_was_not_sent() -> None:
    blank = {"rating": " ", "limit": "", "count": "", "is_new": ["true", ""]}
    assert filling.typed(Numbers, blank) == {"rating": None, "count": ""}
    assert filling.fill(Numbers, {"rating": None, "count": 1}) == Numbers(1, rating="")
    assert filling.typed(Numbers, {"rating": "7"}) == {"rating": 7}
    said = {"count": ["A valid integer is required."], "rating": ["A valid integer is required."]}
    assert problems(Numbers, {"count": "", "rating": ""}) == said
