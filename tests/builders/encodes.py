"""Encodes that many tests are about, and all that makes them, in memory."""

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.adapters.public_media import BucketPublicMedia
from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.categories import Categories
from chalicelib.catalogue.curation import Curation
from chalicelib.catalogue.model import Revision, Video, VideoId
from chalicelib.catalogue.ports import PublicMedia
from chalicelib.encoding.clean_up import CleanUp
from chalicelib.encoding.control import EncodeControl
from chalicelib.encoding.inspection import EncodeInspection
from chalicelib.encoding.model import Encode, Source
from chalicelib.encoding.pictures import Pictures
from chalicelib.encoding.poster_updates import PosterUpdates
from chalicelib.encoding.removal import MediaRemoval
from chalicelib.encoding.updates import EncodeUpdates
from chalicelib.ingest.expiry import UploadExpiry
from chalicelib.ingest.intake import Intake
from chalicelib.ingest.posters import Posters
from chalicelib.ingest.uploads import UploadLimits, Uploads
from chalicelib.playback.grants import life_of
from tests.builders.assets import an_asset
from tests.builders.videos import a_video
from tests.fakes.audit_trail import InMemoryAuditTrail
from tests.fakes.catalogue_copies import InMemoryCopies
from tests.fakes.category_store import InMemoryCategoryStore
from tests.fakes.change_log import InMemoryChangeLog
from tests.fakes.clock import HandClock
from tests.fakes.edge import RememberingEdge
from tests.fakes.encode_store import InMemoryEncodeStore
from tests.fakes.media_store import InMemoryMediaStore
from tests.fakes.pipeline import InMemoryPipeline
from tests.fakes.poster_store import InMemoryPosterStore
from tests.fakes.receipt_log import InMemoryReceiptLog
from tests.fakes.task_queues import InMemoryTaskQueues
from tests.fakes.upload_store import InMemoryUploadStore
from tests.fakes.uploads_bucket import InMemoryUploads
from tests.fakes.video_store import InMemoryVideoStore

VIDEO, FIRST = VideoId(7), Revision(1)
SOURCE = Source("uploads/7/0123456789abcdef0123456789abcdef/source.mp4", "e" * 32, 12_345)
LIMITS = UploadLimits(largest_bytes=10**9, quota_bytes=2 * 10**9)


def an_encode(at: datetime, video_id: VideoId = VIDEO, revision: Revision = FIRST) -> Encode:
    return Encode(video_id, revision, SOURCE, begun_at=at)


@dataclass
class InMemoryEncoding:
    """Everything that an encode needs, in memory, seen from one process."""

    clock: HandClock = field(default_factory=HandClock)

    def __post_init__(self) -> None:
        self.videos = InMemoryVideoStore(self.clock)
        self.encodes = InMemoryEncodeStore(self.clock)
        self.pipeline = InMemoryPipeline()
        self.media = InMemoryMediaStore()
        self.edge = RememberingEdge()
        self.bucket = InMemoryUploads(self.clock)
        self.uploads_kept = InMemoryUploadStore(self.clock)
        self.log = InMemoryReceiptLog(self.clock)
        categories = InMemoryCategoryStore(self.clock)
        self.changes = InMemoryChangeLog(self.videos, categories)
        self.pictures = Pictures(self.media, self.videos)
        self.updates = EncodeUpdates(self.videos, self.encodes, self.clock, self.pictures)
        self.control = EncodeControl(
            updates=self.updates,
            videos=self.videos,
            encodes=self.encodes,
            pipeline=self.pipeline,
            media=self.media,
            sources=self.bucket,
            clock=self.clock,
        )
        self.inspection = EncodeInspection(self.encodes, self.media, self.clock)
        cache = CatalogueCache(self.changes, InMemoryCopies(), self.clock)
        public_media = BucketPublicMedia(self.pictures, self.media)
        use_cases = Categories(categories, cache, InMemoryAuditTrail(), self.clock)
        self.curation = Curation(self.videos, use_cases, cache, public_media, self.clock)
        self.removal = MediaRemoval(
            self.videos, self.media, self.edge, self.pictures, self.control, self.clock
        )
        self.uploads = Uploads(self.uploads_kept, self.bucket, self.curation, self.clock, LIMITS)
        self.intake = Intake(
            curation=self.curation,
            videos=self.videos,
            sources=self.bucket,
            log=self.log,
            control=self.control,
            clock=self.clock,
        )
        self.clean_up = CleanUp(
            catalogue=cache,
            changes=self.changes,
            videos=self.videos,
            encodes=self.encodes,
            media=self.media,
            control=self.control,
            removal=self.removal,
            pictures=self.pictures,
            clock=self.clock,
            life_of_grants=life_of,
        )
        self._add_posters(cache, public_media)
        self.upload_expiry = UploadExpiry(self.bucket, self.videos, self.clock)

    def _add_posters(self, cache: CatalogueCache, public_media: PublicMedia) -> None:
        self.posters_kept = InMemoryPosterStore(self.videos)
        self.tasks = InMemoryTaskQueues(self.clock)
        self.posters = Posters(
            store=self.posters_kept,
            bucket=self.bucket,
            sent=self.bucket,
            tasks=self.tasks,
            curation=self.curation,
            cache=cache,
            public_media=public_media,
            clock=self.clock,
        )
        self.poster_updates = PosterUpdates(
            self.posters_kept, self.videos, self.pictures, self.clock
        )

    def process(self) -> None:
        """Process the removal notes that were written."""
        self.removal.process(list(self.removal.pending()))

    def draft(self) -> Video:
        video = a_video(self.clock.now())
        self.videos.add(video)
        return self.videos.get(video.id)

    def begun(self, content: bytes = b"film") -> Encode:
        """A video whose source has arrived."""
        video = self.draft()
        revision = self.videos.begin_encode(video.id)
        source = self.lay(f"uploads/{video.id}/{'0' * 32}/source.mp4", content)
        return self.control.begin(video.id, revision, source)

    def planned(self, segments: int = 10, *, tracks: int = 1, per_chunk: int = 1) -> Encode:
        encode = self.begun()
        asset = an_asset(segments, tracks=tracks)
        return self.updates.planned(encode, asset, segments_per_chunk=per_chunk)

    def lay(self, key: str, content: bytes) -> Source:
        """Put an object into the uploads bucket."""
        self.bucket.objects[key] = content
        source = self.bucket.find(key)
        assert source
        return source

    def receive(self, source: Source) -> Encode | None:
        """Deliver the event of a source."""
        return self.intake.received(source.key, source.etag)

    def video(self, encode: Encode) -> Video:
        return self.videos.get(encode.video_id)

    def now(self, encode: Encode) -> Encode:
        return self.encodes.get(encode.video_id, encode.revision)
