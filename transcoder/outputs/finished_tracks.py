"""The finished tracks that an MP4 file is made of, each joined to one file."""

import shutil
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

from chalicelib.catalogue.asset import Asset, Container, Rung, default_audio
from transcoder.errors import WrongResult
from transcoder.ffmpeg.mp4 import Joined
from transcoder.outputs import objects


def source_of(asset: Asset, rung: Rung) -> Rung:
    """Return the rung itself, or the smallest one of the asset that is no smaller."""
    if rung in asset.rungs:
        return rung
    return next(
        each
        for each in reversed(asset.rungs)
        if each.width >= rung.width and each.height >= rung.height
    )


def segments_of(asset: Asset, rung: Rung) -> list[str]:
    """Names of the objects that the file is made of."""
    return [name for track in _tracks(asset, rung) for name in track]


def joined_tracks(asset: Asset, rung: Rung, folder: Path, joined: Path) -> Sequence[Joined]:
    """Join the segments in one folder to a file for each track in the other."""
    try:
        return [
            Joined(_joined(f"track-{number}", map(folder.joinpath, names), joined), early)
            for number, (names, early) in enumerate(
                zip(_tracks(asset, rung), _early(asset), strict=False)
            )
        ]
    except OSError as error:
        raise WrongResult(f"a segment cannot be read: {error.errno}") from error


def _tracks(asset: Asset, rung: Rung) -> list[list[str]]:
    """Names of the video segments, and of the default audio track if there is one."""
    sound = default_audio(asset.audio)
    return [
        list(objects.pictures_of(asset, source_of(asset, rung))),
        *([list(objects.sounds_of(asset, sound))] if sound else []),
    ]


def _early(asset: Asset) -> tuple[Fraction, Fraction]:
    """By how much times of video and audio are reduced, so that the file starts at 0."""
    return asset.begins, asset.begins if asset.container is Container.TS else Fraction(0)


def _joined(name: str, paths: Iterable[Path], folder: Path) -> str:
    """Concatenate to one file, because FFmpeg may not open all segments of a long video."""
    with (folder / name).open("wb") as joined:
        for path in paths:
            with path.open("rb") as segment:
                shutil.copyfileobj(segment, joined)
    return name
