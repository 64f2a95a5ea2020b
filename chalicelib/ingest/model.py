"""Uploads and the receipts of sources, and their errors."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.errors import Conflict, InvalidInput, NotFound, Unavailable
from chalicelib.ingest.parts import Part

UPLOAD_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


class UploadNotFound(NotFound):
    code = "upload_not_found"
    sentence = "There is no such upload."


class UploadIncomplete(Conflict):
    code = "upload_incomplete"


class UploadQuotaReached(Conflict):
    code = "upload_quota_reached"


class BadUpload(InvalidInput):
    code = "bad_upload"


class SourceBusy(Unavailable):
    """Another handler holds the source; retry later."""

    code = "source_busy"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receipt of a source: the video it belongs to and the revision made of it."""

    key: str
    etag: str
    video_id: VideoId
    # None until its encode has begun.
    revision: Revision | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    id: str
    account_id: AccountId
    video_id: VideoId
    key: str
    multipart_id: str
    # As the client sent it: data, never a path.
    filename: str
    size: int
    part_size: int
    created_at: datetime
    completed_at: datetime | None = None

    @property
    def part_count(self) -> int:
        return -(-self.size // self.part_size)

    @property
    def is_open(self) -> bool:
        return self.completed_at is None

    def part(self, number: int) -> Part:
        first = (number - 1) * self.part_size
        return Part(number, min(self.part_size, self.size - first))

    def missing(self, present: Mapping[int, Part]) -> list[int]:
        """Numbers of the parts that are not there, or not as long as they must be."""
        return [
            number
            for number in range(1, self.part_count + 1)
            if number not in present or present[number].size != self.part(number).size
        ]
