"""Ports of the ingest feature: the uploads bucket, uploads, and receipts of sources."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.model import Source, StoredFile
from chalicelib.ingest.model import Receipt, Upload
from chalicelib.ingest.parts import Part


class UploadBucket(Protocol):
    """The uploads bucket, as clients that send files use it."""

    def begin(self, key: str) -> str:
        """Begin a multipart upload and return its id."""

    def part_url(self, key: str, multipart_id: str, part: Part, *, seconds: int) -> str:
        """Return a presigned URL that takes exactly the bytes of the part."""

    def file_url(self, key: str, *, size: int, seconds: int) -> str: ...

    def parts(self, key: str, multipart_id: str) -> Mapping[int, Part]:
        """Return the parts that were sent, by number; raise `UploadGone`."""

    def complete(self, key: str, multipart_id: str, parts: Mapping[int, Part]) -> None:
        """Join the parts to one object; raise `UploadGone`."""

    def abort(self, key: str, multipart_id: str) -> None:
        """Abort a multipart upload; one that is gone already is no error."""

    def begun_before(self, moment: datetime) -> Iterable[tuple[str, str]]:
        """Return key and multipart id of all that began before the moment and are not complete."""

    def find(self, key: str) -> Source | None: ...

    def listed(self, prefix: str) -> Sequence[StoredFile]:
        """Return all objects whose keys begin so."""

    def remove(self, key: str) -> None:
        """Delete the object of this name; that there is none is no error."""


class UploadStore(Protocol):
    def add(self, upload: Upload) -> None: ...

    def get(self, account_id: AccountId, upload_id: str) -> Upload:
        """Return an upload of this account; raise `UploadNotFound`."""

    def of(self, account_id: AccountId) -> Sequence[Upload]:
        """Return the recent uploads of this account, the newest first."""

    def complete(self, upload: Upload) -> None:
        """Store the time of completion; raise `UploadNotFound`."""

    def remove(self, upload: Upload) -> None: ...


class ReceiptLog(Protocol):
    """Which revision was made of which source: it deduplicates events."""

    def take(self, key: str, etag: str, video_id: VideoId) -> Receipt:
        """Lock the source and return its receipt, for this video unless it has one already.

        Raise `SourceBusy` while another handler holds the lock.
        """

    def record(self, receipt: Receipt, revision: Revision) -> Receipt:
        """Store the revision; raise `SourceBusy` if another handler has stored one."""

    def forget(self, receipt: Receipt) -> None:
        """Delete the receipt, unless it is of another video by now."""
