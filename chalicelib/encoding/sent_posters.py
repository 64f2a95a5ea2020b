"""Pictures that were sent as posters: their keys and limits, and why one is refused."""

import re
from collections.abc import Mapping

from chalicelib.catalogue.model import Failure, VideoId
from chalicelib.catalogue.poster import PosterId
from chalicelib.clock import LARGEST_ID
from chalicelib.encoding.failures import SENTENCES, Reason

LARGEST_POSTER_BYTES = 20 * 1024**2
MOST_POSTER_PIXELS = 40_000_000

_KEY = re.compile(r"uploads/([1-9]\d{0,15})/posters/([1-9]\d{0,15})", re.ASCII)

_OF_POSTERS: Mapping[Reason, str] = {
    Reason.UNSUPPORTED_FORMAT: (
        "This file is not a JPEG, PNG or WebP picture: please choose another file."
    ),
    Reason.TOO_LARGE: "The picture has more bytes than a poster may have.",
    Reason.TOO_MANY_PIXELS: (
        "The picture has more than 40 million pixels: please make it smaller."
    ),
    Reason.TOO_SLOW: "Reading the picture took too long: please make it smaller.",
    Reason.TOO_MUCH_MEMORY: "Reading the picture takes too much memory: please make it smaller.",
    Reason.TOO_MUCH_DISK: "Reading the picture takes too much disk space: please make it smaller.",
    Reason.WORKER_LOST: (
        "The transcoder broke down over this picture several times: please choose another file."
    ),
}


def poster_key(video_id: VideoId, poster: PosterId) -> str:
    """Return the key of a picture as it was sent; what it is, its bytes say."""
    return f"uploads/{video_id}/posters/{poster}"


def poster_at(key: str) -> tuple[VideoId, PosterId] | None:
    """Return which poster is sent to this key; None if it is the key of another object."""
    if not (sent := _KEY.fullmatch(key)):
        return None
    video_id, poster = int(sent[1]), int(sent[2])
    is_one = max(video_id, poster) <= LARGEST_ID
    return (VideoId(video_id), PosterId(poster)) if is_one else None


def poster_failure(code: str) -> Failure:
    """Return the failure of a stored code, also of one that this version does not know."""
    reason = Reason(code) if code in list(Reason) else Reason.INTERNAL
    return Failure(reason.value, _OF_POSTERS.get(reason, SENTENCES[reason]))
