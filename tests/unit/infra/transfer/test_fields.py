"""Fields of a dump are read by type; what does not fit is reported."""

from datetime import UTC, datetime
from typing import Any

import pytest

from infra.transfer.fields import Fields, storable
from infra.transfer.mapping import DumpMapping, Kind
from infra.transfer.report import TransferReport


def fields(**values: Any) -> Fields:
    return Fields("auth.user 7", values, DumpMapping.known().sections[Kind.USERS], TransferReport())


def test_the_first_field_that_is_filled_counts() -> None:
    assert fields(email="", username="ada@example.com").first("email") == "ada@example.com"
    assert fields(email="a@example.com", username="b").first("email") == "a@example.com"
    assert fields().first("email") is None


@pytest.mark.parametrize(
    ("value", "stored"),
    [("a\ud800b", "a?b"), ({"a": ["\udfff", 1]}, {"a": ["?", 1]}), ("\U0001f600", "\U0001f600"),
     (["a\0b\\\0", "\\u0000"], ["ab\\", "\\u0000"]), ("\0\0", "")],
)  # fmt: skip
def test_what_is_no_character_is_not_stored(value: object, stored: object) -> None:
    assert storable(value) == stored


@pytest.mark.parametrize(("value", "text"), [("Ada", "Ada"), (7, "7"), (None, "")])
def test_a_text_is_read(value: object, text: str) -> None:
    read = fields(first_name=value)
    assert read.text("first_name", longest=9) == text
    assert not read.report.has_problems


@pytest.mark.parametrize(
    ("value", "text", "reason"),
    [
        ("Ada Lovelace", "Ada", "first_name has more than 3 characters, and is cut"),
        ({"a": 1}, "", "first_name is no text, and is left out"),
        (True, "", "first_name is no text, and is left out"),
    ],
)
def test_a_text_that_does_not_fit_is_reported(value: object, text: str, reason: str) -> None:
    read = fields(first_name=value)
    assert read.text("first_name", longest=3) == text
    assert read.report.problems == {reason: ["auth.user 7"]}


@pytest.mark.parametrize(
    ("value", "flag"),
    [(True, True), (0, False), (None, True), ("", True), (0.0, False), (1, True), (" False", False),
     ("no", False), ("TRUE", True), ("1", True)],
)  # fmt: skip
def test_a_flag_has_a_default(value: object, flag: bool) -> None:
    read = fields(is_active=value)
    assert read.flag("is_active", default=True) is flag
    assert not read.report.has_problems


@pytest.mark.parametrize("value", ["x", 2, 0.5, {"a": 1}, ["true"]])
@pytest.mark.parametrize("otherwise", [False, True])
def test_what_is_no_flag_opens_nothing_and_is_reported(value: object, otherwise: bool) -> None:
    read = fields(is_active=value)
    assert read.flag("is_active", default=not otherwise, otherwise=otherwise) is otherwise
    reason = "is_active is neither true nor false: what opens nothing counts"
    assert read.report.problems == {reason: ["auth.user 7"]}


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-06T07:08:09.123456Z",
        "2024-05-06T09:08:09.123+02:00",
        "2024-05-06T07:08:09.123",
        "2024-05-06 07:08:09.123",
    ],
)
def test_a_time_is_kept_to_the_millisecond(text: str) -> None:
    moment = datetime(2024, 5, 6, 7, 8, 9, 123000, UTC)
    assert fields(date_joined=text).moment("created_at") == moment


@pytest.mark.parametrize("value", ["yesterday", 7, {}, "0001-01-01T00:00:00+14:00"])
def test_what_is_no_time_is_reported(value: object) -> None:
    read = fields(date_joined=value)
    assert read.moment("created_at") is None
    assert read.report.problems == {"created_at is no time, and is left out": ["auth.user 7"]}
