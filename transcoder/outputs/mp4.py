"""Make MP4 files of finished segments, for downloads and clients without HLS."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import Asset, Container, Rung
from chalicelib.encoding.task_reports import Report
from transcoder.boxes.durations import samples_and_ticks
from transcoder.errors import Unreadable, WrongResult
from transcoder.ffmpeg.mp4 import Joined, remuxed, scaled
from transcoder.outputs.chunk import longest_cpu_seconds
from transcoder.outputs.cutting import mapped
from transcoder.outputs.files import output_file
from transcoder.outputs.finished_tracks import joined_tracks, source_of
from transcoder.sandbox import memory
from transcoder.sandbox.runner import Limits, Sandbox

# Base name of the files of every video; old clients derive other names from it.
MP4_NAME = "film"
_LIMITS = Limits(cpu_seconds=1800, file_bytes=64 * 1024**3, memory_bytes=memory.of_program())


def make_mp4(asset: Asset, rung: Rung | None, folder: Path, *, sandbox: Sandbox) -> Report:
    """Join one rung (by default the largest) and the default audio track.

    The folder holds the segments that `segments_of` names. The largest rung also gets the base name
    without a resolution. What is no rung of the asset is scaled from the next larger one.
    """
    rung = rung or asset.rungs[0]
    name = object_keys.mp4(MP4_NAME, rung.name)
    (sandbox.folder / name).parent.mkdir(exist_ok=True)
    tracks = joined_tracks(asset, rung, folder, sandbox.folder)
    source = source_of(asset, rung)
    if (source.width, source.height) == (rung.width, rung.height):
        _join(asset, tracks, name, sandbox)
    else:
        _scale(asset, source, rung, tracks, name, sandbox)
    for track in tracks:
        (sandbox.folder / track.name).unlink()
    names = [name]
    if rung == asset.rungs[0]:
        names.append(object_keys.mp4(MP4_NAME))
        (sandbox.folder / names[-1]).unlink(missing_ok=True)
        os.link(sandbox.folder / name, sandbox.folder / names[-1])
    return Report(tuple(output_file(sandbox.folder, name) for name in names))


def _join(asset: Asset, tracks: Sequence[Joined], name: str, sandbox: Sandbox) -> None:
    demuxer, timescale = _demuxer(asset), asset.grid.timescale
    command = remuxed(tracks=tracks, demuxer=demuxer, timescale=timescale, name=name)
    _run(command, _LIMITS, sandbox)


def _scale(
    asset: Asset, source: Rung, rung: Rung, tracks: Sequence[Joined], name: str, sandbox: Sandbox
) -> None:
    command = scaled(asset, rung, tracks=tracks, demuxer=_demuxer(asset), name=name)
    pixels = (source.width * source.height + rung.width * rung.height) * asset.grid.frames
    limits = replace(
        _LIMITS,
        cpu_seconds=longest_cpu_seconds(pixels),
        memory_bytes=memory.of_scaling(source, rung),
    )
    _run(command, limits, sandbox)
    _expect_every_frame(asset, sandbox.folder / name)


def _run(command: Sequence[str], limits: Limits, sandbox: Sandbox) -> None:
    finished = sandbox.run(command, limits=limits)
    if not finished.is_good:
        raise WrongResult(f"making an MP4 file ended with {finished.code}")


def _expect_every_frame(asset: Asset, path: Path) -> None:
    """Raise `WrongResult` unless there are as many frames as planned, each as long."""
    try:
        frames = samples_and_ticks(mapped(path))
    except Unreadable as error:
        raise WrongResult(f"{path.name}: {error}") from error
    if frames != (asset.grid.frames, asset.grid.ticks_per_frame):
        raise WrongResult(f"{path.name}: {frames}")


def _demuxer(asset: Asset) -> str:
    return "mpegts" if asset.container is Container.TS else "mov"
