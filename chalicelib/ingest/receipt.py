"""A file that has come in: which title it is for, and which revision it became."""

from dataclasses import dataclass

from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.errors import Unavailable


class SourceBusy(Unavailable):
    """Somebody else is at it; later it is known what came of it."""

    code = "arrival_busy"


@dataclass(frozen=True, slots=True)
class Receipt:
    key: str
    etag: str
    video_id: VideoId
    # None until it is known.
    revision: Revision | None = None
