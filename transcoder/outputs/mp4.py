"""Make files to download or to play without a playlist, out of finished pieces."""

import os
import shutil
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

from chalicelib.catalogue import media_keys
from chalicelib.catalogue.asset import Asset, Container, Rung
from chalicelib.transcoding.plan import Plan
from chalicelib.transcoding.reports import Report
from transcoder.errors import WrongResult
from transcoder.ffmpeg.mp4 import Joined, remuxed
from transcoder.outputs import objects
from transcoder.outputs.files import measured
from transcoder.sandbox import memory
from transcoder.sandbox.runner import Limits, Sandbox

# What the files of every title are called; old clients guess the other names from one.
MP4_NAME = "film"
_LIMITS = Limits(cpu_seconds=1800, file_bytes=64 * 1024**3, memory_bytes=memory.of_program())


def make_mp4(plan: Plan, rung: Rung | None, folder: Path, *, sandbox: Sandbox) -> Report:
    """Join one rung (the largest if none is named) and the default sound.

    The folder holds the pieces under their names, as `pieces_of` lists them. The largest rung is
    there under the plain name as well.
    """
    asset = plan.asset
    rung = rung or asset.rungs[0]
    try:
        tracks = [
            Joined(_joined(f"track-{number}", map(folder.joinpath, names), sandbox.folder), early)
            for number, (names, early) in enumerate(
                zip(_tracks(asset, rung), _early(asset), strict=False)
            )
        ]
    except OSError as error:
        raise WrongResult(f"a piece cannot be read: {error.errno}") from error
    made = media_keys.mp4(MP4_NAME, rung.name)
    (sandbox.folder / made).parent.mkdir(exist_ok=True)
    demuxer = "mpegts" if asset.container is Container.TS else "mov"
    command = remuxed(tracks=tracks, demuxer=demuxer, timescale=asset.grid.timescale, name=made)
    finished = sandbox.run(command, limits=_LIMITS)
    for track in tracks:
        (sandbox.folder / track.name).unlink()
    if not finished.is_good:
        raise WrongResult(f"joining ended with {finished.code}")
    names = [made]
    if rung == asset.rungs[0]:
        names.append(media_keys.mp4(MP4_NAME))
        (sandbox.folder / names[-1]).unlink(missing_ok=True)
        os.link(sandbox.folder / made, sandbox.folder / names[-1])
    return Report(tuple(measured(sandbox.folder, name) for name in names))


def pieces_of(asset: Asset, rung: Rung) -> list[str]:
    """Which objects must be fetched for it."""
    return [name for track in _tracks(asset, rung) for name in track]


def _tracks(asset: Asset, rung: Rung) -> list[list[str]]:
    """The pieces of the picture, and of the default sound if there is any."""
    sound = objects.default_sound(asset)
    return [
        list(objects.pictures_of(asset, rung)),
        *([list(objects.sounds_of(asset, sound))] if sound else []),
    ]


def _early(asset: Asset) -> tuple[Fraction, Fraction]:
    """How much earlier picture and sound are in a file that begins at 0."""
    return asset.begins, asset.begins if asset.container is Container.TS else Fraction(0)


def _joined(name: str, paths: Iterable[Path], folder: Path) -> str:
    """One file: a film has more pieces than FFmpeg may hold open."""
    with (folder / name).open("wb") as joined:
        for path in paths:
            with path.open("rb") as piece:
                shutil.copyfileobj(piece, joined)
    return name
