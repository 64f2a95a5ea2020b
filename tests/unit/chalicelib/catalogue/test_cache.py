"""What a process keeps in memory is what the store holds, give or take two seconds."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from typing_extensions import override

from chalicelib.adapters.sqlite.catalogue_file import CatalogueFile
from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.cache import LOOK_EVERY, OVERLAP, CatalogueCache
from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import Card, VideoNotFound
from chalicelib.catalogue.ports import CatalogueCopy, Changes, merged
from chalicelib.errors import Unavailable
from tests.builders.catalogue import FakeCatalogue
from tests.builders.videos import a_category, a_published_video
from tests.fakes.catalogue_copies import InMemoryCopies
from tests.fakes.change_log import InMemoryChangeLog

LOOK_SECONDS = LOOK_EVERY.total_seconds()
EVERYTHING = Selection(Audience.ADMINISTRATORS)


def titles(cache: CatalogueCache) -> list[str]:
    return [entry.video.card.title for entry in cache.snapshot().chosen(EVERYTHING)]


def test_the_first_look_reads_everything_and_the_next_what_changed(
    catalogue: FakeCatalogue,
) -> None:
    catalogue.put()
    _, cache, log = catalogue.process()
    assert titles(cache) == ["Metropolis"]
    began = catalogue.clock.now()
    catalogue.clock.advance(seconds=LOOK_SECONDS)
    assert titles(cache) == ["Metropolis"]
    assert log.asked == [None, began - OVERLAP]


def test_looking_costs_nothing_for_two_seconds(catalogue: FakeCatalogue) -> None:
    _, cache, log = catalogue.process()
    for _ in range(100):
        cache.snapshot()
    catalogue.clock.advance(seconds=LOOK_SECONDS - 0.001)
    cache.snapshot()
    assert len(log.asked) == 1


def test_another_process_hears_of_every_change(catalogue: FakeCatalogue) -> None:
    curation, _, _ = catalogue.process()
    _, theirs, _ = catalogue.process()
    assert titles(theirs) == []
    video = curation.add(Card("Metropolis"), is_published=True)
    catalogue.clock.advance(seconds=LOOK_SECONDS)
    assert titles(theirs) == ["Metropolis"]
    curation.change(video.id, lambda card: replace(card, title="Alien"))
    catalogue.clock.advance(seconds=LOOK_SECONDS)
    assert titles(theirs) == ["Alien"]
    curation.remove(video.id)
    catalogue.clock.advance(seconds=LOOK_SECONDS)
    assert titles(theirs) == []


def test_what_a_process_writes_itself_it_sees_at_once(catalogue: FakeCatalogue) -> None:
    curation, cache, log = catalogue.process()
    cache.snapshot()
    video = curation.add(Card("Metropolis", category="Drama"))
    assert titles(cache) == ["Metropolis"]
    assert [each.name for each in cache.snapshot().categories] == ["Drama"]
    curation.remove(video.id)
    assert titles(cache) == []
    assert len(log.asked) == 1


class LaggingLog(InMemoryChangeLog):
    """An index that heard of nothing for a while."""

    lagging: Changes | None = None

    @override
    def _read(self, moment: datetime | None) -> Iterator[Changes]:
        return super()._read(moment) if self.lagging is None else iter([self.lagging])


def test_an_index_that_lags_does_not_undo_what_was_written_here(catalogue: FakeCatalogue) -> None:
    video = catalogue.put()
    curation, _, _ = catalogue.process()
    log = LaggingLog(catalogue.videos, catalogue.categories)
    cache = curation.cache
    cache.log = log
    log.lagging = merged(log.everything())
    cache.snapshot()
    catalogue.clock.advance(seconds=LOOK_SECONDS - 1)
    curation.change(video.id, lambda card: replace(card, title="Alien"))
    catalogue.clock.advance(seconds=1)
    assert titles(cache) == ["Alien"]
    curation.remove(video.id)
    catalogue.clock.advance(seconds=LOOK_SECONDS)
    assert titles(cache) == []


def test_a_first_look_at_a_lagging_index_knows_what_was_written_here(
    catalogue: FakeCatalogue,
) -> None:
    curation, cache, _ = catalogue.process()
    log = LaggingLog(catalogue.videos, catalogue.categories)
    log.lagging = Changes({}, {})
    cache.log = log
    curation.add(Card("Metropolis"))
    assert titles(cache) == ["Metropolis"]


def test_what_was_written_here_and_removed_elsewhere_is_gone(catalogue: FakeCatalogue) -> None:
    curation, cache, _ = catalogue.process()
    cache.snapshot()
    catalogue.clock.advance(seconds=LOOK_SECONDS - 1)
    video = curation.add(Card("Metropolis"))
    catalogue.videos.remove(video.id)
    catalogue.clock.advance(seconds=1)
    assert titles(cache) == []


def test_the_index_has_the_last_word_although_clocks_differ(catalogue: FakeCatalogue) -> None:
    video = catalogue.put()
    curation, cache, _ = catalogue.process()
    curation.change(video.id, lambda card: replace(card, title="ours, in the future"))
    log = LaggingLog(catalogue.videos, catalogue.categories)
    earlier = replace(
        video, card=Card("theirs"), changed_at=video.changed_at - timedelta(seconds=5)
    )
    log.lagging = Changes({video.id: earlier}, {})
    cache.log = log
    catalogue.clock.advance(seconds=5)
    assert titles(cache) == ["theirs"]


def test_what_the_index_tells_late_is_still_heard(catalogue: FakeCatalogue) -> None:
    _, cache, _ = catalogue.process()
    late = catalogue.put()
    cache.log = log = LaggingLog(catalogue.videos, catalogue.categories)
    log.lagging = Changes({}, {})
    for _ in range(10):
        cache.snapshot()
        catalogue.clock.advance(seconds=LOOK_SECONDS)
    log.lagging = None
    assert titles(cache) == [late.card.title]


def test_nothing_new_is_the_very_same_snapshot(catalogue: FakeCatalogue) -> None:
    catalogue.put()
    _, cache, _ = catalogue.process()
    before = cache.snapshot()
    catalogue.clock.advance(seconds=LOOK_SECONDS)
    assert cache.snapshot() is before


def test_a_video_that_did_not_change_keeps_its_entry(catalogue: FakeCatalogue) -> None:
    video = catalogue.put()
    _, cache, _ = catalogue.process()
    before = cache.snapshot()
    entry = before.entry(video.id)
    catalogue.put("Alien")
    catalogue.clock.advance(seconds=LOOK_SECONDS)
    assert cache.snapshot() is not before
    assert entry is not None
    assert cache.snapshot().entry(video.id) is entry


def test_a_failing_store_is_covered_up_for_a_minute(catalogue: FakeCatalogue) -> None:
    catalogue.put()
    _, cache, log = catalogue.process()
    cache.snapshot()
    log.is_broken = True
    catalogue.clock.advance(seconds=60)
    assert titles(cache) == ["Metropolis"]
    catalogue.clock.advance(seconds=0.001)
    with pytest.raises(Unavailable):
        cache.snapshot()
    log.is_broken = False
    catalogue.clock.advance(seconds=LOOK_SECONDS)
    assert titles(cache) == ["Metropolis"]


def test_a_failing_store_is_asked_every_two_seconds_and_not_more(catalogue: FakeCatalogue) -> None:
    _, cache, log = catalogue.process()
    log.is_broken = True
    for _ in range(5):
        with pytest.raises(Unavailable):
            cache.snapshot()
    assert len(log.asked) == 1


def test_a_process_that_slept_long_forgets_what_it_knew(catalogue: FakeCatalogue) -> None:
    video = catalogue.put()
    _, cache, log = catalogue.process()
    cache.snapshot()
    catalogue.videos.remove(video.id)
    catalogue.videos._removed.clear()  # as the item of the removal expires
    catalogue.clock.advance(days=4)
    assert titles(cache) == []
    assert log.asked == [None, None]


def a_long_catalogue(catalogue: FakeCatalogue) -> tuple[CatalogueCache, InMemoryChangeLog]:
    _, cache, log = catalogue.process()
    log.at_once = 2
    return cache, log


def test_a_long_catalogue_is_read_whole_and_then_what_changed_meanwhile(
    catalogue: FakeCatalogue,
) -> None:
    for number in range(5):
        catalogue.put(f"{number}")
    cache, log = a_long_catalogue(catalogue)
    assert sorted(titles(cache)) == ["0", "1", "2", "3", "4"]
    assert log.asked == [None, catalogue.clock.now() - OVERLAP]


def test_a_long_catalogue_starts_from_a_saved_copy_and_reads_what_changed_since(
    catalogue: FakeCatalogue,
) -> None:
    videos = [catalogue.put(f"{number}") for number in range(5)]
    saving, _ = a_long_catalogue(catalogue)
    copies = saving.copies
    copies.save(saving.snapshot().copy, known_at=(saved_at := saving.known_at))
    catalogue.clock.advance(days=3)
    catalogue.videos.remove(videos[0].id)
    catalogue.put("new")
    cache, log = a_long_catalogue(catalogue)
    cache.copies = copies
    assert sorted(titles(cache)) == ["1", "2", "3", "4", "new"]
    assert log.asked == [None, saved_at - OVERLAP]


def test_a_saved_copy_that_is_too_old_is_not_used(catalogue: FakeCatalogue) -> None:
    videos = [catalogue.put(f"{number}") for number in range(5)]
    saving, _ = a_long_catalogue(catalogue)
    copies = saving.copies
    copies.save(saving.snapshot().copy, known_at=saving.known_at)
    catalogue.videos.remove(videos[0].id)
    catalogue.videos._removed.clear()  # as the item of the removal expires
    catalogue.clock.advance(days=7)
    cache, log = a_long_catalogue(catalogue)
    cache.copies = copies
    assert sorted(titles(cache)) == ["1", "2", "3", "4"]
    assert log.asked == [None, catalogue.clock.now() - OVERLAP]


def broken(copy: CatalogueCopy) -> None:
    """Leave the copy as one that another version wrote, which this one cannot change."""
    assert isinstance(copy, CatalogueFile)
    copy._connection.execute("DROP TABLE words")


def test_a_saved_copy_that_cannot_be_changed_is_not_used(catalogue: FakeCatalogue) -> None:
    for number in range(5):
        catalogue.put(f"{number}")
    saving, _ = a_long_catalogue(catalogue)
    copies = saving.copies
    broken(saving.snapshot().copy)
    copies.save(saving.snapshot().copy, known_at=saving.known_at)
    catalogue.clock.advance(hours=1)
    catalogue.put("new")
    cache, _ = a_long_catalogue(catalogue)
    cache.copies = copies
    assert sorted(titles(cache)) == ["0", "1", "2", "3", "4", "new"]


@pytest.mark.parametrize("is_own", [True, False])
def test_a_copy_that_cannot_be_changed_any_more_is_made_anew(
    catalogue: FakeCatalogue, *, is_own: bool
) -> None:
    catalogue.put("old")
    curation, cache, _ = catalogue.process()
    broken(cache.snapshot().copy)
    if is_own:
        curation.add(Card("new"))
    else:
        catalogue.clock.advance(seconds=LOOK_SECONDS)
        catalogue.put("new")
    assert sorted(titles(cache)) == ["new", "old"]


def test_a_clock_that_is_set_back_stops_nothing(catalogue: FakeCatalogue) -> None:
    _, cache, log = catalogue.process()
    cache.snapshot()
    catalogue.clock.advance(hours=-1)
    cache.snapshot()
    assert len(log.asked) == 2


class SlowLog(InMemoryChangeLog):
    """A store that answers when it is let."""

    def hold(self) -> None:
        self.arrived, self.may_go = threading.Event(), threading.Event()

    @override
    def _read(self, moment: datetime | None) -> Iterator[Changes]:
        self.arrived.set()
        assert self.may_go.wait(5)
        return super()._read(moment)


def test_one_looks_while_the_others_are_served_what_is_known(catalogue: FakeCatalogue) -> None:
    cache = CatalogueCache(
        log := SlowLog(catalogue.videos, catalogue.categories), InMemoryCopies(), catalogue.clock
    )
    log.hold()
    log.may_go.set()
    before = cache.snapshot()
    log.hold()
    catalogue.put()
    catalogue.clock.advance(seconds=LOOK_SECONDS)
    looking = threading.Thread(target=cache.snapshot)
    looking.start()
    assert log.arrived.wait(5)
    began = time.monotonic()
    assert cache.snapshot() is before
    assert time.monotonic() - began < 0.5
    log.may_go.set()
    looking.join()
    assert titles(cache) == ["Metropolis"]
    assert len(log.asked) == 2


def test_the_very_first_look_is_waited_for_and_made_once(catalogue: FakeCatalogue) -> None:
    catalogue.put()
    cache = CatalogueCache(
        log := SlowLog(catalogue.videos, catalogue.categories), InMemoryCopies(), catalogue.clock
    )
    log.hold()
    seen: list[list[str]] = []
    threads = [threading.Thread(target=lambda: seen.append(titles(cache))) for _ in range(5)]
    for thread in threads:
        thread.start()
    assert log.arrived.wait(5)
    log.may_go.set()
    for thread in threads:
        thread.join()
    assert seen == [["Metropolis"]] * 5
    assert len(log.asked) == 1


def test_a_video_is_in_the_cache_whatever_its_audience(catalogue: FakeCatalogue) -> None:
    curation, cache, _ = catalogue.process()
    draft = curation.add(Card("draft"))
    assert cache.find(draft.id).card.title == "draft"
    curation.remove(draft.id)
    with pytest.raises(VideoNotFound):
        cache.find(draft.id)


def test_ten_thousand_videos_are_loaded_sorted_and_searched_quickly(
    catalogue: FakeCatalogue,
) -> None:
    start = catalogue.clock.now()
    videos = [a_published_video(start + timedelta(seconds=n), f"Film {n}") for n in range(10_000)]
    began = time.process_time()
    copy = CatalogueFile()
    copy.apply(Changes({video.id: video for video in videos}, {}))
    changed = replace(videos[0], card=Card("Metropolis"))
    copy.apply(Changes({changed.id: changed}, {}))
    entries = list(copy.entries(Selection(search="film 9999")))
    assert time.process_time() - began < 5
    assert [entry.video for entry in entries] == [videos[9999]]
    assert [entry.video for entry in copy.entries(EVERYTHING)] == [*videos[:0:-1], changed]


def test_categories_are_sorted_by_name_whatever_their_case(catalogue: FakeCatalogue) -> None:
    now = catalogue.clock.now()
    for name in ("drama", "Action", "Édition", "Comedy"):
        catalogue.categories.add(a_category(now, name))
    _, cache, _ = catalogue.process()
    names = [each.name for each in cache.snapshot().categories]
    assert names == ["Action", "Comedy", "drama", "Édition"]
