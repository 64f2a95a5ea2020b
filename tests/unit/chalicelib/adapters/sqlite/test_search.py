"""The hits of searches as the catalogue changes, for whom, in what order, and at what cost."""

from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from chalicelib.adapters.sqlite import limited, search
from chalicelib.adapters.sqlite.catalogue_file import CatalogueFile
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import Card, EncodeStatus, EncodeSummary, Revision, Video
from chalicelib.catalogue.ports import Changes
from tests.builders.videos import a_category, a_published_video
from tests.fakes.clock import HandClock

NOW = HandClock().now()
GROWING = EncodeSummary(Revision(1), EncodeStatus.PROCESSING, 15, is_playable=True)


def video(title: str, description: str = "", **details: Any) -> Video:
    return a_published_video(NOW, card=Card(title, description, **details))


def copy_of(*videos: Video) -> CatalogueFile:
    copy = CatalogueFile()
    put(copy, *videos)
    return copy


def put(copy: CatalogueFile, *videos: Video) -> None:
    copy.apply(Changes({each.id: each for each in videos}, {}))


def hits(copy: CatalogueFile, text: str, most: int = 10, **selection: Any) -> list[str]:
    numbers = copy.search(Selection(search=text, **selection), most=most)
    return [entry.video.card.title for each in numbers if (entry := copy.entry(each))]


def test_names_come_before_people_categories_and_descriptions() -> None:
    copy = copy_of(
        video("Lang"),
        video("A Day at Lang"),
        video("Metropolis", director="Fritz Lang"),
        video("Langsam"),
        video("So Langsam"),
        video("Dance", category="Lang"),
        video("Spies", "A film by Lang."),
        video("October", "Es dauert lange."),
        video("Der Klang"),
    )
    assert hits(copy, "lang") == [
        "Lang", "A Day at Lang", "Metropolis", "Langsam", "So Langsam", "Dance", "Spies", "October",
        "Der Klang",
    ]  # fmt: skip


def test_the_cast_are_people_and_tags_are_as_genres() -> None:
    copy = copy_of(
        video("Metropolis", cast=("Gustav Fröhlich", "Brigitte Helm")),
        video("October", tags=("Silent film", "Helmets")),
        video("Alien", "With helmets."),
    )
    assert hits(copy, "froehlich") == hits(copy, "brigite helm") == ["Metropolis"]
    assert hits(copy, "silent") == ["October"]
    assert hits(copy, "helm") == ["Metropolis", "October", "Alien"]


@pytest.mark.parametrize("text", ["#silent", "&brigitte-helm", "brigitte-helm"])
def test_what_lists_are_filtered_by_is_no_word(text: str) -> None:
    copy = copy_of(video("Metropolis", original_language="de", tags=("x",)), video("x"))
    assert hits(copy, text) == []
    assert hits(copy, "de") == []


def test_of_equal_videos_the_newest_is_first() -> None:
    copy = copy_of(video("Metropolis I"), video("Metropolis II"), video("Metropolis III"))
    assert hits(copy, "metropolis") == ["Metropolis III", "Metropolis II", "Metropolis I"]
    assert hits(copy, "metropolis", most=2) == ["Metropolis III", "Metropolis II"]


def test_every_word_has_to_be_there_in_any_order_and_field() -> None:
    copy = copy_of(
        video("Woman in the Moon", director="Fritz Lang"),
        video("A Trip to the Moon"),
        video("Lang"),
    )
    assert hits(copy, "moon lang") == hits(copy, "lang woman moon") == ["Woman in the Moon"]
    assert hits(copy, "moon lang trip") == []


@pytest.mark.parametrize("text", ["", "  ", "!?", "…", "-", '"', "'"])
def test_a_search_without_a_word_has_no_hits(text: str) -> None:
    assert hits(copy_of(video("Metropolis")), text) == []


@pytest.mark.parametrize(
    "text",
    ['"', '"metropolis', "metropolis*", "title:metropolis", "metropolis NOT x", "^metropolis",
     "NEAR(metropolis)", "metropolis) OR (x", "-metropolis", "{title}: metropolis", "=metropolis",
     "@drama", "metropolis\0", "%metropolis_", "metropolis; DROP TABLE words"],
)  # fmt: skip
def test_signs_of_query_languages_mean_nothing(text: str) -> None:
    assert hits(copy_of(video("Metropolis"), video("x")), text) in ([], ["Metropolis"])


def test_articles_may_be_missing_at_the_beginning() -> None:
    copy = copy_of(video("The Boat"), video("Boat Trip"), video("A Boat Is Full"))
    assert hits(copy, "boat")[0] == hits(copy, "the boat")[0] == "The Boat"


def test_drafts_are_for_administrators_alone() -> None:
    draft = replace(video("Metropolis"), is_published=False)
    growing = replace(video("Metropolis grows"), media=None, encode=GROWING)
    copy = copy_of(draft, growing)
    assert hits(copy, "metropolis") == hits(copy, "metroplis") == []
    early = hits(copy, "metropolis", audience=Audience.EARLY_VIEWERS)
    assert early == ["Metropolis grows"]
    assert set(hits(copy, "metropolis", audience=Audience.ADMINISTRATORS)) == {*early, "Metropolis"}


def test_a_typing_error_leads_past_drafts_to_what_viewers_see() -> None:
    copy = copy_of(video("Metropolis"), replace(video("Metropoles"), is_published=False))
    assert hits(copy, "metropolus") == ["Metropolis"]


def test_a_word_that_is_known_may_be_a_typing_error_as_well() -> None:
    copy = copy_of(video("Form of Water"), video("News from Rome"))
    assert hits(copy, "from water") == ["Form of Water"]


def test_two_errors_are_tried_where_one_leads_to_drafts_alone() -> None:
    copy = copy_of(video("Metropolis"), replace(video("Metropoles"), is_published=False))
    assert hits(copy, "metropoless") == ["Metropolis"]


def test_the_age_limit_holds_as_in_lists() -> None:
    copy = copy_of(video("Metropolis 6", age_rating=6), video("Metropolis 16", age_rating=16))
    put(copy, video("Metropolis unrated"))
    assert hits(copy, "metropolis", age_limit=6) == ["Metropolis 6"]
    assert set(hits(copy, "metropolis", age_limit=16)) == {"Metropolis 6", "Metropolis 16"}
    assert len(hits(copy, "metropolis")) == 3


def test_a_changed_name_is_a_hit_and_the_earlier_one_no_more() -> None:
    before = video("Metropolis")
    copy = copy_of(before)
    put(copy, replace(before, card=Card("Nosferatu")))
    assert hits(copy, "nosferatu") == ["Nosferatu"]
    assert hits(copy, "metropolis") == hits(copy, "metro") == hits(copy, "drama") == []


def test_a_removed_video_is_no_hit_any_more() -> None:
    removed, kept = video("Metropolis Außer Haus", director="Björn"), video("Metropolis II")
    copy = copy_of(removed, kept)
    copy.apply(Changes({removed.id: None}, {}))
    assert hits(copy, "metropolis") == ["Metropolis II"]
    assert hits(copy, "haus") == hits(copy, "björn") == []


def test_a_category_is_searched_by_its_present_name() -> None:
    category = a_category(NOW, "Krimi")
    copy = copy_of(video("M", category="Krimi"), video("Spies", category="Noir"))
    copy.apply(Changes({}, {category.id: category}))
    assert hits(copy, "krimi") == ["M"]
    copy.apply(Changes({}, {category.id: category.renamed("Crime Fiction")}))
    assert hits(copy, "crime") == hits(copy, "fiction crim") == hits(copy, "crmie") == ["M"]
    assert hits(copy, "krimi") == []
    put(copy, video("Charade", category="Crime Fiction"))
    assert hits(copy, "crime fiction") == ["Charade", "M"]
    copy.apply(Changes({}, {category.id: None}))
    assert hits(copy, "noir") == ["Spies"]
    assert hits(copy, "krimi") == ["M"]


def test_a_saved_copy_is_searched_alike(tmp_path: Any) -> None:
    path = tmp_path / "copy"
    copy = copy_of(video("München"), video("Metropolis", category="Krimi"))
    copy.write_to(path)
    saved = CatalogueFile(path)
    for text in ("muenchen", "metroplis", "krimi"):
        assert hits(saved, text) == hits(copy, text) != []
    put(saved, video("Nosferatu"))
    assert hits(saved, "nosferatu") == ["Nosferatu"]


def test_a_search_that_takes_too_long_ends_with_what_it_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    copy = copy_of(video("Metropolis"))
    monkeypatch.setattr(search, "MOST_SECONDS", -1.0)
    assert hits(copy, "metropolis") == []
    monkeypatch.undo()
    assert hits(copy, "metropolis") == ["Metropolis"]


def test_sqlite_ends_a_statement_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    copy = copy_of(*(video(f"Metropolis {number}") for number in range(300)))
    looks = count()
    monkeypatch.setattr(limited, "_STEPS", 20)
    monkeypatch.setattr("time.thread_time", lambda: next(looks) * search.MOST_SECONDS / 20)
    assert 0 < len(hits(copy, "metropolis", most=300)) < 300
    monkeypatch.undo()
    assert len(hits(copy, "metropolis", most=300)) == 300
