"""Bulk changes on fakes: an administrator begins them, and processes make their slices."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from chalicelib.bulk.bulk_changes import BulkChanges
from chalicelib.bulk.change import Change
from chalicelib.bulk.clean_up import BulkCleanUp
from chalicelib.bulk.message import SliceMessage
from chalicelib.bulk.model import BulkChange
from chalicelib.bulk.slices import Slices
from chalicelib.catalogue.categories import Categories
from chalicelib.catalogue.model import Video, VideoId
from chalicelib.catalogue.trash import Trash
from tests.builders.bulk import ADMINISTRATOR
from tests.builders.catalogue import FakeCatalogue
from tests.fakes.audit_trail import InMemoryAuditTrail
from tests.fakes.bulk_change_store import InMemoryBulkChangeStore
from tests.fakes.clock import HandClock
from tests.fakes.pause import HandPause
from tests.fakes.slice_queue import InMemorySliceQueue


@dataclass
class Studio:
    clock: HandClock = field(default_factory=HandClock)

    def __post_init__(self) -> None:
        self.catalogue = FakeCatalogue(self.clock)
        self.store = InMemoryBulkChangeStore(self.clock)
        self.queue = InMemorySliceQueue()
        self.curation, cache, _ = self.catalogue.process()
        self.trail = InMemoryAuditTrail()
        categories = Categories(self.catalogue.categories, cache, self.trail, self.clock)
        self.changes = BulkChanges(self.store, self.queue, categories, self.clock)
        self.trash = Trash(
            self.catalogue.videos,
            cache,
            self.catalogue.public_media,
            self.trail,
            self.clock,
            kept_for=timedelta(days=30),
        )
        pause = HandPause(self.clock)
        self.slices = Slices(self.store, self.queue, self.curation, self.trash, pause, self.clock)
        self.clean_up = BulkCleanUp(self.store, self.slices, self.clock)

    def videos(self, number: int) -> list[VideoId]:
        return [self.catalogue.put(f"Film {each}").id for each in range(number)]

    def begin(self, change: Change, video_ids: Sequence[VideoId]) -> BulkChange:
        return self.changes.begin(change, video_ids, by=ADMINISTRATOR)

    def deliver(self, *messages: SliceMessage) -> None:
        """Process these messages, or all of the queue until none is left."""
        for message in messages:
            self.slices.process(message)
        while not messages and self.queue.messages:
            self.slices.process(self.queue.messages.pop(0))

    def sent(self) -> list[SliceMessage]:
        """Have the slices sent, and take them from the queue."""
        self.slices.process(self.queue.messages.pop(0))
        sent, self.queue.messages[:] = list(self.queue.messages), []
        return sent

    def video(self, video_id: VideoId) -> Video:
        return self.catalogue.videos.get(video_id)


@pytest.fixture
def studio(clock: HandClock) -> Studio:
    return Studio(clock)
