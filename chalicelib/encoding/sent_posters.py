"""Pictures that were sent as posters: their limits, and why one is refused."""

from collections.abc import Mapping

from chalicelib.catalogue.model import Failure
from chalicelib.encoding.failures import SENTENCES, Reason

LARGEST_POSTER_BYTES = 20 * 1024**2
MOST_POSTER_PIXELS = 40_000_000

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


def poster_failure(code: str) -> Failure:
    """Return the failure of a stored code, also of one that this version does not know."""
    reason = Reason(code) if code in list(Reason) else Reason.INTERNAL
    return Failure(reason.value, _OF_POSTERS.get(reason, SENTENCES[reason]))
