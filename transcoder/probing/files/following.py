"""Content of a file that is not shown, such as a second file after the first one."""

import re
from collections.abc import Callable
from fractions import Fraction
from itertools import islice

from chalicelib.encoding.failures import Finding, Reason
from transcoder.counts import counted
from transcoder.errors import Refused
from transcoder.probing.formats.boxes import ReadWindow, inside, is_cut, on_top
from transcoder.probing.formats.ranges import content, reader_of
from transcoder.probing.model import Timeline

_BEGINS_ANOTHER = b"ftyp"
# The header of a fragment, and how far before the end of its media it may be.
_FRAGMENT = re.compile(rb".{4}moof.{4}mfhd", re.DOTALL)
_FRAGMENT_BYTES = 16 * 1024**2
# Signature of FLV around its flags, and how far after the last packet it may be.
_FLV, _FLV_HEADER_LENGTH, _LOOKED_AT_BYTES = b"FLV\x01", b"\0\0\0\x09", 65_536
# Signature of the header of an ASF.
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
# A page of Ogg, and its flag for the first page of a stream.
_OGG, _OGG_FLAGS, _OGG_BEGINS = b"OggS", 5, 2
_BETWEEN = frozenset({b"moov", b"mfra", b"free", b"skip", b"wide", b"uuid", b"udta", b"meta"})
_MOST_BOXES = 100
_MANY, _SEVERAL = 4, 2
_MOVIE, _HANDLERS, _KIND_AT, _PICTURE = b"moov", (b"trak", b"mdia", b"hdlr"), 8, b"vide"
_DISORDER = (
    "Its fragments are not in their order: one picture is not shown.",
    "Its fragments are not in their order: {} pictures are not shown.",
)
_REPEATED = (
    "Shown once is one picture that comes twice in the file.",
    "Shown once are {} pictures that come twice in the file.",
)
# Less is usual: an index, or what players keep free.
_MUCH_SHARE, _MUCH_BYTES = Fraction(1, 2), 1_000_000
ANOTHER = "Behind the video the file holds another one, which is not shown."


def another_video(url: str, size: int, begin: int, demuxer: str) -> list[str]:
    """A note if another MP4, FLV, ASF or Ogg begins after this position."""
    if not 0 < begin < size:
        return []
    match demuxer:
        case "mov":
            kinds = (each.kind for each in islice(on_top(reader_of(url), begin), _MOST_BOXES))
            follows = next((kind for kind in kinds if kind not in _BETWEEN), b"") == _BEGINS_ANOTHER
        case "ogg":
            follows = _begins_ogg(content(url, begin=begin, count=_LOOKED_AT_BYTES))
        case "flv":
            follows = _begins_flv(content(url, begin=begin, count=_LOOKED_AT_BYTES))
        case "asf":
            follows = _ASF in content(url, begin=begin, count=_LOOKED_AT_BYTES)
        case _:
            follows = False
    return [ANOTHER] if follows else []


def data_behind(size: int, timeline: Timeline) -> list[str]:
    """A note if most of the file comes after the last packet, and no other note says why."""
    behind = size - timeline.end_byte
    is_much = behind >= _MUCH_BYTES and behind >= size * _MUCH_SHARE
    if not timeline.end_byte or timeline.zeros or not is_much:
        return []
    percent = behind * 100 // size
    return [f"{percent}% of the file lies behind the end of the video; it is not used."]


def fragments_end(read: Callable[[int, int], bytes], size: int, end_byte: int) -> int:
    """Return the end of a box that is longer than the file, 0 if there is none.

    It is in the last fragment that is read, or after it. Libavformat reads no further then.
    """
    if not 0 < end_byte < size:
        return 0
    before = max(0, end_byte - _FRAGMENT_BYTES)
    heads = _FRAGMENT.finditer(read(before, end_byte - before))
    begin = max((before + each.start() for each in heads), default=end_byte)
    return max((each.end for each in on_top(read, begin) if is_cut(each, size)), default=0)


def _begins_flv(data: bytes) -> bool:
    positions = (at + len(_FLV) + 1 for at in range(len(data)) if data.startswith(_FLV, at))
    return any(data.startswith(_FLV_HEADER_LENGTH, position) for position in positions)


def _begins_ogg(data: bytes) -> bool:
    positions = (at for at in range(len(data) - _OGG_FLAGS) if data.startswith(_OGG, at))
    return any(data[at + _OGG_FLAGS] & _OGG_BEGINS for at in positions)


def fragments_left_out(read: Callable[[int, int], bytes], timeline: Timeline) -> list[str]:
    """Notes if players skip fragments; several videos that look like one are refused."""
    if not (timeline.skipped or timeline.clock or timeline.hidden):
        return []
    window = ReadWindow(read)
    movies = [each for each in on_top(read) if each.kind == _MOVIE]
    if len(movies) < _SEVERAL:
        # Their times do not rise, so players skip some.
        said = ((timeline.skipped, _DISORDER), (timeline.repeated, _REPEATED))
        return [counted(count, *sentences) for count, sentences in said if count]
    if timeline.picture_byte < movies[1].begin:
        return [ANOTHER]
    tracks = inside(window, movies[1], *_HANDLERS)
    kinds = {window.take(each.begin + _KIND_AT, len(_PICTURE)) for each in tracks}
    finding = Finding.SEVERAL if _PICTURE in kinds else Finding.APART
    raise Refused(Reason.UNSUPPORTED_FORMAT, finding)


def pictures_left_out(declared: int, hidden: int, displayed: int) -> list[str]:
    """A note if most of the stored or declared pictures are not shown."""
    # What one edit hides, another may show.
    hidden = min(hidden, max(0, declared - displayed)) if declared else hidden
    # The header may count fields, two per picture.
    if displayed < hidden or displayed * _MANY < declared:
        count = max(declared, displayed + hidden)
        one = f"The file counts {count} pictures; one is shown."
        return [
            one if displayed == 1 else f"The file counts {count} pictures; {displayed} are shown."
        ]
    return []
