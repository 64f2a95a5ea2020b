"""A whole encode of a clip, made as its tasks make it, in one folder instead of a bucket."""

import atexit
import shutil
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from chalicelib.catalogue.asset import Container
from chalicelib.encoding.plan import Plan
from chalicelib.encoding.task_reports import Report
from tests.builders import clips
from tests.builders.clips import Clip
from tests.builders.plans import a_plan, a_sandbox, as_ts
from tests.builders.reports import LIMIT
from transcoder.outputs import objects
from transcoder.outputs.audio import make_audio
from transcoder.outputs.chunk import make_chunk
from transcoder.outputs.pictures import make_pictures
from transcoder.outputs.storyboard import make_iframe_index, make_sheets
from transcoder.proof.model import Proof
from transcoder.proof.proving import prove


@dataclass(frozen=True)
class Finished:
    plan: Plan
    folder: Path
    reports: dict[str, Report] = field(default_factory=dict)

    def proof(self) -> Proof:
        names = objects.head_names(self.plan.asset)
        heads = {name: (self.folder / name).read_bytes() for name in names}
        listed = {
            objects.key_of(self.plan, file.name): (file.size, file.md5)
            for report in self.reports.values()
            for file in report.files
        }
        return prove(self.plan, self.reports, listed=listed, heads=heads, limit=LIMIT)


@cache
def finished_encode(name: str, container: Container) -> Finished:
    """Made once per run; a test that changes it restores it."""
    clip = clips.get(name)
    plan = a_plan(clip)
    folder = Path(tempfile.mkdtemp(prefix="encode-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return finish_encode(clip, as_ts(plan) if container is Container.TS else plan, folder)


def finish_encode(clip: Clip, plan: Plan, folder: Path) -> Finished:
    sandbox, url = a_sandbox(folder), str(clip.path)
    encode = Finished(plan, folder)
    for number in range(plan.chunk_count):
        part = a_sandbox(folder / "part")
        encode.reports[objects.chunk_report(number)] = make_chunk(plan, number, url, sandbox=part)
        _bring(part.folder, folder)
    for track in plan.asset.audio:
        encode.reports[objects.audio_report(track.number)] = make_audio(
            plan, track, url, sandbox=part
        )
        _bring(part.folder, folder)
    encode.reports[objects.PICTURES] = make_pictures(plan, url, sandbox=sandbox)
    encode.reports[objects.STORYBOARD] = make_sheets(plan, folder, sandbox=sandbox)
    encode.reports[objects.IFRAMES] = make_iframe_index(
        plan, encode.reports.values(), sandbox=sandbox
    )
    return encode


def _bring(made: Path, folder: Path) -> None:
    for path in filter(Path.is_file, made.rglob("*")):
        there = folder / path.relative_to(made)
        there.parent.mkdir(parents=True, exist_ok=True)
        path.replace(there)
