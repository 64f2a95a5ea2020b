"""A catalogue made of fakes, and as many processes looking at it as a test likes."""

from dataclasses import dataclass, field

from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.categories import Categories
from chalicelib.catalogue.curation import Curation
from chalicelib.catalogue.listing import Entry, Selection
from chalicelib.catalogue.model import Video
from tests.builders.videos import a_published_video
from tests.fakes.audit_trail import InMemoryAuditTrail
from tests.fakes.catalogue_copies import InMemoryCopies
from tests.fakes.category_store import InMemoryCategoryStore
from tests.fakes.change_log import InMemoryChangeLog
from tests.fakes.clock import HandClock
from tests.fakes.public_media import RecordingPublicMedia
from tests.fakes.video_store import InMemoryVideoStore


@dataclass
class FakeCatalogue:
    clock: HandClock = field(default_factory=HandClock)

    def __post_init__(self) -> None:
        self.videos = InMemoryVideoStore(self.clock)
        self.categories = InMemoryCategoryStore(self.clock)
        self.public_media = RecordingPublicMedia()

    def process(self) -> tuple[Curation, CatalogueCache, InMemoryChangeLog]:
        log = InMemoryChangeLog(self.videos, self.categories)
        cache = CatalogueCache(log, InMemoryCopies(), self.clock)
        curation = Curation(
            videos=self.videos,
            categories=Categories(self.categories, cache, InMemoryAuditTrail(), self.clock),
            cache=cache,
            public_media=self.public_media,
            clock=self.clock,
        )
        return curation, cache, log

    def put(self, title: str = "Metropolis") -> Video:
        video = a_published_video(self.clock.now(), title)
        self.videos.add(video)
        return video


def every_entry(cache: CatalogueCache) -> list[Entry]:
    """Return the videos as a process knows them, drafts as well, the newest first."""
    return list(cache.snapshot().chosen(Selection(Audience.ADMINISTRATORS)))
