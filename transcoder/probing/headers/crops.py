"""What the header of a Matroska crops of each picture."""

from collections.abc import Iterator

from transcoder.probing.formats.ebml import (
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

Crop = tuple[int, int]


def crop_of(url: str, size: int, picture: int) -> Crop:
    """Return the columns and rows that are cropped of a video track, counted from 0."""
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
