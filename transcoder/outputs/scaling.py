"""Scaling of a finished rung to an MP4 file of a size that is no rung: its limits and its check."""

from dataclasses import replace
from pathlib import Path

from chalicelib.catalogue.asset import Asset, Rung
from transcoder.boxes.durations import samples_and_ticks
from transcoder.errors import Unreadable, WrongResult
from transcoder.outputs.chunk import longest_cpu_seconds
from transcoder.outputs.cutting import mapped
from transcoder.sandbox import memory
from transcoder.sandbox.runner import Limits


def limits_of(asset: Asset, source: Rung, rung: Rung, *, joining: Limits) -> Limits:
    """Return the limits of a program that scales, by those of one that only joins."""
    pixels = (source.width * source.height + rung.width * rung.height) * asset.grid.frames
    return replace(
        joining,
        cpu_seconds=longest_cpu_seconds(pixels),
        memory_bytes=memory.of_scaling(source, rung),
    )


def expect_every_frame(asset: Asset, path: Path) -> None:
    """Raise `WrongResult` unless there are as many frames as planned, each as long."""
    try:
        frames = samples_and_ticks(mapped(path))
    except Unreadable as error:
        raise WrongResult(f"{path.name}: {error}") from error
    if frames != (asset.grid.frames, asset.grid.ticks_per_frame):
        raise WrongResult(f"{path.name}: {frames}")
