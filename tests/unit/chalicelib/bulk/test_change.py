"""What a bulk change does to a card, and how it is stored."""

from dataclasses import fields
from datetime import UTC, datetime

import pytest

from chalicelib.bulk.change import Action, Change, NewerChange
from chalicelib.catalogue.model import BadTitle, Card, Translation, VideoId
from chalicelib.language import Language

CARD = Card("Metropolis", director="Fritz Lang", cast=("Brigitte Helm",), tags=("silent", "Sci-Fi"))
EVERYTHING = Change(
    {
        "title": "Alien",
        "is_trailer": False,
        "cast": ("Sigourney Weaver",),
        "age_rating": 16,
        "publish_at": datetime(2026, 1, 2, tzinfo=UTC),
        "rights_until": None,
        "trailer": VideoId(11),
        "translations": {Language.GERMAN: Translation("Alien", "Im All.")},
    },
    add_cast=("John Hurt",),
    add_tags=("space",),
    remove_cast=("Tom Skerritt",),
    remove_tags=("silent",),
    is_published=False,
    action=Action.DELETE,
)


def test_fields_are_written_and_others_stay() -> None:
    written = Change({"category": "Drama", "age_rating": 12}).written_on(CARD)
    assert (written.category, written.age_rating) == ("Drama", 12)
    assert (written.title, written.director, written.cast) == (
        "Metropolis",
        "Fritz Lang",
        CARD.cast,
    )


def test_names_are_added_at_the_end_and_once() -> None:
    written = Change(add_tags=("SILENT", "city"), add_cast=("Gustav",)).written_on(CARD)
    assert written.tags == ("silent", "Sci-Fi", "city")
    assert written.cast == ("Brigitte Helm", "Gustav")


def test_names_are_removed_in_any_spelling() -> None:
    change = Change(remove_tags=("sci fi", "unknown"), remove_cast=("brigitte HELM",))
    written = change.written_on(CARD)
    assert (written.tags, written.cast) == (("silent",), ())


def test_the_same_again_changes_nothing() -> None:
    change = Change({"genre": "Drama"}, add_tags=("city",), remove_tags=("silent",))
    once = change.written_on(CARD)
    assert change.written_on(once) == once


def test_it_is_stored_whole() -> None:
    read = Change.of_text(EVERYTHING.stored_text())
    assert read == EVERYTHING
    empty = [each.name for each in fields(Change) if not getattr(EVERYTHING, each.name)]
    assert empty == ["is_published"]
    assert Change.of_text(Change().stored_text()) == Change()


@pytest.mark.parametrize(
    "stored",
    [
        '{"fields":{"genre":"Drama","mood":"dark"}}',
        '{"fields":{"genre":"Drama"},"add_genres":["Drama"]}',
        '{"fields":{"genre":"Drama"},"action":"archive"}',
    ],
)
def test_what_a_later_version_stored_is_read_in_part_and_says_so(stored: str) -> None:
    read = Change.of_text(stored)
    assert read == NewerChange({"genre": "Drama"})


def test_what_was_sent_is_in_one_object() -> None:
    change = Change({"genre": "Drama", "rights_until": None}, add_tags=("city",), is_published=True)
    assert change.as_sent() == {
        "genre": "Drama",
        "rights_until": "",
        "add_tags": ["city"],
        "is_published": True,
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (Change({"title": " "}), "title"),
        (Change({"category": "!?"}), "category"),
        (Change({"original_language": "german"}), "original_language"),
        (Change({"tags": ("!",)}), "tags"),
        (Change(add_tags=("!",)), "add_tags"),
        (Change(add_cast=("x" * 101,)), "add_cast"),
        (
            Change(
                {
                    "publish_at": datetime(2026, 2, 1, tzinfo=UTC),
                    "rights_until": datetime(2026, 1, 1, tzinfo=UTC),
                }
            ),
            "rights_until",
        ),
    ],
)
def test_what_no_video_could_have_is_refused_by_the_field_that_was_sent(
    change: Change, field: str
) -> None:
    with pytest.raises(BadTitle) as refused:
        change.require_valid()
    assert list(refused.value.fields) == [field]


def test_a_change_needs_no_text_that_cards_need() -> None:
    Change({"genre": "Drama"}, add_tags=("city",)).require_valid()
