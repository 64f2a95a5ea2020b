"""Make MP4 files of finished segments, for downloads and clients without HLS."""

import os
import shutil
import struct
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import Asset, Container, Rung, default_audio
from chalicelib.encoding.task_reports import Report
from transcoder.boxes.box import find
from transcoder.errors import Unreadable, WrongResult
from transcoder.ffmpeg.mp4 import Joined, remuxed, scaled
from transcoder.outputs import objects
from transcoder.outputs.chunk import longest_cpu_seconds
from transcoder.outputs.cutting import mapped
from transcoder.outputs.files import output_file
from transcoder.sandbox import memory
from transcoder.sandbox.runner import Limits, Sandbox

# Base name of the files of every video; old clients derive other names from it.
MP4_NAME = "film"
_LIMITS = Limits(cpu_seconds=1800, file_bytes=64 * 1024**3, memory_bytes=memory.of_program())
# The body of `stts` if all frames last equally long: entries, frames, ticks of each.
_ONE_DURATION = struct.Struct(">4xIII")


def make_mp4(asset: Asset, rung: Rung | None, folder: Path, *, sandbox: Sandbox) -> Report:
    """Join one rung (by default the largest) and the default audio track.

    The folder holds the segments that `segments_of` names. The largest rung also gets the base name
    without a resolution. What is no rung of the asset is scaled from the next larger one.
    """
    rung = rung or asset.rungs[0]
    name = object_keys.mp4(MP4_NAME, rung.name)
    (sandbox.folder / name).parent.mkdir(exist_ok=True)
    tracks = _joined_tracks(asset, rung, folder, sandbox.folder)
    source = _source_of(asset, rung)
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


def segments_of(asset: Asset, rung: Rung) -> list[str]:
    """Names of the objects that the file is joined from."""
    return [name for track in _tracks(asset, rung) for name in track]


def _source_of(asset: Asset, rung: Rung) -> Rung:
    """Return the rung itself, or the smallest one that is no smaller."""
    if rung in asset.rungs:
        return rung
    return next(
        each
        for each in reversed(asset.rungs)
        if each.width >= rung.width and each.height >= rung.height
    )


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
        times = find(mapped(path), "moov", "trak", "mdia", "minf", "stbl", "stts")
        durations = _ONE_DURATION.unpack(times)
    except (Unreadable, struct.error) as error:
        raise WrongResult(f"the times of {path.name}: {error}") from error
    if durations != (1, asset.grid.frames, asset.grid.ticks_per_frame):
        raise WrongResult(f"{path.name}: {durations}")


def _demuxer(asset: Asset) -> str:
    return "mpegts" if asset.container is Container.TS else "mov"


def _joined_tracks(asset: Asset, rung: Rung, folder: Path, joined: Path) -> Sequence[Joined]:
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
        list(objects.pictures_of(asset, _source_of(asset, rung))),
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
