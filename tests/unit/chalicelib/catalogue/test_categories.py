"""What administrators may call a category, and what follows for its videos."""

from dataclasses import replace

import pytest

from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.category_names import category_id_of
from chalicelib.catalogue.curation import Curation
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import (
    BadTitle,
    Card,
    Category,
    CategoryId,
    CategoryNotFound,
    CategoryTaken,
    Video,
)
from chalicelib.catalogue.versions import version_of_category
from chalicelib.language import Language
from tests.builders.catalogue import FakeCatalogue
from tests.builders.videos import a_category, a_published_video


def names(curation: Curation) -> list[str]:
    return [each.name for each in curation.cache.snapshot().categories]


def test_a_category_comes_into_being_with_the_first_video_that_names_it(
    curation: Curation,
) -> None:
    video = curation.add(Card("Metropolis", category="Science Fiction"))
    curation.add(Card("Alien", category="SCIENCE FICTION"))
    assert names(curation) == ["Science Fiction"]
    curation.change(video.id, lambda card: replace(card, category="Drama"))
    assert names(curation) == ["Drama", "Science Fiction"]


def test_a_category_that_was_removed_comes_back_only_when_named_again(
    curation: Curation,
) -> None:
    video = curation.add(Card("Metropolis", category="Drama"))
    curation.categories.remove(category_id_of("drama"))
    curation.change(video.id, lambda card: replace(card, title="Alien"))
    assert names(curation) == []
    curation.add(Card("Nosferatu", category="Drama"))
    assert names(curation) == ["Drama"]


def test_two_processes_that_create_a_category_at_once_create_one(catalogue: FakeCatalogue) -> None:
    ours, theirs = catalogue.process()[0], catalogue.process()[0]
    theirs.cache.snapshot()
    ours.add(Card("a", category="Drama"))
    theirs.add(Card("b", category="drama"))
    catalogue.clock.advance(seconds=2)
    assert names(ours) == names(theirs) == ["Drama"]


def test_a_category_is_added_once_and_removed_once(curation: Curation) -> None:
    drama = curation.categories.add("Drama")
    with pytest.raises(CategoryTaken):
        curation.categories.add(" drama ")
    curation.categories.remove(drama.id)
    with pytest.raises(CategoryNotFound):
        curation.categories.remove(drama.id)


def listed(process: Curation, category: str) -> list[tuple[str, str]]:
    entries = process.cache.snapshot().chosen(Selection(Audience.ADMINISTRATORS, category=category))
    return sorted((each.video.card.title, each.category) for each in entries)


def test_videos_go_with_a_category_to_its_new_name(catalogue: FakeCatalogue) -> None:
    ours, theirs = catalogue.process()[0], catalogue.process()[0]
    ours.add(Card("Metropolis", category="Drama"))
    assert listed(theirs, "Drama") == [("Metropolis", "Drama")]
    ours.categories.rename(category_id_of("drama"), " Stage\tPlays ")
    ours.add(Card("Nosferatu", category="stage plays"))
    catalogue.clock.advance(seconds=2)
    ours.add(Card("Faust", category="DRAMA"))
    catalogue.clock.advance(seconds=2)
    titles = [(title, "Stage Plays") for title in ("Faust", "Metropolis", "Nosferatu")]
    for process in (ours, theirs):
        assert names(process) == ["Stage Plays"]
        assert listed(process, "drama") == listed(process, "Stage Plays") == titles


def test_videos_stay_with_a_category_that_is_renamed_again_and_again(curation: Curation) -> None:
    drama = curation.categories.add("Drama")
    for name in ("Plays", "Theatre", "Drama", "Stage"):
        curation.add(Card(name, category=name if name == "Drama" else drama.name))
        drama = curation.categories.rename(drama.id, name)
    assert len(listed(curation, "plays")) == 4
    assert {name for _, name in listed(curation, "drama")} == {"Stage"}
    assert names(curation) == ["Stage"]


def test_videos_keep_the_last_name_of_a_category_that_is_removed(catalogue: FakeCatalogue) -> None:
    ours, theirs = catalogue.process()[0], catalogue.process()[0]
    ours.add(Card("Metropolis", category="Drama"))
    ours.categories.rename(category_id_of("drama"), "Plays")
    ours.add(Card("Faust", category="PLAYS"))
    expected = [("Faust", "Plays"), ("Metropolis", "Plays")]
    assert listed(theirs, "plays") == expected
    ours.categories.remove(category_id_of("drama"))
    catalogue.clock.advance(seconds=2)
    for process in (ours, theirs, catalogue.process()[0]):
        assert listed(process, "drama") == listed(process, "Plays") == expected
        counts = process.cache.snapshot().counts(Selection(Audience.ADMINISTRATORS))
        assert dict(counts) == {"plays": 2}
        assert names(process) == []


def test_a_removed_category_that_is_added_again_has_all_of_its_videos(curation: Curation) -> None:
    curation.add(Card("Metropolis", category="Drama"))
    for name in ("Plays", "Theatre"):
        [drama] = curation.cache.snapshot().categories
        curation.categories.rename(drama.id, name)
        curation.categories.remove(drama.id)
        plays = curation.categories.add(name)
        assert listed(curation, name) == listed(curation, "drama") == [("Metropolis", name)]
        assert curation.cache.snapshot().categories == [plays]
    with pytest.raises(CategoryTaken) as refused:
        curation.categories.add("Drama")
    assert "Theatre" in str(refused.value)


def test_an_earlier_name_of_a_removed_category_is_free(curation: Curation) -> None:
    curation.add(Card("Metropolis", category="Drama"))
    curation.categories.rename(category_id_of("drama"), "Plays")
    curation.categories.remove(category_id_of("drama"))
    curation.add(Card("Faust", category="Drama"))
    assert names(curation) == ["Drama"]
    assert listed(curation, "drama") == [("Faust", "Drama"), ("Metropolis", "Drama")]


def test_of_two_removed_categories_of_one_name_the_later_one_counts(
    curation: Curation, catalogue: FakeCatalogue
) -> None:
    stored_video(catalogue, "Drama")
    imported = replace(a_category(catalogue.clock.now()), id=CategoryId(7))
    catalogue.categories.add(imported)
    for name in ("Plays", "Theatre"):
        catalogue.clock.advance(seconds=4)
        [drama] = curation.cache.snapshot().categories
        curation.categories.rename(drama.id, name)
        curation.categories.remove(drama.id)
        assert listed(curation, "drama") == [("Metropolis", name)]
        curation.categories.add("Drama")


def test_a_category_that_is_renamed_to_its_own_name_is_not_written(
    curation: Curation, catalogue: FakeCatalogue
) -> None:
    drama = curation.categories.add("Drama")
    catalogue.clock.advance(seconds=1)
    assert curation.categories.rename(drama.id, " Drama ").changed_at == drama.changed_at


def test_a_category_has_only_so_many_names(curation: Curation) -> None:
    drama = curation.categories.add("Drama")
    for number in range(90):
        drama = curation.categories.rename(drama.id, f"Plays {number}")
    with pytest.raises(BadTitle):
        curation.categories.rename(drama.id, "One more")
    curation.categories.remove(drama.id)


def test_names_of_categories_that_look_alike_are_one_name(curation: Curation) -> None:
    curation.add(Card("Metropolis", category="Drama"))
    curation.add(Card("Faust", category="Dra\u00adma"))
    persian = curation.categories.add("می\u200cروم")
    assert persian.name == "می\u200cروم"
    for taken in ("\u202eDrama", "Dra\u200dma", "میروم"):
        with pytest.raises(CategoryTaken):
            curation.categories.add(taken)
    assert len(listed(curation, "Dra\u2060ma")) == 2


def stored_video(catalogue: FakeCatalogue, category: str) -> Video:
    video = replace(
        a_published_video(catalogue.clock.now()), card=Card("Metropolis", category=category)
    )
    catalogue.videos.add(video)
    return video


def stored_before(catalogue: FakeCatalogue, name: str, slug: str) -> Category:
    """A category of the time when slugs kept invisible characters."""
    category = Category(category_id_of(slug), name, slug, changed_at=catalogue.clock.now())
    catalogue.categories.add(category)
    return category


@pytest.mark.parametrize(
    ("name", "slug"),
    [("می\u200cروم", "می-روم"), ("Dra\u00adma", "dra-ma"), ("Dra\u202ema", "dra-ma")],
)
def test_a_stored_category_with_invisible_characters_keeps_its_videos(
    catalogue: FakeCatalogue, curation: Curation, name: str, slug: str
) -> None:
    category, video = stored_before(catalogue, name, slug), stored_video(catalogue, name)
    for asked in (name, slug):
        assert listed(curation, asked) == [("Metropolis", name)]
    with pytest.raises(CategoryTaken):
        curation.categories.add(name)
    other = curation.categories.add("Other")
    with pytest.raises(CategoryTaken):
        curation.categories.rename(other.id, name)
    curation.change(video.id, lambda card: replace(card, genre="x"))
    curation.add(Card("Faust", category=name))
    renamed = curation.categories.rename(category.id, "Krimi")
    curation.change(video.id, lambda card: replace(card, genre="y"))
    curation.add(Card("Nosferatu", category=name))
    assert renamed.slug == slug
    titles = [(title, "Krimi") for title in ("Faust", "Metropolis", "Nosferatu")]
    assert listed(curation, slug) == titles


def test_of_two_stored_categories_that_look_alike_either_can_be_renamed(
    catalogue: FakeCatalogue, curation: Curation
) -> None:
    hidden = stored_before(catalogue, "Dra\u00adma", "dra-ma")
    stored_before(catalogue, "Drama", "drama")
    assert curation.categories.rename(hidden.id, "Plays").name == "Plays"
    assert names(curation) == ["Drama", "Plays"]


def test_a_stored_category_gets_the_clean_spelling_of_its_name(
    catalogue: FakeCatalogue, curation: Curation
) -> None:
    category = stored_before(catalogue, "Dra\u00adma", "dra-ma")
    stored_video(catalogue, "Dra\u00adma")
    assert curation.categories.rename(category.id, "Drama").name == "Drama"
    assert listed(curation, "Drama") == listed(curation, "dra-ma") == [("Metropolis", "Drama")]


def test_a_category_of_dots_alone_is_refused(curation: Curation) -> None:
    with pytest.raises(BadTitle):
        curation.categories.add("...")


def test_ids_of_categories_are_numbers_that_javascript_holds() -> None:
    ids = {category_id_of(slug) for slug in ("drama", "action", "comedy")}
    assert len(ids) == 3
    assert max(ids) < 2**53


GERMAN = Language.GERMAN


def named(curation: Curation, name: str, german: str) -> Category:
    category = curation.categories.add(name)
    return curation.categories.rename(category.id, translations={GERMAN: german})


def test_videos_are_in_a_category_by_any_of_its_names_in_any_language(curation: Curation) -> None:
    crime = named(curation, "Crime", " Kri\u200bmi ")
    assert (crime.name, crime.translations, crime.slug) == ("Crime", {GERMAN: "Krimi"}, "crime")
    curation.add(Card("a", category="crime"))
    curation.add(Card("b", category="KRIMI"))
    assert names(curation) == ["Crime"]
    for category in ("Crime", "krimi"):
        assert listed(curation, category) == [("a", "Crime"), ("b", "Crime")]
    entries = curation.cache.snapshot().chosen(Selection(Audience.ADMINISTRATORS))
    assert {each.category_in(GERMAN) for each in entries} == {"Krimi"}
    hits = curation.cache.snapshot().search(
        Selection(Audience.ADMINISTRATORS, search="krimi"), limit=9
    )
    assert sorted(each.video.card.title for each in hits.entries) == ["a", "b"]


def test_what_is_not_sent_of_the_names_stays_and_what_was_cleared_still_leads_there(
    curation: Curation,
) -> None:
    crime = named(curation, "Crime", "Krimi")
    renamed = curation.categories.rename(crime.id, "Thrillers")
    assert (renamed.name, renamed.translations) == ("Thrillers", {GERMAN: "Krimi"})
    curation.add(Card("a", category="Krimi"))
    cleared = curation.categories.rename(crime.id, translations={})
    assert (cleared.name, cleared.translations) == ("Thrillers", {})
    assert listed(curation, "krimi") == [("a", "Thrillers")]
    versions = {version_of_category(each) for each in (crime, renamed, cleared)}
    assert len(versions) == 3
    assert curation.categories.rename(crime.id, translations={}) is cleared


def test_a_name_in_another_language_is_that_of_one_category(curation: Curation) -> None:
    named(curation, "Crime", "Krimi")
    drama = curation.categories.add("Drama")
    for taken in ("krimi", "CRIME"):
        with pytest.raises(CategoryTaken) as refused:
            curation.categories.rename(drama.id, translations={GERMAN: taken})
        assert str(refused.value) == CategoryTaken.sentence
        with pytest.raises(CategoryTaken):
            curation.categories.add(taken)
    with pytest.raises(BadTitle) as blank:
        curation.categories.rename(drama.id, translations={GERMAN: "..."})
    assert blank.value.fields.keys() == {"translations"}
    assert curation.categories.get(drama.id).translations == {}


def test_a_removed_category_leaves_no_names_by_language(curation: Curation) -> None:
    crime = named(curation, "Crime", "Krimi")
    curation.add(Card("a", category="Krimi"))
    curation.categories.remove(crime.id)
    [entry] = curation.cache.snapshot().chosen(Selection(Audience.ADMINISTRATORS))
    assert (entry.category, entry.category_in(GERMAN)) == ("Crime", "Crime")
    assert curation.categories.add("Krimi").translations == {}
