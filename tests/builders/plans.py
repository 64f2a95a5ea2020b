"""Plans made by hand from what is known about a clip, or by a probe of a file."""

import threading
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.catalogue.asset import Asset, AudioTrack, Container, Grid, Rung, Storyboard
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.model import Source
from chalicelib.encoding.plan import Picture, Plan
from tests.builders import clips
from tests.builders.clips import Clip
from transcoder.planning import make_plan, plan_of
from transcoder.probing.child import examined
from transcoder.probing.model import Question
from transcoder.sandbox.runner import Sandbox
from transcoder.settings import SourceLimits, TranscoderSettings

_DEMUXERS = {".mp4": "mov", ".mov": "mov", ".mkv": "matroska", ".webm": "matroska",
             ".ts": "mpegts", ".avi": "avi", ".flv": "flv"}  # fmt: skip


def a_plan(clip: Clip, **picture: Any) -> Plan:
    """Two rungs, segments of 2 s (so that short clips have joins), one of them per chunk."""
    rate = clip.rate if clip.rate <= 60 else clip.rate / 2
    frames = int(clip.seconds * rate)
    per_gop = round(rate * Fraction(2, 3))
    grid = Grid(rate, frames, per_gop, gops_per_segment=3)
    rungs = tuple(
        Rung(f"{height}p", _even(clip.width * height / clip.height), _even(height), "3.1", 23,
             1750, 3500)
        for height in (clip.height, clip.height // 2)
    )  # fmt: skip
    sound = (AudioTrack(0, stream=1, language="und", name="", is_default=True),)
    return Plan(
        video_id=VideoId(1),
        revision=Revision(1),
        source=Source("key", "etag", 1),
        picture=Picture(
            **{
                "demuxer": _DEMUXERS[clip.suffix], "stream": 0, "codec": "h264",
                "width": clip.width, "height": clip.height, "start": Fraction(0),
                "frames": clip.frames, **picture,
            }
        ),
        asset=Asset(Container.FMP4, grid, rungs, audio=sound if clip.sound_seconds else (),
                    storyboard=Storyboard(64, 36)),
        segments_per_chunk=1,
    )  # fmt: skip


def as_ts(plan: Plan) -> Plan:
    return replace(plan, asset=replace(plan.asset, container=Container.TS))


def a_sandbox(folder: Path) -> Sandbox:
    folder.mkdir(parents=True, exist_ok=True)
    return Sandbox(folder, threading.Event())


def _even(size: float) -> int:
    return 2 * round(size / 2)


VIDEO, REVISION = VideoId(1), Revision(1)


def source_of(path: Path) -> Source:
    return Source(key=f"inbox/{path.name}", etag="e", size=path.stat().st_size)


def planned(path: Path, *, limits: SourceLimits | None = None) -> Plan:
    """Without the child process, which costs a quarter of a second."""
    limits = limits or SourceLimits()
    settings, source = TranscoderSettings(limits=limits), source_of(path)
    facts = examined(question_of(path, limits))
    return plan_of(VIDEO, REVISION, source, facts, settings=settings)


def question_of(path: Path, limits: SourceLimits | None = None) -> Question:
    limits = limits or SourceLimits()
    return Question(
        url=str(path),
        size=path.stat().st_size,
        most_seconds=limits.seconds,
        most_streams=limits.streams,
        long_side=limits.long_side,
        short_side=limits.short_side,
    )


@cache
def planned_clip(name: str) -> Plan:
    return planned(clips.get(name).path)


def planned_as_by_a_worker(
    path: Path, folder: Path, *, url: str = "", limits: SourceLimits | None = None
) -> Plan:
    settings = TranscoderSettings(limits=limits or SourceLimits())
    return make_plan(
        VIDEO,
        REVISION,
        source_of(path),
        url or str(path),
        sandbox=Sandbox(folder, threading.Event()),
        settings=settings,
    )
