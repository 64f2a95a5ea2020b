"""The part of each picture that is not shown: by the header of a Matroska, or by its size."""

from collections.abc import Iterator
from fractions import Fraction

from transcoder.probing.ebml import (
    before_clusters,
    children,
    elements,
    inside,
    number,
    segment_begin,
)

_TRACKS = 0x1654AE6B
_TRACK, _TRACK_TYPE, _IS_PICTURE, _CODEC, _VIDEO = 0xAE, 0x83, 1, 0x86, 0xE0
_LEFT, _RIGHT, _TOP, _BOTTOM = 0x54CC, 0x54DD, 0x54BB, 0x54AA
# Sizes of SMPTE D-10 (IMX), with lines of the blanking interval above the picture.
_BLANKING = {(720, 608): 32, (720, 512): 26}
# Its display aspect ratios, of the picture alone, and their tolerance.
_SHAPES, _ROUNDING = (Fraction(4, 3), Fraction(16, 9)), Fraction(1, 100)

Crop = tuple[int, int]


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


def _tracks(url: str, size: int) -> bytes:
    heads = before_clusters(url, segment_begin(url, size), size)
    tracks = next((each for each in heads if each.kind == _TRACKS), None)
    return inside(url, tracks) if tracks else b""


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
