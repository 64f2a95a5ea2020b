"""Ports of the ingest feature: the uploads bucket, uploads, and receipts of sources."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.model import Source
from chalicelib.ingest.model import Part, Upload
from chalicelib.ingest.receipt import Receipt


class UploadBucket(Protocol):
    """The uploads bucket, as those see it who send files there."""

    def begin(self, key: str) -> str:
        """Prepare for parts and return what S3 calls the whole."""

    def part_address(self, key: str, multipart_id: str, part: Part, *, seconds: int) -> str:
        """Return where exactly this many bytes can be sent for so long."""

    def file_address(self, key: str, *, size: int, seconds: int) -> str: ...

    def parts(self, key: str, multipart_id: str) -> Mapping[int, Part]:
        """Return what is there by number; raise `UploadGone`."""

    def complete(self, key: str, multipart_id: str, parts: Mapping[int, Part]) -> None:
        """Make one object of them; raise `UploadGone`."""

    def abort(self, key: str, multipart_id: str) -> None:
        """Forget it; that it is gone already is no error."""

    def begun_before(self, moment: datetime) -> Iterable[tuple[str, str]]:
        """Return key and multipart id of what was begun long ago and never completed."""

    def find(self, key: str) -> Source | None: ...


class UploadStore(Protocol):
    def add(self, upload: Upload) -> None: ...

    def get(self, account_id: AccountId, upload_id: str) -> Upload:
        """Return an upload of this account; raise `UploadNotFound`."""

    def of(self, account_id: AccountId) -> Sequence[Upload]:
        """Return what this account has uploaded of late, the newest first."""

    def complete(self, upload: Upload) -> None:
        """Write when it was completed; raise `UploadNotFound`."""

    def remove(self, upload: Upload) -> None: ...


class ReceiptLog(Protocol):
    """Remembers which files have become which revision: every event may come twice."""

    def take(self, key: str, etag: str, video_id: VideoId) -> Receipt:
        """Take a file in hand, for this title if for none before.

        Whoever comes later gets what the first one wrote; raise `SourceBusy` while that is in
        the making.
        """

    def note(self, receipt: Receipt, revision: Revision) -> Receipt:
        """Write what revision it became; raise `SourceBusy` if somebody else was faster."""

    def forget(self, receipt: Receipt) -> None:
        """Let the same file be something new, unless it is of another title by now."""
