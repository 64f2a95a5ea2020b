"""The clean aperture of an MP4: what its header says is to be seen of each picture."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from transcoder.probing.formats.boxes import Box, ReadWindow, boxes, inside
from transcoder.probing.headers.crops import Crop
from transcoder.probing.model import PictureFacts
from transcoder.probing.pictures.shapes import pixel_aspect_of

# Where the size is in the header of a track, by its version, and in a description of
# its samples, and where the boxes of that begin.
_TRACK_SIZES, _SAMPLES, _ENTRIES = {0: 76, 1: 88}, (b"mdia", b"minf", b"stbl", b"stsd"), 8
_STORED_SIZE, _BOXES, _LONG = 24, 78, 4


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


def aperture_of(window: ReadWindow, track: Box) -> Aperture:
    """Return the clean aperture of a track, if the header of the track has its size.

    Another one may hide what is meant to be seen.
    """
    entries = [
        entry
        for table in inside(window, track, *_SAMPLES)
        for entry in boxes(window, table.begin + _ENTRIES, table.end)
    ]
    heads = list(inside(window, track, b"tkhd"))
    if len(entries) != 1 or len(heads) != 1:
        return Aperture()
    begin, end = entries[0].begin, entries[0].end
    described = {each.kind: each.begin for each in boxes(window, begin + _BOXES, end)}
    if b"clap" not in described:
        return Aperture()
    (version,) = _numbers(window, heads[0].begin, 1, length=1)
    size = heads[0].begin + _TRACK_SIZES.get(version, 0)
    wide, high = (each >> 16 for each in _numbers(window, size, 2))
    stored = _numbers(window, begin + _STORED_SIZE, 2, length=2)
    across, down = _numbers(window, described[b"pasp"], 2) if b"pasp" in described else (1, 1)
    sides = _numbers(window, described[b"clap"], 8)
    if min(wide, high) <= 1 or min(across, down, *sides[:4], *sides[5::2]) <= 0:
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


def _numbers(window: ReadWindow, begin: int, count: int, *, length: int = _LONG) -> Sequence[int]:
    data = window.take(begin, count * length)
    return [
        int.from_bytes(data[at : at + length], signed=length == _LONG)
        for at in range(0, count * length, length)
    ]
