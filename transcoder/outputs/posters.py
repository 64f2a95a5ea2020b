"""The sizes of a poster that was sent: as many as of a made one, and of the same names."""

import re
from collections.abc import Sequence

from chalicelib.encoding.failures import Reason
from transcoder.errors import LimitReached, Refused, WrongResult
from transcoder.ffmpeg import pictures
from transcoder.ffmpeg.graph import Size
from transcoder.ffmpeg.posters import HEAD_BYTES, kind_of, largest_of
from transcoder.outputs.pictures import NAMES, WIDTHS, make_thumbnail
from transcoder.sandbox.memory import GIBIBYTE
from transcoder.sandbox.runner import Limits, Sandbox

SENT = "sent"
_LARGEST, _POSTER = "hero", "poster"
# Wider than high or not: a page shows it in the frame of a video.
_HEIGHT_PER_WIDTH = 1.5
# Forty million pixels of 64 bits take 8 s and less than 768 MiB.
_LIMITS = Limits(cpu_seconds=60, memory_bytes=2 * GIBIBYTE)
_TOO_MANY_PIXELS = re.compile(r"Picture size \S+ (?:is invalid|exceeds)|exceeds? .*max pixel")
# A frame header of JPEG, and what may be before it.
_FRAME = re.compile(rb"\xff[\xc0-\xc2]..\x08(..)(..)", re.DOTALL)


def make_poster(sandbox: Sandbox) -> Sequence[str]:
    """Make all sizes of the file `sent`, and return their names; raise `Refused`."""
    kind = kind_of(_head(sandbox))
    if kind is None:
        raise Refused(Reason.UNSUPPORTED_FORMAT)
    width = WIDTHS[_LARGEST]
    within = width, round(width * _HEIGHT_PER_WIDTH)
    target = f"{_LARGEST}.jpg"
    command = largest_of(SENT, kind, within=within, target=target)
    try:
        finished = sandbox.run(command, limits=_LIMITS)
    except LimitReached as limit:
        raise Refused(limit.reason) from None
    if not finished.is_good:
        has_too_many = any(map(_TOO_MANY_PIXELS.search, finished.lines))
        raise Refused(Reason.TOO_MANY_PIXELS if has_too_many else Reason.CORRUPT)
    largest = _size_of(sandbox, target)
    smaller = _fitting(largest, WIDTHS[_POSTER])
    command = pictures.smaller(
        target, f"{_POSTER}.jpg", size=smaller, quality=pictures.JPEG_QUALITY, softness=1
    )
    if not sandbox.run(command, limits=_LIMITS).is_good:
        raise WrongResult("a picture was not made")
    make_thumbnail(sandbox, size=_fitting(largest, WIDTHS["thumbnail"]))
    return [f"{name}.jpg" for name in NAMES]


def _head(sandbox: Sandbox) -> bytes:
    with (sandbox.folder / SENT).open("rb") as file:
        return file.read(HEAD_BYTES)


def _size_of(sandbox: Sandbox, name: str) -> Size:
    """Return the size of a JPEG that FFmpeg has written."""
    frame = _FRAME.search((sandbox.folder / name).read_bytes())
    if frame is None:
        raise WrongResult("a picture was not made")
    height, width = (int.from_bytes(each, "big") for each in frame.groups())
    return width, height


def _fitting(size: Size, width: int) -> Size:
    fitting = min(width, size[0])
    return fitting, max(1, round(size[1] * fitting / size[0]))
