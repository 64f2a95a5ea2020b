"""Validation of objects inside JSON bodies."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest

from chalicelib.api.body import per, text
from chalicelib.api.filling import fill
from chalicelib.errors import InvalidInput


class Tongue(StrEnum):
    ENGLISH = "en"
    GERMAN = "de"


@dataclass(frozen=True, slots=True)
class Words:
    title: str = text(longest=5)
    note: str | None = text(longest=5, required=False, may_be_blank=True)


@dataclass(frozen=True, slots=True)
class Translated:
    words: dict[Tongue, Words] | None = per(Tongue, Words)


def test_an_object_has_a_form_under_each_of_its_options() -> None:
    filled = fill(Translated, {"words": {"de": {"title": " Film", "other": 1}}})
    assert filled == Translated({Tongue.GERMAN: Words("Film")})
    assert fill(Translated, {}) == Translated()
    assert fill(Translated, {"words": {}}) == Translated({})


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        (None, "This field may not be null."),
        ("x", "Send an object of objects."),
        ({"de": []}, "Send an object of objects."),
        ({"<b>": {}}, "Must be one of: en, de."),
        ({"de": {}}, "de, title: This field is required."),
        ({"en": {"title": "x" * 6}}, "en, title: Ensure this field has no more than 5 characters."),
    ],
)
def test_a_problem_inside_an_object_is_reported_for_the_object(sent: Any, complaint: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        fill(Translated, {"words": sent})
    assert refusal.value.fields == {"words": [complaint]}


def test_all_problems_inside_an_object_are_reported_at_once() -> None:
    with pytest.raises(InvalidInput) as refusal:
        fill(Translated, {"words": {"de": {"note": 1}, "en": {"title": ""}}})
    assert refusal.value.fields["words"] == [
        "de, title: This field is required.",
        "de, note: Not a valid string.",
        "en, title: This field may not be blank.",
    ]
