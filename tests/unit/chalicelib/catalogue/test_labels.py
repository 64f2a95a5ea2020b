"""Labels of videos: one form for names that look alike, and what is refused."""

import pytest

from chalicelib.catalogue.curation import canonical
from chalicelib.catalogue.labels import distinct, is_language
from chalicelib.catalogue.model import LONGEST_NAME, MOST_CAST, MOST_TAGS, BadTitle, Card


def test_names_are_in_one_line_and_each_once() -> None:
    names = ("Brigitte\n Helm", "Sci-Fi", "brigitte helm", "sci fi", "Gustav\u200b")
    assert distinct(names) == ("Brigitte Helm", "Sci-Fi", "Gustav")


def test_a_card_is_stored_with_its_labels_in_one_form() -> None:
    card = canonical(Card("M", cast=(" A ", "a"), tags=("B", "b"), original_language="DE"))
    assert (card.cast, card.tags, card.original_language) == (("A",), ("B",), "de")


def test_the_limits_are_allowed() -> None:
    names = tuple(f"{number:0{LONGEST_NAME}}" for number in range(MOST_CAST))
    card = canonical(Card("M", cast=names, tags=names[:MOST_TAGS]))
    assert (card.cast, card.tags) == (names, names[:MOST_TAGS])


@pytest.mark.parametrize(
    ("card", "field"),
    [
        (Card("M", cast=tuple(map(str, range(MOST_CAST + 1)))), "cast"),
        (Card("M", tags=tuple(map(str, range(MOST_TAGS + 1)))), "tags"),
        (Card("M", cast=("x" * (LONGEST_NAME + 1),)), "cast"),
        (Card("M", tags=("film", "\u200b")), "tags"),
        (Card("M", original_language="german"), "original_language"),
        (Card("M", original_language="d"), "original_language"),
    ],
)
def test_a_card_that_cannot_be_filtered_is_refused_by_field(card: Card, field: str) -> None:
    with pytest.raises(BadTitle) as refusal:
        canonical(card)
    assert list(refusal.value.fields) == [field]


@pytest.mark.parametrize(
    ("code", "is_one"),
    [("de", True), ("gsw", True), ("", False), ("DE", False), ("d\u00e9", False)],
)
def test_the_code_of_a_language_is_its_first_tag(code: str, *, is_one: bool) -> None:
    assert is_language(code) is is_one
