"""The part of a source that holds the video, where others follow or it is cut off."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.encoding.failures import Finding, Reason
from transcoder.errors import Refused
from transcoder.ffmpeg.opening import excerpt
from transcoder.probing.files.following import ANOTHER
from transcoder.probing.formats.boxes import ReadWindow, is_cut, on_top
from transcoder.probing.formats.dv import end_of_system
from transcoder.probing.formats.signatures import demuxer_of
from transcoder.probing.model import Facts, Question

INCOMPLETE = "The file breaks off or is damaged; what lies before is kept."
_PHOTOGRAPH = "In front of the video the file holds a still picture, which is not shown."
_BEGINS_MP4 = re.compile(rb"\0\0..ftyp[ -z]{4}", re.DOTALL)
_HEAD_BYTES, _LONGEST_FTYP = 12, 65_535
_PHOTOGRAPH_BYTES, _BLOCK_BYTES = 64 * 1024**2, 1024**2

Read = Callable[[int, int], bytes]

# Signature of IVF, where it says how long its header is, and the bytes before each frame.
_IVF, _IVF_LENGTH_AT, _IVF_FRAME = b"DKIF", 6, 12
# Each frame may cost a read; beyond these bytes only a refused file is searched.
_IVF_BYTES = 256 * 1024**2
_MOVIE, _MEDIA = b"moov", b"mdat"
# Header of a list on top of an AVI: its length, and whether it continues the one before. Between
# lists may be a chunk that says nothing, or zeros.
_RIFF = re.compile(rb"RIFF(.{4})AVI([ X])", re.DOTALL)
_JUNK = re.compile(rb"JUNK(.{4})", re.DOTALL)
_RIFF_BYTES, _CONTINUES, _MOST_LISTS, _FILLING_BYTES = 12, b"X", 1000, 65_536


@dataclass(frozen=True, slots=True)
class Excerpt:
    """An `end` of 0 is that of the source."""

    begin: int = 0
    end: int = 0
    note: str = ""
    demuxer: str = ""  # if it is not that of the source

    def of(self, question: Question) -> Question:
        size = (self.end or question.size) - self.begin
        url = excerpt(question.url, self.begin, self.end)
        return replace(question, url=url, size=size)

    def within(self, facts: Facts) -> Facts:
        notes = dict.fromkeys((self.note, *facts.notes) if self.note else facts.notes)
        if facts.timeline.cut_off:
            # Another note says how much is missing.
            notes.pop(INCOMPLETE, None)
        return replace(facts, excerpt=(self.begin, self.end), notes=tuple(notes))


WHOLE = Excerpt()


def excerpt_of(demuxer: str, read: Read, size: int) -> Excerpt:
    """Return the part before another video of which the demuxer knows nothing."""
    match demuxer:
        case "dv":
            return _before_another(end_of_system(read, size))
        case "mjpeg":
            # It is taken for the end of the last picture.
            return WHOLE if _behind_photograph(read, size) == WHOLE else Excerpt(note=ANOTHER)
        case "avi":
            # Libavformat shows the second video with the headers of the first one, or stops.
            return _before_another(_end_of_avi(read))
        case "ivf":
            # Libavformat takes the header of a second file for that of a long, late frame.
            return _before_another(_end_of_ivf(read, min(size, _IVF_BYTES)))
        case _:
            return WHOLE


def readable_excerpt(demuxer: str, refusal: Refused, read: Read, size: int) -> Excerpt:
    """Return the part that may be a video, of a source that is refused.

    Raise `Refused` if a better reason is known.
    """
    match demuxer, refusal.reason:
        case "mov", Reason.CORRUPT:
            return _before_cut_fragment(read, size)
        case "mov", Reason.NO_FRAMES if not refusal.detail and _has_several_movies(read):
            raise Refused(refusal.reason, Finding.EMPTY_INDEX)
        case "mjpeg", Reason.NOT_VIDEO:
            return _behind_photograph(read, size)
        case "ivf", Reason.TOO_LONG | Reason.TOO_MUCH_MEMORY:
            return _before_another(_end_of_ivf(read, size))
        case _:
            return WHOLE


def _has_several_movies(read: Read) -> bool:
    return sum(each.kind == _MOVIE for each in on_top(read)) > 1


def _before_another(end: int) -> Excerpt:
    return Excerpt(end=end, note=ANOTHER) if end else WHOLE


def _before_cut_fragment(read: Read, size: int) -> Excerpt:
    """Libavformat refuses a file that ends in a header of a fragment with all else."""
    end = has_movie = 0
    for each in on_top(read):
        if is_cut(each, size):
            is_readable = has_movie and each.kind != _MEDIA
            return Excerpt(end=end, note=INCOMPLETE) if is_readable else WHOLE
        has_movie = has_movie or each.kind == _MOVIE
        end = each.end
    return WHOLE


def _behind_photograph(read: Read, size: int) -> Excerpt:
    """Telephones append to a JPEG the MP4 of the seconds around it."""
    for begin in range(0, min(size, _PHOTOGRAPH_BYTES), _BLOCK_BYTES):
        # Blocks overlap by the first box, and the head of the next.
        block = read(begin, _BLOCK_BYTES + _LONGEST_FTYP + _HEAD_BYTES)
        for head in _BEGINS_MP4.finditer(block, 0, _BLOCK_BYTES + _HEAD_BYTES):
            following = head.start() + int.from_bytes(head[0][:4])
            behind = block[following : following + _HEAD_BYTES]
            # A comment in the photograph may hold the same bytes.
            if demuxer_of(head[0]) == demuxer_of(behind) == "mov":
                return Excerpt(begin=begin + head.start(), note=_PHOTOGRAPH, demuxer="mov")
    return WHOLE


def _end_of_avi(read: Read) -> int:
    """Return where a second AVI begins; 0 if none does."""
    window, at = ReadWindow(read), 0
    for _ in range(_MOST_LISTS):
        if window.take(at, 1) == b"\0":
            filling = window.take(at, _FILLING_BYTES)
            at += len(filling) - len(filling.lstrip(b"\0"))
        head = window.take(at, _RIFF_BYTES)
        begun = _RIFF.match(head)
        if at and begun and begun[2] != _CONTINUES:
            return at
        if not (chunk := begun or _JUNK.match(head)):
            return 0
        at += 8 + int.from_bytes(chunk[1], "little")
    return 0


def _end_of_ivf(read: Read, size: int) -> int:
    """Return where a second IVF begins, in place of the header of a frame; 0 if none does."""
    window = ReadWindow(read)
    at = int.from_bytes(window.take(_IVF_LENGTH_AT, 2), "little")
    while 0 < at < size:
        head = window.take(at, _IVF_FRAME)
        if head.startswith(_IVF):
            return at
        at += _IVF_FRAME + int.from_bytes(head[:4], "little")
    return 0
