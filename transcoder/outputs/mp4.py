"""Make MP4 files of finished segments, for downloads and clients without HLS."""

import os
import shutil
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import Asset, Container, Rung, default_audio
from chalicelib.catalogue.language_tags import code_of
from chalicelib.encoding.task_reports import Report
from transcoder.errors import WrongResult
from transcoder.ffmpeg.mp4 import Joined, remuxed, scaled
from transcoder.outputs import objects, scaling
from transcoder.outputs.files import output_file
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
    _make(asset, rung, folder, name, sandbox)
    names = [name]
    if rung == asset.rungs[0]:
        names.append(object_keys.mp4(MP4_NAME))
        (sandbox.folder / names[-1]).unlink(missing_ok=True)
        os.link(sandbox.folder / name, sandbox.folder / names[-1])
    return Report(tuple(output_file(sandbox.folder, name) for name in names))


def segments_of(asset: Asset, rung: Rung) -> list[str]:
    """Names of the objects that the file is made of."""
    return [name for track in objects.tracks_of(asset, rung) for name in track]


def _make(asset: Asset, rung: Rung, folder: Path, name: str, sandbox: Sandbox) -> None:
    try:
        tracks = [
            Joined(
                _joined(f"track-{number}", map(folder.joinpath, names), sandbox.folder),
                early,
                language,
            )
            for number, (names, early, language) in enumerate(
                zip(objects.tracks_of(asset, rung), _early(asset), _languages(asset), strict=False)
            )
        ]
    except OSError as error:
        raise WrongResult(f"a segment cannot be read: {error.errno}") from error
    demuxer = "mpegts" if asset.container is Container.TS else "mov"
    source, timescale = objects.source_of(asset, rung), asset.grid.timescale
    command = remuxed(tracks=tracks, demuxer=demuxer, timescale=timescale, name=name)
    limits = _LIMITS
    if is_scaled := (source.width, source.height) != (rung.width, rung.height):
        command = scaled(asset, rung, tracks=tracks, demuxer=demuxer, name=name)
        limits = scaling.limits_of(asset, source, rung, joining=_LIMITS)
    finished = sandbox.run(command, limits=limits)
    for track in tracks:
        (sandbox.folder / track.name).unlink()
    if not finished.is_good:
        raise WrongResult(f"making an MP4 file ended with {finished.code}")
    if is_scaled:
        scaling.expect_every_frame(asset, sandbox.folder / name)


def _early(asset: Asset) -> tuple[Fraction, Fraction]:
    """By how much times of video and audio are reduced, so that the file starts at 0."""
    return asset.begins, asset.begins if asset.container is Container.TS else Fraction(0)


def _languages(asset: Asset) -> tuple[str, str]:
    """Of video, which has none, and of the audio track that is in the file."""
    sound = default_audio(asset.audio)
    return "", code_of(sound.language) if sound else ""


def _joined(name: str, paths: Iterable[Path], folder: Path) -> str:
    """Concatenate to one file, because FFmpeg may not open all segments of a long video."""
    with (folder / name).open("wb") as joined:
        for path in paths:
            with path.open("rb") as segment:
                shutil.copyfileobj(segment, joined)
    return name
