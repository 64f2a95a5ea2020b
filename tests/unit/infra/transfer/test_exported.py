"""The lines of an export keep everything, and refuse what could not be stored."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.catalogue.model import CategoryId
from chalicelib.language import Language
from chalicelib.stored import from_plain, to_plain
from infra.transfer.exported import AccountLine, CategoryLine, VideoLine
from tests.formats.exports import ACCOUNT, CATEGORY, VIDEO
from tests.formats.form import MOMENT


def crossed(form: Any, line: Any, **changes: Any) -> Any:
    """Return what a line is read as, after it was written as JSON."""
    plain = json.loads(json.dumps(to_plain(line)))
    return from_plain(form, plain | changes)


def test_an_account_is_read_as_it_was() -> None:
    assert crossed(AccountLine, AccountLine.of(ACCOUNT)).account() == ACCOUNT


def test_a_category_is_read_as_it_was() -> None:
    assert crossed(CategoryLine, CategoryLine.of(CATEGORY)).category(now=MOMENT) == CATEGORY


def test_a_video_is_read_as_it_was() -> None:
    assert crossed(VideoLine, VideoLine.of(VIDEO)).video(now=MOMENT) == VIDEO


def test_what_a_later_version_adds_is_no_hindrance() -> None:
    line = crossed(AccountLine, AccountLine.of(ACCOUNT), language="tlh", more=[1])
    assert line.account() == replace(ACCOUNT, language=Language.ENGLISH)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"email": "Ada@Example.com"}, "email is no canonical"),
        ({"email": "ada"}, "email is no canonical"),
        ({"id": 0}, "an id is a number from 1 to"),
        ({"id": 2**53}, "an id is a number from 1 to"),
        ({"id": "7"}, "AccountLine.id: int expected"),
        ({"status": "banned"}, "AccountLine.status: 'banned'"),
        ({"created_at": "yesterday"}, "Invalid isoformat"),
        ({"created_at": "2026-01-02T03:04:05"}, "has no time zone"),
        ({"first_name": "x" * 151}, "first_name has more than 150 characters"),
        ({"last_name": "x\0"}, "last_name has a NUL"),
    ],
)
def test_an_account_that_cannot_be_stored_is_refused(
    changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        crossed(AccountLine, AccountLine.of(ACCOUNT), **changes).account()


NAMES = ("director", "genre", "release", "license_type")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": " "}, "title cannot be stored"),
        ({"id": -1}, "an id is a number"),
        ({"description": "x" * 5001}, "description has more than 5000 characters"),
        ({"translations": [{"language": "de", "title": "", "description": "x" * 5001}]}, "5000"),
        *(({name: "x" * 101}, f"{name} has more than 100 characters") for name in NAMES),
        ({"license_url": f"https://example.com/{'x' * 481}"}, "license_url has more than 500"),
        ({"genre": "x\0"}, "genre has a NUL"),
    ],
)
def test_a_video_that_cannot_be_stored_is_refused(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        crossed(VideoLine, VideoLine.of(VIDEO), **changes).video(now=MOMENT)


def test_what_was_thrown_away_later_than_now_was_thrown_away_now() -> None:
    line = VideoLine.of(VIDEO)
    read = crossed(VideoLine, line, trashed_at="9999-12-31T23:59:59.999+00:00").video(now=MOMENT)
    assert read.trashed_at == MOMENT


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": "!"}, "a category needs a name and a slug"),
        ({"name": "x" * 101}, "name has more than 100 characters"),
        ({"slug": "<img>"}, "a slug is words with hyphens"),
        ({"other_slugs": ["stage plays"]}, "a slug is words with hyphens"),
    ],
)
def test_a_category_that_cannot_be_stored_is_refused(
    changes: dict[str, object], reason: str
) -> None:
    line = CategoryLine.of(replace(CATEGORY, id=CategoryId(1)))
    with pytest.raises(ValueError, match=reason):
        crossed(CategoryLine, line, **changes).category(now=MOMENT)


def test_the_name_of_a_category_is_one_line() -> None:
    line = crossed(CategoryLine, CategoryLine.of(CATEGORY), name="Stage\n\0plays ")
    assert line.category(now=MOMENT).name == "Stage plays"
