"""Join finished segments to MP4 files, for downloads and clients without HLS."""

import os
import shutil
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import Asset, Container, Rung, default_audio
from chalicelib.encoding.task_reports import Report
from transcoder.errors import WrongResult
from transcoder.ffmpeg.mp4 import Joined, remuxed
from transcoder.outputs import objects
from transcoder.outputs.files import output_file
from transcoder.sandbox import memory
from transcoder.sandbox.runner import Limits, Sandbox

# Base name of the files of every video; old clients derive other names from it.
MP4_NAME = "film"
_LIMITS = Limits(cpu_seconds=1800, file_bytes=64 * 1024**3, memory_bytes=memory.of_program())


def make_mp4(asset: Asset, rung: Rung | None, folder: Path, *, sandbox: Sandbox) -> Report:
    """Join one rung (by default the largest) and the default audio track.

    The folder holds the segments that `segments_of` names. The largest rung also gets the base name
    without a resolution.
    """
    rung = rung or asset.rungs[0]
    try:
        tracks = [
            Joined(_joined(f"track-{number}", map(folder.joinpath, names), sandbox.folder), early)
            for number, (names, early) in enumerate(
                zip(_tracks(asset, rung), _early(asset), strict=False)
            )
        ]
    except OSError as error:
        raise WrongResult(f"a segment cannot be read: {error.errno}") from error
    name = object_keys.mp4(MP4_NAME, rung.name)
    (sandbox.folder / name).parent.mkdir(exist_ok=True)
    demuxer = "mpegts" if asset.container is Container.TS else "mov"
    command = remuxed(tracks=tracks, demuxer=demuxer, timescale=asset.grid.timescale, name=name)
    finished = sandbox.run(command, limits=_LIMITS)
    for track in tracks:
        (sandbox.folder / track.name).unlink()
    if not finished.is_good:
        raise WrongResult(f"joining ended with {finished.code}")
    names = [name]
    if rung == asset.rungs[0]:
        names.append(object_keys.mp4(MP4_NAME))
        (sandbox.folder / names[-1]).unlink(missing_ok=True)
        os.link(sandbox.folder / name, sandbox.folder / names[-1])
    return Report(tuple(output_file(sandbox.folder, name) for name in names))


def segments_of(asset: Asset, rung: Rung) -> list[str]:
    """Names of the objects that the file is joined from."""
    return [name for track in _tracks(asset, rung) for name in track]


def _tracks(asset: Asset, rung: Rung) -> list[list[str]]:
    """Names of the video segments, and of the default audio track if there is one."""
    sound = default_audio(asset.audio)
    return [
        list(objects.pictures_of(asset, rung)),
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
