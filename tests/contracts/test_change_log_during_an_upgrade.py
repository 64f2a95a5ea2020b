"""A catalogue of the version before is listed while processes of both versions write to it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from pynamodb.connection import Connection

from chalicelib.adapters.dynamodb import change_log
from chalicelib.adapters.dynamodb.attributes import stamp
from chalicelib.adapters.dynamodb.catalogue_tables import EARLIER_KEY, CatalogueItem
from chalicelib.adapters.dynamodb.change_log import DynamoChangeLog
from chalicelib.adapters.dynamodb.video_items import META, to_item, to_video, video_key
from chalicelib.adapters.dynamodb.video_store import DynamoVideoStore
from chalicelib.catalogue import saving
from chalicelib.catalogue.cache import LOOK_EVERY, CatalogueCache
from chalicelib.catalogue.model import Video, VideoId
from chalicelib.catalogue.ports import ChangeLog
from chalicelib.catalogue.saving import CopySaving
from chalicelib.clock import NEVER
from tests.builders.catalogue import every_entry
from tests.builders.videos import a_published_video
from tests.fakes.catalogue_copies import InMemoryCopies
from tests.fakes.clock import HandClock

pytestmark = pytest.mark.contract(of=ChangeLog)

# The same with 2,000 takes two minutes, for an emulator is slow.
VIDEOS = 300
FEW = 200
# In each hour, so that both kinds of entries stay.
REFILED = 50
MINUTE = timedelta(minutes=1)


@dataclass
class EarlierProcess:
    """A process of the version before: all that it reads and writes is under one key."""

    clock: HandClock
    titles: dict[VideoId, str] = field(default_factory=dict)
    _known_at: str = stamp(NEVER)

    def look(self) -> None:
        changed = CatalogueItem.changed_at >= self._known_at
        self._known_at = stamp(self.clock.now() - MINUTE)
        for item in CatalogueItem.by_change.query(EARLIER_KEY, changed):
            self.titles[VideoId(int(item.id))] = item.title

    def add(self, *videos: Video) -> None:
        with CatalogueItem.batch_write() as batch:
            for video in videos:
                item = to_item(video)
                item.shelf = EARLIER_KEY
                batch.save(item)

    def retitle(self, video: Video, title: str) -> None:
        CatalogueItem(video_key(video.id), META).update(
            [
                CatalogueItem.title.set(title),
                CatalogueItem.shelf.set(EARLIER_KEY),
                CatalogueItem.changed_at.set(stamp(self.clock.now())),
            ]
        )


@dataclass
class Upgrade:
    clock: HandClock
    log: DynamoChangeLog
    store: DynamoVideoStore
    copies: InMemoryCopies
    before: EarlierProcess
    videos: list[Video]

    def process(self) -> CatalogueCache:
        log = DynamoChangeLog(self.log.connection, self.clock)
        return CatalogueCache(log, self.copies, self.clock)

    def pass_time(self, time: timedelta = MINUTE + LOOK_EVERY) -> None:
        self.clock.advance(seconds=time.total_seconds())

    def stored(self) -> dict[VideoId, str]:
        videos = (to_video(each) for each in CatalogueItem.scan())
        return {each.id: each.card.title for each in videos}


def listed(process: CatalogueCache) -> dict[VideoId, str]:
    entries = every_entry(process)
    titles = {each.video.id: each.video.card.title for each in entries}
    assert len(titles) == len(entries)
    return titles


def an_upgrade(catalogue: Connection, clock: HandClock, number_of_videos: int) -> Upgrade:
    videos = []
    for number in range(number_of_videos):
        clock.advance(milliseconds=10)
        videos.append(a_published_video(clock.now(), f"Video {number}"))
    before = EarlierProcess(clock)
    before.add(*videos)
    clock.advance(days=3)
    store = DynamoVideoStore(catalogue, clock)
    log = DynamoChangeLog(catalogue, clock)
    return Upgrade(clock, log, store, InMemoryCopies(), before, videos)


def test_both_versions_list_all_videos_and_the_new_one_every_change(
    catalogue: Connection, clock: HandClock
) -> None:
    upgrade = an_upgrade(catalogue, clock, VIDEOS)
    before, videos, first = upgrade.before, upgrade.videos, upgrade.process()
    before.look()
    assert before.titles == listed(first) == upgrade.stored()
    # Both write, also to the same video, before and after entries are filed anew.
    for number in range(3):
        by_both, by_one = videos[number], videos[100 + number]
        new = replace(by_both.card, title=f"New {number}")
        upgrade.store.write(by_both.id, new, is_published=True)
        upgrade.pass_time(timedelta(seconds=1))
        before.retitle(by_both, f"Old {number}")
        before.retitle(by_one, f"Old {number}")
        before.look()
        assert before.titles[by_one.id] == f"Old {number}"
        upgrade.pass_time()
        assert listed(first) == upgrade.stored()
        upgrade.pass_time(timedelta(hours=2))
        assert upgrade.log.refile(most=REFILED) == REFILED
        # What the one before knows it does not forget.
        before.look()
        assert before.titles.keys() == upgrade.stored().keys()
        assert listed(first) == listed(upgrade.process()) == upgrade.stored()
    assert 0 < CatalogueItem.by_change.count(EARLIER_KEY) < VIDEOS - 2 * REFILED


def test_a_process_that_starts_from_a_copy_misses_nothing_that_was_filed_since(
    catalogue: Connection, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "FEW_VIDEOS", FEW - 1)
    monkeypatch.setattr(change_log, "_AT_ONCE", FEW - 1)
    upgrade = an_upgrade(catalogue, clock, FEW)
    first = upgrade.process()
    first.snapshot()
    assert CopySaving(first, upgrade.copies, upgrade.clock).run()
    upgrade.before.retitle(upgrade.videos[7], "Old")
    upgrade.pass_time(timedelta(hours=2))
    assert upgrade.log.refile(most=VIDEOS) == FEW
    assert CatalogueItem.by_change.count(EARLIER_KEY) == 0
    assert listed(upgrade.process()) == upgrade.stored()
    assert upgrade.stored()[upgrade.videos[7].id] == "Old"
