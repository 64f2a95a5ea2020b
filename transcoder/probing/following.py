"""What lies in a file behind all that is shown: players read the first of two joined MP4 alone."""

from collections.abc import Iterator

from transcoder.probing.ranges import content

_BEGINS_ANOTHER = b"ftyp"
_BETWEEN = frozenset({b"moov", b"mfra", b"free", b"skip", b"wide", b"uuid", b"udta", b"meta"})
_LARGE, _HEADER_BYTES, _MOST_BOXES = 1, 16, 100
_MANY = 4


def another_video(address: str, size: int, begin: int) -> list[str]:
    """Say so if another MP4 begins behind this byte."""
    if begin and any(kind == _BEGINS_ANOTHER for kind in _boxes(address, size, begin)):
        return ["Behind the video the file holds another one, which is not shown."]
    return []


def _boxes(address: str, size: int, begin: int) -> Iterator[bytes]:
    for _ in range(_MOST_BOXES):
        head = content(address, begin=begin, count=_HEADER_BYTES) if begin < size else b""
        length, kind = int.from_bytes(head[:4]), head[4:8]
        if length == _LARGE:
            length = int.from_bytes(head[8:])
        yield kind
        if kind not in _BETWEEN or length <= _LARGE:
            return
        begin += length


def pictures_left_out(said: int, hidden: int, shown: int) -> list[str]:
    """Say so if most of the pictures that are in the file, or said to be, are not shown."""
    # Each of its two fields may be counted.
    if shown < hidden or shown * _MANY < said:
        return [f"The file counts {max(said, shown + hidden)} pictures; {shown} are shown."]
    return []
