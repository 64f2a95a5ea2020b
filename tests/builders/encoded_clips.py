"""Clips encoded to segments, once per run, and joined again as a player does."""

import atexit
import io
import shutil
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import Container
from chalicelib.encoding.plan import Plan
from chalicelib.encoding.task_reports import OutputFile, Report
from tests.builders import clips
from tests.builders.plans import a_plan, a_sandbox, as_ts
from transcoder.outputs.audio import AudioEncoder
from transcoder.outputs.chunk import make_chunk

FACTS: dict[str, dict[str, Any]] = {
    "interlaced": {"is_interlaced": True},
    "interlaced_h264": {"is_interlaced": True},
    "hdr": {"transfer": "smpte2084"},
    "several_pictures": {"stream": 1},
}


@dataclass(frozen=True, slots=True)
class Made:
    plan: Plan
    folder: Path
    reports: tuple[Report, ...]

    @property
    def files(self) -> list[OutputFile]:
        return [file for report in self.reports for file in report.files]

    def joined(self, name: str) -> io.BytesIO:
        """The init segment, if any, and all segments of one rung or track."""
        init = self.folder / name / "init.mp4"
        parts = sorted((self.folder / name).glob(f"*.{self.plan.asset.container.suffix}"))
        return io.BytesIO(b"".join(each.read_bytes() for each in (init, *parts) if each.exists()))

    def alone(self, rung: str, number: int) -> io.BytesIO:
        parts = (
            object_keys.video_init(rung),
            object_keys.video_segment(rung, number, Container.FMP4),
        )
        return io.BytesIO(b"".join((self.folder / each).read_bytes() for each in parts))


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="made-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def times(path: Path, stream: int = 0) -> list[Fraction]:
    """The presentation time of each picture, in the clock of the file."""
    with av.open(str(path)) as container:
        packets = list(container.demux(container.streams[stream]))
    return sorted(each.pts * each.time_base for each in packets if each.pts is not None)


def planned(name: str) -> Plan:
    facts = FACTS.get(name, {})
    clip = clips.get(name)
    return a_plan(clip, start=times(clip.path, facts.get("stream", 0))[0], **facts)


@cache
def picture(name: str, container: Container = Container.FMP4) -> Made:
    plan = planned(name) if container is Container.FMP4 else as_ts(planned(name))
    return encoded(plan, clips.get(name).path, _folder() / f"{name}.{container}")


@cache
def sound(name: str, container: Container = Container.FMP4) -> Made:
    plan = planned(name) if container is Container.FMP4 else as_ts(planned(name))
    return recorded(plan, clips.get(name).path, _folder() / f"{name}.{container}.sound")


def encoded(plan: Plan, path: Path, folder: Path) -> Made:
    sandbox = a_sandbox(folder)
    reports = (
        make_chunk(plan, number, str(path), sandbox=sandbox) for number in range(plan.chunk_count)
    )
    return Made(plan, folder, tuple(reports))


def recorded(plan: Plan, path: Path, folder: Path) -> Made:
    passed_on: list[OutputFile] = []
    encoder = AudioEncoder(plan, plan.asset.audio[0], str(path), a_sandbox(folder))
    for files in encoder.files():
        passed_on.extend(files)
    assert tuple(passed_on) == encoder.report.files
    return Made(plan, folder, (encoder.report,))
