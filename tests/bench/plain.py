"""What a person would type instead of using this project: one plain FFmpeg."""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chalicelib.catalogue.asset import Asset, Rung
from chalicelib.encoding.plan import Plan
from transcoder.planning.grids import SEGMENT_SECONDS


@dataclass(frozen=True)
class Cost:
    wall: float
    cpu: float = 0


def whole_video(plan: Plan, source: Path) -> list[str]:
    """All rungs of the plan, from one decode, with the scaler and threads FFmpeg chooses."""
    return _typed(plan.asset, source, plan.asset.rungs)


def first_picture(plan: Plan, source: Path) -> list[str]:
    """The first segment of the two lowest rungs: what a viewer could begin to watch."""
    return _typed(plan.asset, source, plan.asset.rungs[-2:], "-t", str(SEGMENT_SECONDS))


def _typed(asset: Asset, source: Path, rungs: Sequence[Rung], *limit: str) -> list[str]:
    return [
        *("ffmpeg", "-y", *limit, "-i", str(source), "-filter_complex", _graph(rungs)),
        *(word for number, rung in enumerate(rungs) for word in _encoded(asset, rung, number)),
        *(_sound(asset) if asset.audio else ()),
    ]


def _graph(rungs: Sequence[Rung]) -> str:
    inputs = "".join(f"[in{number}]" for number in range(len(rungs)))
    sizes = [
        f"[in{number}]scale={rung.width}:{rung.height}[out{number}]"
        for number, rung in enumerate(rungs)
    ]
    return ";".join([f"[0:v]split={len(rungs)}{inputs}", *sizes])


def _encoded(asset: Asset, rung: Rung, number: int) -> Iterator[str]:
    yield from ("-map", f"[out{number}]", "-c:v", "libx264", "-preset", "fast")
    yield from ("-crf", str(rung.crf))
    yield from ("-maxrate", f"{rung.maxrate_kbps}k", "-bufsize", f"{rung.bufsize_kbps}k")
    yield from ("-g", str(asset.grid.frames_per_gop), "-sc_threshold", "0")
    yield from _listed(rung.name)


def _sound(asset: Asset) -> Iterator[str]:
    yield from ("-map", "0:a:0", "-c:a", "aac", "-b:a", f"{asset.audio[0].bitrate_kbps}k")
    yield from ("-ac", "2")
    yield from _listed("audio")


def _listed(name: str) -> tuple[str, ...]:
    return (
        *("-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_playlist_type", "vod"),
        *("-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", f"{name}.mp4"),
        f"{name}.m3u8",
    )


def timed(command: Sequence[str], folder: Path, program: str) -> Cost:
    """Run it with this FFmpeg; return what it took."""
    before, started = _children_seconds(), time.monotonic()
    subprocess.run(
        [program, *command[1:]],
        cwd=folder,
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )
    return Cost(time.monotonic() - started, _children_seconds() - before)


def _children_seconds() -> float:
    times = os.times()
    return times.children_user + times.children_system
