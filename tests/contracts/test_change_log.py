"""One contract for change logs, and for the stores of the categories in them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from pynamodb.connection import Connection

from chalicelib.adapters.dynamodb.attributes import stamp
from chalicelib.adapters.dynamodb.catalogue_tables import EARLIER_KEY, CatalogueItem
from chalicelib.adapters.dynamodb.category_store import DynamoCategoryStore
from chalicelib.adapters.dynamodb.change_log import DynamoChangeLog
from chalicelib.adapters.dynamodb.video_items import META, video_key
from chalicelib.adapters.dynamodb.video_store import DynamoVideoStore
from chalicelib.catalogue.categories import MOST_NAMES
from chalicelib.catalogue.category_arrangement import MOST_ARRANGED
from chalicelib.catalogue.model import (
    Category,
    CategoryNotFound,
    CategoryTaken,
    StaleCategory,
    Video,
    VideoNotFound,
)
from chalicelib.catalogue.ports import CategoryStore, ChangeLog, Changes, VideoStore, merged
from chalicelib.language import Language
from tests.builders.videos import a_category, a_published_video, a_video, complete_media
from tests.fakes.category_store import InMemoryCategoryStore
from tests.fakes.change_log import InMemoryChangeLog
from tests.fakes.clock import HandClock
from tests.fakes.video_store import InMemoryVideoStore

pytestmark = pytest.mark.contract(of=(ChangeLog, CategoryStore))

MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Library:
    videos: VideoStore
    categories: CategoryStore
    log: ChangeLog
    clock: HandClock


@pytest.fixture(params=["memory", "dynamodb"])
def library(request: pytest.FixtureRequest, clock: HandClock) -> Library:
    if request.param == "memory":
        videos, categories = InMemoryVideoStore(clock), InMemoryCategoryStore(clock)
        return Library(videos, categories, InMemoryChangeLog(videos, categories), clock)
    connection = request.getfixturevalue("catalogue")
    return Library(
        DynamoVideoStore(connection, clock),
        DynamoCategoryStore(connection, clock),
        DynamoChangeLog(connection, clock),
        clock,
    )


def test_an_empty_catalogue_has_no_changes(library: Library) -> None:
    assert merged(library.log.everything()) == Changes({}, {})


def test_without_a_moment_everything_is_a_change(library: Library) -> None:
    video, drama = a_published_video(library.clock.now()), a_category(library.clock.now())
    library.videos.add(video)
    library.categories.add(drama)
    assert merged(library.log.everything()) == Changes({video.id: video}, {drama.id: drama})


def test_changes_at_the_moment_are_listed_and_none_earlier(library: Library) -> None:
    early = a_published_video(library.clock.now())
    library.videos.add(early)
    library.clock.advance(milliseconds=1)
    late = a_published_video(library.clock.now())
    library.videos.add(late)
    now = library.clock.now()
    assert merged(library.log.since(now)).videos == {late.id: late}
    assert merged(library.log.since(now - MILLISECOND)).videos.keys() == {early.id, late.id}
    assert merged(library.log.since(now + MILLISECOND)) == Changes({}, {})


@pytest.mark.parametrize("change", ["write", "begin", "show", "remove"])
def test_every_kind_of_change_is_listed(library: Library, change: str) -> None:
    video = a_video(library.clock.now())
    library.videos.add(video)
    library.videos.begin_encode(video.id)
    library.clock.advance(seconds=1)
    act: dict[str, Callable[[], object]] = {
        "write": lambda: library.videos.write(video.id, video.card, is_published=True),
        "begin": lambda: library.videos.begin_encode(video.id),
        "show": lambda: library.videos.complete(video.id, complete_media()),
        "remove": lambda: library.videos.remove(video.id),
    }
    act[change]()
    changes = merged(library.log.since(library.clock.now())).videos
    assert changes == {video.id: None if change == "remove" else library.videos.get(video.id)}


def test_a_change_of_another_day_is_listed(library: Library) -> None:
    video = a_published_video(library.clock.now())
    library.videos.add(video)
    library.clock.advance(days=3)
    changed = library.videos.write(video.id, video.card, is_published=False)
    assert merged(library.log.since(library.clock.now())).videos == {video.id: changed}
    early = library.clock.now() - timedelta(days=5)
    assert merged(library.log.since(early)).videos == {video.id: changed}


def test_what_an_execution_of_an_earlier_version_writes_is_listed_within_a_minute(
    catalogue: Connection, clock: HandClock
) -> None:
    video = a_published_video(clock.now())
    DynamoVideoStore(catalogue, clock).add(video)
    log = DynamoChangeLog(catalogue, clock)
    item = CatalogueItem.get(video_key(video.id), META)
    item.update([CatalogueItem.shelf.set(EARLIER_KEY)])
    assert merged(log.everything()).videos.keys() == {video.id}
    clock.advance(seconds=1)
    changed_at, known_at = clock.now(), clock.now()
    item.update([CatalogueItem.changed_at.set(stamp(changed_at))])
    clock.advance(minutes=1)
    assert merged(log.since(known_at)).videos.keys() == {video.id}
    # A process that starts from a saved copy goes back further than what it has read.
    assert merged(log.since(clock.now())).videos == {}
    assert merged(log.since(known_at - timedelta(days=1))).videos.keys() == {video.id}


def as_an_earlier_version(videos: DynamoVideoStore, *titles: str) -> list[Video]:
    """Add videos which are filed as a version before the days of the index did."""
    added = [a_published_video(videos.clock.now(), title) for title in titles]
    for each in added:
        videos.add(each)
        item = CatalogueItem(video_key(each.id), META)
        item.update([CatalogueItem.shelf.set(EARLIER_KEY)])
    return added


def filed_earlier() -> int:
    return CatalogueItem.by_change.count(EARLIER_KEY)


def test_entries_of_an_earlier_version_are_filed_by_their_days_some_at_a_time(
    catalogue: Connection, clock: HandClock
) -> None:
    videos, log = DynamoVideoStore(catalogue, clock), DynamoChangeLog(catalogue, clock)
    added = as_an_earlier_version(videos, "Metropolis", "Spies", "Destiny")
    changed_at = clock.now()
    clock.advance(days=2)
    assert [log.refile(most=2) for _ in range(3)] == [2, 1, 0]
    assert filed_earlier() == 0
    assert merged(log.everything()).videos == {each.id: each for each in added}
    assert merged(log.since(changed_at)).videos == {each.id: each for each in added}
    assert merged(log.since(changed_at + MILLISECOND)).videos == {}


def test_an_item_that_cannot_be_read_is_as_removed(catalogue: Connection, clock: HandClock) -> None:
    videos, log = DynamoVideoStore(catalogue, clock), DynamoChangeLog(catalogue, clock)
    good, bad = (a_published_video(clock.now(), title) for title in ("Metropolis", "Spies"))
    for each in (good, bad):
        videos.add(each)
    CatalogueItem(video_key(bad.id), META).update([CatalogueItem.conversion_status.set("lost")])
    drama = a_category(clock.now())
    DynamoCategoryStore(catalogue, clock).add(drama)
    changes = merged(log.everything())
    assert changes.videos == {good.id: good, bad.id: None}
    assert [*changes.categories] == [drama.id]


def test_what_changed_lately_is_left_where_processes_look_for_it(
    catalogue: Connection, clock: HandClock
) -> None:
    videos, log = DynamoVideoStore(catalogue, clock), DynamoChangeLog(catalogue, clock)
    as_an_earlier_version(videos, "Metropolis")
    clock.advance(hours=1)
    assert (log.refile(most=9), filed_earlier()) == (0, 1)
    clock.advance(seconds=1)
    assert (log.refile(most=9), filed_earlier()) == (1, 0)


def test_what_has_changed_or_gone_since_it_was_read_is_not_filed_again(
    catalogue: Connection, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    videos, log = DynamoVideoStore(catalogue, clock), DynamoChangeLog(catalogue, clock)
    by_us, by_another, gone = as_an_earlier_version(videos, "Metropolis", "Spies", "Destiny")
    read = list(CatalogueItem.by_change.query(EARLIER_KEY))
    clock.advance(days=1)
    changed = videos.write(by_us.id, by_us.card, is_published=False)
    execution = CatalogueItem(video_key(by_another.id), META)
    execution.update([CatalogueItem.changed_at.set(stamp(clock.now()))])
    CatalogueItem(video_key(gone.id), META).delete()
    monkeypatch.setattr(CatalogueItem.by_change, "query", lambda *_, **__: read)
    assert log.refile(most=9) == 0
    monkeypatch.undo()
    assert merged(log.since(clock.now())).videos.keys() == {by_us.id, by_another.id}
    assert videos.get(by_us.id) == changed
    with pytest.raises(VideoNotFound):
        videos.get(gone.id)


def test_there_is_nothing_to_file_again_in_a_new_catalogue(library: Library) -> None:
    library.videos.add(a_published_video(library.clock.now()))
    library.clock.advance(days=1)
    assert library.log.refile(most=9) == 0


def test_a_slug_is_taken_once(library: Library) -> None:
    drama = a_category(library.clock.now())
    library.categories.add(drama)
    with pytest.raises(CategoryTaken):
        library.categories.add(replace(drama, name="DRAMA"))
    assert merged(library.log.everything()).categories == {drama.id: drama}


def test_a_removed_category_is_listed_as_removed_and_can_come_again(library: Library) -> None:
    drama = a_category(library.clock.now())
    library.categories.add(drama)
    removed = library.categories.remove(drama)
    assert removed == [replace(drama, changed_at=library.clock.now(), is_removed=True)]
    assert merged(library.log.everything()).categories == {drama.id: removed[0]}
    library.categories.add(drama)
    assert merged(library.log.everything()).categories == {drama.id: drama}


def test_a_removed_category_leaves_its_name_under_each_of_its_slugs(library: Library) -> None:
    drama = a_category(library.clock.now())
    library.categories.add(drama)
    removed = library.categories.remove(library.categories.rename(drama, drama.renamed("Plays")))
    assert {each.slug: each.name for each in removed} == {"drama": "Plays", "plays": "Plays"}
    assert len({each.id for each in removed}) == 2
    library.clock.advance(days=400)
    listed = merged(library.log.everything()).categories
    assert listed == {each.id: each for each in removed}
    assert [each.slug for each in removed if each.id == drama.id] == ["drama"]


def test_a_category_is_read_as_it_is_stored(library: Library) -> None:
    drama = a_category(library.clock.now())
    with pytest.raises(CategoryNotFound):
        library.categories.get(drama)
    library.categories.add(drama)
    renamed = library.categories.rename(drama, drama.renamed("Tragedy"))
    assert library.categories.get(drama) == renamed
    library.categories.remove(renamed)
    with pytest.raises(CategoryNotFound):
        library.categories.get(drama)


def test_a_category_that_is_not_there_cannot_be_removed(library: Library) -> None:
    drama = a_category(library.clock.now())
    with pytest.raises(CategoryNotFound):
        library.categories.remove(drama)
    library.categories.add(drama)
    library.categories.remove(drama)
    with pytest.raises(CategoryNotFound):
        library.categories.remove(drama)


def there(library: Library) -> list[Category]:
    listed = merged(library.log.everything()).categories.values()
    kept = (each for each in listed if each and not each.is_removed)
    return sorted(kept, key=lambda each: each.slug)


def test_a_renamed_category_keeps_its_id_and_its_slug_and_is_listed(library: Library) -> None:
    drama = a_category(library.clock.now())
    library.categories.add(drama)
    library.clock.advance(seconds=1)
    renamed = library.categories.rename(drama, drama.renamed("Stage Plays"))
    assert (renamed.id, renamed.slug, renamed.name) == (drama.id, "drama", "Stage Plays")
    assert renamed.slugs == ("drama", "stage-plays")
    assert merged(library.log.since(library.clock.now())).categories[drama.id] == renamed
    assert there(library) == [renamed]


def test_names_of_a_category_by_language_are_read_as_written_and_taken_by_it(
    library: Library,
) -> None:
    drama, action = added(library, "Drama", "Action")
    names = {Language.GERMAN: "Schauspiel", Language.ENGLISH: "Plays"}
    named = library.categories.rename(drama, drama.renamed("Drama", names))
    assert (named.name, named.translations) == ("Drama", names)
    assert library.categories.get(drama) == named
    assert there(library) == [action, named]
    with pytest.raises(StaleCategory):
        library.categories.rename(
            replace(named, translations={}), named.renamed("Drama", {Language.GERMAN: "Stücke"})
        )
    taken = action.renamed("Action", {Language.GERMAN: "Schauspiel", Language.ENGLISH: "Action"})
    with pytest.raises(CategoryTaken):
        library.categories.rename(action, taken)
    cleared = library.categories.rename(named, named.renamed("Drama", {}))
    assert (cleared.translations, cleared.slugs) == ({}, named.slugs)
    assert library.categories.get(drama) == cleared


def test_every_name_a_category_ever_had_is_taken_until_it_is_removed(library: Library) -> None:
    drama = a_category(library.clock.now())
    library.categories.add(drama)
    once = library.categories.rename(drama, drama.renamed("Plays"))
    twice = library.categories.rename(once, once.renamed("Theatre"))
    for name in ("Drama", "PLAYS", "theatre"):
        with pytest.raises(CategoryTaken):
            library.categories.add(a_category(library.clock.now(), name))
    library.categories.remove(twice)
    for name in ("Drama", "Plays", "Theatre"):
        library.categories.add(a_category(library.clock.now(), name))


def test_a_category_is_not_renamed_to_a_name_of_another(library: Library) -> None:
    drama, action = (a_category(library.clock.now(), name) for name in ("Drama", "Action"))
    library.categories.add(drama)
    library.categories.add(action)
    renamed = library.categories.rename(action, action.renamed("Fights"))
    for name in ("Action", "fights"):
        with pytest.raises(CategoryTaken):
            library.categories.rename(drama, drama.renamed(name))
    assert there(library) == [renamed, drama]


def test_a_name_that_was_removed_is_free_for_another(library: Library) -> None:
    drama, plays = (a_category(library.clock.now(), name) for name in ("Drama", "Plays"))
    library.categories.add(drama)
    library.categories.add(plays)
    library.categories.remove(plays)
    renamed = library.categories.rename(drama, drama.renamed("Plays"))
    assert there(library) == [renamed]


def added(library: Library, *categories: str) -> list[Category]:
    made = [a_category(library.clock.now(), name) for name in categories]
    for each in made:
        library.categories.add(each)
    return made


def with_names_of(merged: Category, into: Category) -> Category:
    return replace(into, other_slugs=(*into.other_slugs, *merged.slugs))


def test_a_merged_category_is_gone_and_its_names_are_of_the_other_one(library: Library) -> None:
    drama, action = added(library, "Drama", "Action")
    plays = library.categories.rename(drama, drama.renamed("Plays"))
    library.clock.advance(seconds=1)
    after = library.categories.merge(plays, action, with_names_of(plays, action))
    assert (after.slugs, after.changed_at) == (("action", "drama", "plays"), library.clock.now())
    changed = merged(library.log.since(library.clock.now())).categories
    assert (changed[drama.id], changed[action.id]) == (None, after)
    assert there(library) == [after]
    for name in ("Drama", "Plays"):
        with pytest.raises(CategoryTaken):
            library.categories.add(a_category(library.clock.now(), name))
    library.categories.remove(after)
    assert [each.name for each in added(library, "Drama", "Plays", "Action")] != []


def test_what_has_changed_meanwhile_is_not_merged(library: Library) -> None:
    drama, action, crime = added(library, "Drama", "Action", "Crime")
    plays = library.categories.rename(drama, drama.renamed("Plays"))
    stale = [(drama, action), (action, drama)]
    both = library.categories.merge(crime, action, with_names_of(crime, action))
    stale += [(plays, action), (action, plays), (crime, plays)]
    for each, into in stale:
        with pytest.raises(StaleCategory):
            library.categories.merge(each, into, with_names_of(each, into))
    for act in (
        lambda: library.categories.rename(action, action.renamed("Fights")),
        lambda: library.categories.remove(action),
    ):
        with pytest.raises(StaleCategory):
            act()
    assert sorted(there(library), key=lambda each: each.slug) == [both, plays]
    # Of a category with other names and a position, one of which is another one now.
    [anime, western] = added(library, "Anime", "Western")
    [arranged] = library.categories.arrange({plays.id: (plays, 1)})
    [moved] = library.categories.arrange({plays.id: (arranged, 2)})
    with pytest.raises(StaleCategory):
        library.categories.remove(arranged)
    library.categories.merge(anime, moved, with_names_of(anime, moved))
    for act in (
        lambda: library.categories.remove(moved),
        lambda: library.categories.rename(moved, moved.renamed("Theatre")),
        lambda: library.categories.merge(western, moved, with_names_of(western, moved)),
    ):
        with pytest.raises(StaleCategory):
            act()


def test_as_many_names_as_a_category_may_have_are_merged_and_removed_at_once(
    library: Library,
) -> None:
    drama, action = added(library, "Drama", "Action")
    for number in range(MOST_NAMES - 1):
        drama = library.categories.rename(drama, drama.renamed(f"Plays {number}"))
    after = library.categories.merge(drama, action, with_names_of(drama, action))
    assert len(after.other_slugs) == MOST_NAMES
    library.categories.remove(after)
    assert there(library) == []


def test_positions_are_written_all_or_none(library: Library) -> None:
    made = added(library, *(f"Drama {number}" for number in range(MOST_ARRANGED)))
    library.clock.advance(seconds=1)
    moved = {each.id: (each, -number) for number, each in enumerate(made)}
    stored = library.categories.arrange(moved)
    assert stored == [
        replace(each, position=-number, changed_at=library.clock.now())
        for number, each in enumerate(made)
    ]
    assert merged(library.log.since(library.clock.now())).categories == {
        each.id: each for each in stored
    }
    # Each of these knows but one of two present ones.
    renamed = library.categories.rename(stored[0], stored[0].renamed("Plays"))
    assert renamed.position == 0
    for stale in (made[1], stored[0]):
        with pytest.raises(StaleCategory):
            library.categories.arrange({stored[2].id: (stored[2], 7), stale.id: (stale, 8)})
    assert stored[2] in there(library)


def test_a_category_can_have_its_first_name_again(library: Library) -> None:
    drama = a_category(library.clock.now())
    library.categories.add(drama)
    plays = library.categories.rename(drama, drama.renamed("Plays"))
    again = library.categories.rename(plays, plays.renamed("DRAMA"))
    assert (again.name, again.slugs) == ("DRAMA", ("drama", "plays"))


@pytest.mark.parametrize("is_removed", [True, False])
def test_a_category_that_changed_meanwhile_is_left_as_it_is(
    library: Library, is_removed: bool
) -> None:
    drama = a_category(library.clock.now())
    library.categories.add(drama)
    if is_removed:
        library.categories.remove(drama)
    else:
        library.categories.rename(drama, drama.renamed("Plays"))
        with pytest.raises(StaleCategory):
            library.categories.remove(drama)
    before = there(library)
    with pytest.raises(StaleCategory):
        library.categories.rename(drama, drama.renamed("Theatre"))
    assert there(library) == before
    library.categories.add(a_category(library.clock.now(), "Theatre"))
