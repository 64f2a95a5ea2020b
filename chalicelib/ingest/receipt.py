"""The receipt of a source: the video it belongs to and the revision made of it."""

from dataclasses import dataclass

from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.errors import Unavailable


class SourceBusy(Unavailable):
    """Another handler holds the source; retry later."""

    code = "source_busy"


@dataclass(frozen=True, slots=True)
class Receipt:
    key: str
    etag: str
    video_id: VideoId
    # None until its encode has begun.
    revision: Revision | None = None
