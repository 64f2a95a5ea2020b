"""Merged categories share their videos at once; a person's order is the one of all lists."""

import threading
from dataclasses import replace

import pytest

from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.categories import MOST_NAMES
from chalicelib.catalogue.category_arrangement import CategoryArrangement
from chalicelib.catalogue.curation import Curation
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import (
    BadTitle,
    Card,
    Category,
    CategoryId,
    CategoryNotFound,
    StaleCategory,
)
from chalicelib.language import Language
from tests.builders.catalogue import FakeCatalogue


@pytest.fixture
def arrangement(curation: Curation) -> CategoryArrangement:
    return CategoryArrangement(curation.categories.store, curation.cache)


def made(curation: Curation, *names: str) -> list[Category]:
    return [curation.categories.add(each) for each in names]


def names(arrangement: CategoryArrangement) -> list[str]:
    return [each.name for each in arrangement.cache.snapshot().categories]


def videos_in(arrangement: CategoryArrangement, category: str) -> list[tuple[str, str]]:
    chosen = Selection(Audience.ADMINISTRATORS, category=category)
    entries = arrangement.cache.snapshot().chosen(chosen)
    return sorted((each.video.card.title, each.category) for each in entries)


def test_every_video_is_in_the_other_category_once(
    curation: Curation, arrangement: CategoryArrangement
) -> None:
    drama, plays, crime = made(curation, "Drama", "Plays", "Crime")
    for title, category in (("a", "Drama"), ("b", "drama"), ("c", "Plays"), ("d", "Crime")):
        curation.add(Card(title, category=category))
    merged = arrangement.merge(drama.id, plays.id)
    assert (merged.id, merged.name, merged.slug) == (plays.id, "Plays", "plays")
    assert names(arrangement) == ["Crime", "Plays"]
    expected = [(title, "Plays") for title in "abc"]
    for name in ("Drama", "drama", "Plays", "plays"):
        assert videos_in(arrangement, name) == expected
    counts = arrangement.cache.snapshot().counts(Selection(Audience.ADMINISTRATORS))
    assert dict(counts) == {"plays": 3, "crime": 1}
    assert videos_in(arrangement, crime.name) == [("d", "Crime")]


def test_all_earlier_names_of_both_lead_there(
    curation: Curation, arrangement: CategoryArrangement
) -> None:
    drama, action = made(curation, "Drama", "Action")
    curation.categories.rename(drama.id, "Plays")
    curation.categories.rename(action.id, "Fights")
    curation.add(Card("a", category="Drama"))
    arrangement.merge(drama.id, action.id)
    for name in ("Drama", "Plays", "Action", "Fights"):
        assert videos_in(arrangement, name) == [("a", "Fights")]


def test_a_category_keeps_its_names_by_language_and_those_of_the_other_one_lead_to_it(
    curation: Curation, arrangement: CategoryArrangement
) -> None:
    drama, plays = made(curation, "Drama", "Plays")
    for each, german in ((drama, "Schauspiel"), (plays, "Stücke")):
        curation.categories.rename(each.id, translations={Language.GERMAN: german})
    curation.add(Card("a", category="Schauspiel"))
    merged = arrangement.merge(drama.id, plays.id)
    assert (merged.name, merged.translations) == ("Plays", {Language.GERMAN: "Stücke"})
    for name in ("Schauspiel", "Stücke", "Drama"):
        assert videos_in(arrangement, name) == [("a", "Plays")]


def test_a_category_without_names_by_language_gets_none_of_the_other_one(
    curation: Curation, arrangement: CategoryArrangement
) -> None:
    drama, plays = made(curation, "Drama", "Plays")
    curation.categories.rename(drama.id, translations={Language.GERMAN: "Schauspiel"})
    assert arrangement.merge(drama.id, plays.id).translations == {}


def test_merging_again_changes_nothing(
    curation: Curation, arrangement: CategoryArrangement
) -> None:
    drama, plays = made(curation, "Drama", "Plays")
    merged = arrangement.merge(drama.id, plays.id)
    assert arrangement.merge(drama.id, plays.id) == merged
    with pytest.raises(CategoryNotFound):
        arrangement.merge(plays.id, drama.id)


def test_another_process_knows_it_within_seconds(
    catalogue: FakeCatalogue, curation: Curation, arrangement: CategoryArrangement
) -> None:
    theirs, cache, _ = catalogue.process()
    drama, plays = made(curation, "Drama", "Plays")
    catalogue.clock.advance(seconds=2)
    theirs.add(Card("a", category="Drama"))
    arrangement.merge(drama.id, plays.id)
    # Before it has looked.
    video = theirs.add(Card("b", category="Drama"))
    theirs.change(video.id, lambda card: replace(card, title="c"))
    catalogue.clock.advance(seconds=2)
    other = CategoryArrangement(theirs.categories.store, cache)
    for each in (arrangement, other):
        assert names(each) == ["Plays"]
        assert videos_in(each, "Drama") == [("a", "Plays"), ("c", "Plays")]


def test_of_opposite_merges_at_the_same_moment_one_wins(
    catalogue: FakeCatalogue, curation: Curation
) -> None:
    first, second = made(curation, "Drama", "Plays")
    catalogue.clock.advance(seconds=2)
    processes = [
        CategoryArrangement(process.categories.store, process.cache)
        for process in (catalogue.process()[0], catalogue.process()[0])
    ]
    for each in processes:
        assert names(each) == ["Drama", "Plays"]
    outcomes: list[bool] = []

    def run(arrangement: CategoryArrangement, merged: Category, into: Category) -> None:
        try:
            arrangement.merge(merged.id, into.id)
            outcomes.append(True)
        except StaleCategory:
            outcomes.append(False)

    threads = [
        threading.Thread(target=run, args=(processes[0], first, second)),
        threading.Thread(target=run, args=(processes[1], second, first)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, True]
    catalogue.clock.advance(seconds=2)
    assert len(names(processes[0])) == 1


def test_a_category_is_not_merged_into_itself_or_nothing(
    curation: Curation, arrangement: CategoryArrangement
) -> None:
    [drama] = made(curation, "Drama")
    with pytest.raises(BadTitle) as refusal:
        arrangement.merge(drama.id, drama.id)
    assert list(refusal.value.fields) == ["into"]
    for merged, into in ((drama.id, CategoryId(404)), (CategoryId(404), drama.id)):
        with pytest.raises(CategoryNotFound):
            arrangement.merge(merged, into)


def test_a_merge_of_too_many_names_is_refused(
    curation: Curation, arrangement: CategoryArrangement
) -> None:
    drama, plays = made(curation, "Drama", "Plays")
    for number in range(MOST_NAMES):
        drama = curation.categories.rename(drama.id, f"Drama {number}")
    with pytest.raises(BadTitle) as refusal:
        arrangement.merge(drama.id, plays.id)
    assert list(refusal.value.fields) == ["into"]
    assert len(names(arrangement)) == 2


def test_what_is_arranged_comes_first_and_the_others_follow_by_name(
    curation: Curation, arrangement: CategoryArrangement
) -> None:
    a, b, c, d = made(curation, "A", "B", "C", "D")
    assert [each.name for each in arrangement.arrange([d.id, b.id])] == ["D", "B", "A", "C"]
    arrangement.arrange([c.id])
    assert names(arrangement) == ["C", "D", "B", "A"]
    arrangement.arrange([a.id, b.id, c.id, d.id])
    assert names(arrangement) == ["A", "B", "C", "D"]
    made(curation, "0")
    assert names(arrangement) == ["A", "B", "C", "D", "0"]


def test_the_same_order_is_not_written_again(
    catalogue: FakeCatalogue, curation: Curation, arrangement: CategoryArrangement
) -> None:
    a, b, c = made(curation, "A", "B", "C")
    arrangement.arrange([b.id, c.id])
    arrangement.arrange([c.id])
    arrangement.arrange([b.id])
    arrangement.arrange([c.id])
    before = catalogue.categories.since(None)
    catalogue.clock.advance(seconds=1)
    arrangement.arrange([c.id])
    arrangement.arrange([c.id, b.id])
    assert catalogue.categories.since(None) == before
    arrangement.arrange([c.id, b.id, a.id])
    assert names(arrangement) == ["C", "B", "A"]


def test_a_category_keeps_its_position_when_it_is_renamed_or_gets_another_one(
    curation: Curation, arrangement: CategoryArrangement
) -> None:
    a, b, c = made(curation, "A", "B", "C")
    arrangement.arrange([c.id, b.id])
    curation.categories.rename(c.id, "Z")
    arrangement.merge(a.id, b.id)
    assert names(arrangement) == ["Z", "B"]


def test_one_id_twice_or_of_no_category_arranges_nothing(
    curation: Curation, arrangement: CategoryArrangement
) -> None:
    a, b = made(curation, "A", "B")
    with pytest.raises(BadTitle) as refusal:
        arrangement.arrange([b.id, b.id])
    assert list(refusal.value.fields) == ["ids"]
    with pytest.raises(CategoryNotFound):
        arrangement.arrange([b.id, CategoryId(404)])
    assert names(arrangement) == ["A", "B"]
    assert arrangement.arrange([]) == [a, b]
