"""The parts of a multipart upload, and their size."""

from dataclasses import dataclass

from chalicelib.errors import Conflict

MOST_PARTS = 10_000

_MIB = 1024**2
# Small enough to be sent again after a lost connection, large enough for few requests.
_USUAL_PART_BYTES = 16 * _MIB


class UploadGone(Conflict):
    """The upload was aborted or has expired."""

    code = "upload_gone"


@dataclass(frozen=True, slots=True)
class Part:
    number: int  # counted from 1
    size: int
    etag: str = ""


def part_size_for(size: int) -> int:
    """At most `MOST_PARTS` parts of whole MiB, all but the last one of the same size."""
    fewest_bytes = -(-size // MOST_PARTS)
    return max(_USUAL_PART_BYTES, -(-fewest_bytes // _MIB) * _MIB)
