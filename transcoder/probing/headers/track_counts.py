"""How many tracks a header lists, before libavformat takes memory for each."""

from chalicelib.encoding.failures import Finding, Reason
from transcoder.errors import Refused
from transcoder.probing.formats import ebml
from transcoder.probing.formats.boxes import ReadWindow, boxes, inside
from transcoder.probing.formats.ranges import reader_of
from transcoder.probing.headers.choice import MOST_OTHERS
from transcoder.probing.headers.edits import is_elsewhere
from transcoder.probing.model import Question

_MP4, _MATROSKA = "mov", "matroska"
_MOVIE, _TRACK, _SIZES = b"moov", b"trak", (b"mdia", b"minf", b"stbl", b"stsz")
# In the box of sizes: the size of all samples, and their number.
_SIZE, _COUNT, _COUNTED_BYTES = slice(4, 8), slice(8, 12), 12
# A file that is cut may lack most of its samples.
_MOST_MISSING = 16
_MATROSKA_TRACKS, _MATROSKA_TRACK = 0x1654AE6B, 0xAE


def require_few_tracks(demuxer: str, question: Question) -> None:
    """Refuse an MP4 or Matroska with more than are looked at, or samples that cannot be there."""
    if demuxer == _MP4:
        _require_few_boxes(question)
    elif demuxer == _MATROSKA:
        _require_few_elements(question)


def _require_few_boxes(question: Question) -> None:
    window, count = ReadWindow(reader_of(question.url)), 0
    movies = (each for each in boxes(window, 0, question.size) if each.kind == _MOVIE)
    for movie in movies:
        for track in inside(window, movie, _TRACK):
            count += 1
            for sizes in inside(window, track, *_SIZES):
                data = window.take(sizes.begin, _COUNTED_BYTES)
                samples = int.from_bytes(data[_SIZE]) * int.from_bytes(data[_COUNT])
                if samples > question.size * _MOST_MISSING:
                    if is_elsewhere(window, track):
                        raise Refused(Reason.NO_FRAMES, Finding.ELSEWHERE)
                    raise Refused(Reason.CORRUPT)
    _require_few(count, question)


def _require_few_elements(question: Question) -> None:
    segment = ebml.segment_begin(question.url, question.size)
    for each in ebml.before_clusters(question.url, segment, question.size):
        if each.kind == _MATROSKA_TRACKS:
            listed = ebml.elements(ebml.inside(question.url, each), _MATROSKA_TRACK)
            _require_few(sum(1 for _ in listed), question)


def _require_few(count: int, question: Question) -> None:
    if count > question.most_streams + MOST_OTHERS:
        raise Refused(
            Reason.TOO_MANY_STREAMS,
            f"It has {count} or more; the limit is {question.most_streams}.",
        )
