"""The stores of the catalogue, and what making its media needs, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from chalicelib.adapters.media_bucket import S3MediaStore
from chalicelib.adapters.publicity import NotedPublicity
from chalicelib.adapters.state_machine import StepFunctionsPipeline
from chalicelib.adapters.uploads_bucket import S3Uploads
from chalicelib.catalogue.curation import Curation
from chalicelib.catalogue.ports import CategoryStore, ChangeLog, Publicity, VideoStore
from chalicelib.clock import Clock
from chalicelib.encoding.clean_up import Sweeping
from chalicelib.encoding.control import Oversight
from chalicelib.encoding.pictures import Pictures
from chalicelib.encoding.ports import Edge, EncodeStore, MediaStore
from chalicelib.encoding.removal import Withdrawals
from chalicelib.encoding.updates import Conversions
from chalicelib.ingest.expiry import UploadExpiry
from chalicelib.ingest.intake import Intake
from chalicelib.ingest.uploads import UploadLimits, Uploads
from chalicelib.playback.ports import Streams


@dataclass(frozen=True, slots=True)
class Places:
    """Where things lie."""

    uploads_bucket: str
    media_bucket: str
    pipeline_arn: str
    # Where those who upload reach S3; empty if that is where this process reaches it.
    uploads_url: str = ""


@cache
def buckets(url: str = "") -> Any:
    """A client of S3, made when it is first needed."""
    from chalicelib.adapters.s3 import s3_client

    return s3_client(url=url)


@dataclass(frozen=True, slots=True)
class Making:
    connection: Callable[[], Any]
    s3: Callable[[], Any]
    step_functions: Callable[[], Any]
    places: Places
    edge: Callable[[MediaStore], Edge]
    clock: Clock

    def videos(self) -> VideoStore:
        from chalicelib.adapters.dynamodb.video_store import DynamoVideoStore

        return DynamoVideoStore(self.connection(), self.clock)

    def categories(self) -> CategoryStore:
        from chalicelib.adapters.dynamodb.category_store import DynamoCategoryStore

        return DynamoCategoryStore(self.connection(), self.clock)

    def changes(self) -> ChangeLog:
        from chalicelib.adapters.dynamodb.change_log import DynamoChangeLog

        return DynamoChangeLog(self.connection())

    def encodes(self, *, is_consistent: bool = True) -> EncodeStore:
        from chalicelib.adapters.dynamodb.encode_store import DynamoEncodeStore

        return DynamoEncodeStore(self.connection(), self.clock, is_consistent=is_consistent)

    def streams(self) -> Streams:
        from chalicelib.adapters.streams import EncodedStreams

        # Players ask again every few seconds, so an answer of a moment ago is good enough.
        return EncodedStreams(self.encodes(is_consistent=False), self.media())

    def media(self) -> S3MediaStore:
        return S3MediaStore(self.s3, self.places.media_bucket)

    def bucket(self) -> S3Uploads:
        url = self.places.uploads_url
        public_client = partial(buckets, url) if url else None
        return S3Uploads(self.s3, self.places.uploads_bucket, public_client)

    def pictures(self) -> Pictures:
        return Pictures(self.media(), self.videos())

    def publicity(self) -> Publicity:
        return NotedPublicity(self.pictures(), self.media())

    def withdrawals(self) -> Withdrawals:
        return Withdrawals(
            videos=self.videos(),
            media=self.media(),
            edge=self.edge(self.media()),
            pictures=self.pictures(),
            oversight=self.oversight(),
        )

    def oversight(self) -> Oversight:
        return Oversight(
            conversions=Conversions(self.videos(), self.encodes(), self.clock, self.pictures()),
            pipeline=StepFunctionsPipeline(self.step_functions, self.places.pipeline_arn),
            media=self.media(),
            sources=self.bucket(),
            clock=self.clock,
        )

    def uploads(self, titles: Curation, limits: UploadLimits) -> Uploads:
        from chalicelib.adapters.dynamodb.upload_store import DynamoUploadStore

        store = DynamoUploadStore(self.connection(), self.clock)
        return Uploads(store, self.bucket(), titles, self.clock, limits)

    def intake(self, titles: Curation) -> Intake:
        from chalicelib.adapters.dynamodb.receipt_log import DynamoReceiptLog

        return Intake(
            titles=titles,
            sources=self.bucket(),
            log=DynamoReceiptLog(self.connection(), self.clock),
            oversight=self.oversight(),
            clock=self.clock,
        )

    def upload_expiry(self) -> UploadExpiry:
        return UploadExpiry(self.bucket(), self.videos(), self.clock)

    def sweeping(self) -> Sweeping:
        return Sweeping(
            changes=self.changes(),
            videos=self.videos(),
            encodes=self.encodes(),
            media=self.media(),
            oversight=self.oversight(),
            withdrawals=self.withdrawals(),
            clock=self.clock,
        )
