"""The part of each picture that is not shown: by the header of its file, or by its size."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from transcoder.probing import boxes
from transcoder.probing.ebml import children, elements, inside, number, on_top
from transcoder.probing.model import PictureFacts
from transcoder.probing.shapes import pixel_aspect_of

_SEGMENT, _CLUSTER, _TRACKS = 0x18538067, 0x1F43B675, 0x1654AE6B
_TRACK, _TRACK_TYPE, _IS_PICTURE, _CODEC, _VIDEO = 0xAE, 0x83, 1, 0x86, 0xE0
_LEFT, _RIGHT, _TOP, _BOTTOM = 0x54CC, 0x54DD, 0x54BB, 0x54AA
# Sizes of SMPTE D-10 (IMX), with lines of the blanking interval above the picture.
_BLANKING = {(720, 608): 32, (720, 512): 26}
# Its display aspect ratios, of the picture alone, and their tolerance.
_SHAPES, _ROUNDING = (Fraction(4, 3), Fraction(16, 9)), Fraction(1, 100)

# Of an MP4: where the size is in the header of a track, by its version, and in a description of
# its samples, and where the boxes of that begin.
_TRACK_SIZES, _SAMPLES, _ENTRIES = {0: 76, 1: 88}, (b"mdia", b"minf", b"stbl", b"stsd"), 8
_STORED_SIZE, _BOXES, _LONG = 24, 78, 4

Crop = tuple[int, int]


class Aperture(NamedTuple):
    """What an MP4 crops of pictures of one size, and the shape of the pixels in the rest."""

    stored: tuple[int, int] = (0, 0)
    crop: Crop = (0, 0)
    pixel_aspect: Fraction = Fraction(1)

    def of(self, picture: PictureFacts) -> PictureFacts:
        if not any(self.crop) or (picture.width, picture.height) != self.stored:
            return picture
        # It leaves out lines of the blanking interval as well.
        blanking = 0 if self.crop[1] else picture.blanking
        return replace(picture, crop=self.crop, blanking=blanking, pixel_aspect=self.pixel_aspect)


def blanking_rows(
    codec: str, pixel_format: str, size: tuple[int, int], pixel_aspect: Fraction, crop: Crop
) -> int:
    """Return the rows above the picture that are none of it."""
    width, height = size
    is_broadcast = (codec, pixel_format) == ("mpeg2video", "yuv422p") and any(
        abs(width * pixel_aspect / height - shape) < _ROUNDING for shape in _SHAPES
    )
    # A container that crops rows says itself what is shown.
    return _BLANKING.get(size, 0) if is_broadcast and not crop[1] else 0


def crop_of(url: str, size: int, demuxer: str, picture: int) -> Crop:
    """Return the columns and rows that are cropped of a video track, counted from 0."""
    if demuxer != "matroska":
        return 0, 0
    crops = list(_crops(_tracks(url, size)))
    return crops[picture] if picture < len(crops) else (0, 0)


def aperture_of(window: boxes.ReadWindow, track: boxes.Box) -> Aperture:
    """Return the clean aperture of a track, if the header of the track has its size.

    Another one may hide what is meant to be seen.
    """
    entries = [
        entry
        for table in boxes.inside(window, track, *_SAMPLES)
        for entry in boxes.boxes(window, table.begin + _ENTRIES, table.end)
    ]
    heads = list(boxes.inside(window, track, b"tkhd"))
    if len(entries) != 1 or len(heads) != 1:
        return Aperture()
    begin, end = entries[0].begin, entries[0].end
    described = {each.kind: each.begin for each in boxes.boxes(window, begin + _BOXES, end)}
    if b"clap" not in described:
        return Aperture()
    (version,) = _numbers(window, heads[0].begin, 1, length=1)
    size = heads[0].begin + _TRACK_SIZES.get(version, 0)
    wide, high = (each >> 16 for each in _numbers(window, size, 2))
    stored = _numbers(window, begin + _STORED_SIZE, 2, length=2)
    across, down = _numbers(window, described[b"pasp"], 2) if b"pasp" in described else (1, 1)
    sides = _numbers(window, described[b"clap"], 8)
    if min(across, down, *sides[:4], *sides[5::2]) <= 0:
        return Aperture()
    ratios = [Fraction(*sides[at : at + 2]) for at in range(0, 8, 2)]
    columns, rows = map(_cropped, stored, ratios[:2], ratios[2:])
    pixel = pixel_aspect_of(Fraction(across, down))
    is_agreed = abs((stored[0] - columns) * pixel - wide) <= 1 and abs(stored[1] - rows - high) <= 1
    return Aperture((stored[0], stored[1]), (columns, rows), pixel) if is_agreed else Aperture()


def _cropped(stored: int, clean: Fraction, off: Fraction) -> int:
    """Return how much is cropped at both sides, rounded as in libavformat; all if that is wrong."""
    middle, half = Fraction(stored - 1, 2) + off, (clean - 1) / 2
    if not 0 <= middle - half <= middle + half <= stored - 1:
        return stored
    return stored - 1 - int(middle + half) + int(middle - half)


def _numbers(
    window: boxes.ReadWindow, begin: int, count: int, *, length: int = _LONG
) -> Sequence[int]:
    data = window.take(begin, count * length)
    return [
        int.from_bytes(data[at : at + length], signed=length == _LONG)
        for at in range(0, count * length, length)
    ]


def _tracks(url: str, size: int) -> bytes:
    segment = next((each for each in on_top(url, 0, size) if each.kind == _SEGMENT), None)
    for each in on_top(url, segment.begin, size) if segment else ():
        if each.kind == _TRACKS:
            return inside(url, each)
        if each.kind == _CLUSTER:
            break
    return b""


def _crops(tracks: bytes) -> Iterator[Crop]:
    for track in elements(tracks, _TRACK):
        numbers = {each.kind: number(track, each) for each in children(track)}
        # Libavformat skips tracks without a codec.
        if numbers.get(_TRACK_TYPE) == _IS_PICTURE and _CODEC in numbers:
            video = next(elements(track, _VIDEO), b"")
            sides = {each.kind: number(video, each) for each in children(video)}
            across, down = (
                sum(sides.get(side, 0) for side in both)
                for both in ((_LEFT, _RIGHT), (_TOP, _BOTTOM))
            )
            yield across, down
