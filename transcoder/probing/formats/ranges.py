"""Read a few bytes of a source, from a file or with an HTTP range request."""

import urllib.error
import urllib.request
from collections.abc import Callable
from os import SEEK_END
from pathlib import Path

from chalicelib.encoding.failures import Reason
from transcoder.errors import Refused, SourceUnreachable
from transcoder.ffmpeg.opening import taken_from

TIMEOUT_SECONDS = 60
_GONE = (404, 410)
_BEYOND_THE_END = 416


def is_remote(url: str) -> bool:
    return taken_from(url)[0].startswith("http://")


def reader_of(url: str) -> Callable[[int, int], bytes]:
    return lambda begin, count: content(url, begin=begin, count=count)


def content(url: str, *, begin: int = 0, count: int) -> bytes:
    """Return `count` bytes, or fewer at the end of the source."""
    url, first, end = taken_from(url)
    begin += first
    count = min(count, max(0, end - begin)) if end else count
    if not count:
        return b""
    if not is_remote(url):
        return _from_file(Path(url), begin, count)
    request = urllib.request.Request(  # noqa: S310
        url, headers={"Range": f"bytes={begin}-{begin + count - 1}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            return bytes(answer.read(count))
    except urllib.error.HTTPError as error:
        if error.code in _GONE:
            raise Refused(Reason.SOURCE_GONE) from None
        if error.code == _BEYOND_THE_END:
            return b""
        raise SourceUnreachable(f"HTTP {error.code}") from None
    except OSError as error:
        raise SourceUnreachable(type(error).__name__) from None


def _from_file(path: Path, begin: int, count: int) -> bytes:
    try:
        with path.open("rb") as file:
            # Boxes may lead to where no system can seek.
            if begin >= file.seek(0, SEEK_END):
                return b""
            file.seek(begin)
            return file.read(count)
    except FileNotFoundError:
        raise Refused(Reason.SOURCE_GONE) from None
