"""Fragments of an MP4 whose times are far apart, as in recordings of a live stream."""

from collections.abc import Callable, Iterator

from tests.media.forgeries import boxes

_HEADER = 8
# Behind version and flags, in the contents of their boxes.
_TIMESCALE, _TRACK, _TIME = slice(12, 16), slice(4, 8), slice(4, 12)


def fragments_apart(seconds: int, *, since: int) -> Callable[[bytes], bytes]:
    """Have all fragments from that one on come so many seconds later."""

    def change(data: bytes) -> bytes:
        changed, scales = bytearray(data), list(_timescales(data))
        for fragment in list(_inside(data, b"moof", 0, len(data)))[since:]:
            for track in _inside(data, b"traf", *fragment):
                (head,), (time,) = (
                    list(_inside(data, each, *track)) for each in (b"tfhd", b"tfdt")
                )
                number = int.from_bytes(data[slice(*head)][_TRACK])
                at = slice(time[0] + _TIME.start, time[0] + _TIME.stop)
                later = int.from_bytes(data[at]) + seconds * scales[number - 1]
                changed[at] = later.to_bytes(8)
        return bytes(changed)

    return change


def _timescales(data: bytes) -> Iterator[int]:
    for header in _inside(data, b"moov", 0, len(data)):
        for track in _inside(data, b"trak", *header):
            for media in _inside(data, b"mdia", *track):
                for begin, end in _inside(data, b"mdhd", *media):
                    yield int.from_bytes(data[begin:end][_TIMESCALE])


def _inside(data: bytes, kind: bytes, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield begin and end of the content of each box of a kind."""
    for each, at, until in boxes(data, begin, end):
        if each == kind:
            yield at + _HEADER, until
