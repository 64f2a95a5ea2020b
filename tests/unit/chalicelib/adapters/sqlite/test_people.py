"""Who is named by videos, in how many of them, and for whom."""

from dataclasses import replace
from typing import Any

from chalicelib.adapters.sqlite.catalogue_file import CatalogueFile
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.listing import Person, Selection
from chalicelib.catalogue.model import Card, Video
from chalicelib.catalogue.ports import Changes
from chalicelib.catalogue.spelling import words_in
from tests.unit.chalicelib.adapters.sqlite.test_search import copy_of, put, video

LANG = Person("fritz-lang", "Fritz Lang", 2)


def by(director: str, **details: Any) -> Video:
    return video("Metropolis", director=director, **details)


def people(
    copy: CatalogueFile, text: str = "", most: int = 100, after: str = "", **selection: Any
) -> list[Person]:
    listed = copy.people(Selection(**selection), words_in(text), most=most, after=after)
    return list(listed)


def test_people_are_in_order_with_their_videos() -> None:
    copy = copy_of(by("Thea von Harbou"), by("Fritz Lang"), by("Fritz Lang"), by(""))
    assert people(copy) == [LANG, Person("thea-von-harbou", "Thea von Harbou", 1)]
    assert people(copy, most=1) == [LANG]
    assert people(copy, after="fritz-lang") == [Person("thea-von-harbou", "Thea von Harbou", 1)]


def test_several_directors_are_several_people() -> None:
    assert [each.name for each in people(copy_of(by("Lana Wachowski, Lilly Wachowski")))] == [
        "Lana Wachowski",
        "Lilly Wachowski",
    ]
    assert people(copy_of(by("Fritz Lang,fritz  lang, ,")))[0].videos == 1


def test_spellings_of_a_name_are_one_person_whatever_comes_first() -> None:
    spellings = [by("fritz LANG"), by("Fritz Lang")]
    assert people(copy_of(*spellings)) == people(copy_of(*reversed(spellings))) == [LANG]


def test_every_word_begins_a_word_of_the_name() -> None:
    copy = copy_of(by("Fritz Lang"), by("Jean-Luc Godard"), by("Agnès Varda"))
    assert [each.name for each in people(copy, "la fr")] == ["Fritz Lang"]
    assert [each.name for each in people(copy, "luc")] == ["Jean-Luc Godard"]
    assert [each.name for each in people(copy, "agnes")] == ["Agnès Varda"]
    assert people(copy, "ang") == people(copy, "fritz varda") == []


def test_a_person_without_a_video_for_the_viewer_is_not_listed() -> None:
    copy = copy_of(
        by("Fritz Lang", age_rating=16),
        by("Thea von Harbou", age_rating=6),
        replace(by("Agnès Varda", age_rating=0), is_published=False),
    )
    assert [each.name for each in people(copy, age_limit=6)] == ["Thea von Harbou"]
    assert len(people(copy)) == 2
    assert len(people(copy, audience=Audience.ADMINISTRATORS)) == 3


def test_a_change_of_people_is_seen() -> None:
    lang = by("Fritz Lang")
    copy = copy_of(lang)
    put(copy, replace(lang, card=Card("Metropolis", director="Agnès Varda")))
    assert [each.name for each in people(copy)] == ["Agnès Varda"]
    copy.apply(Changes({lang.id: None}, {}))
    assert people(copy) == []
