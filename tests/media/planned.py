"""Plan a file the short way: in this process, or as a worker does."""

import threading
from functools import cache
from pathlib import Path

from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.model import Source
from chalicelib.encoding.plan import Plan
from tests.media import clips
from transcoder.planning import make_plan, plan_of
from transcoder.probing.child import examined
from transcoder.probing.model import Question
from transcoder.sandbox.runner import Sandbox
from transcoder.settings import SourceLimits, TranscoderSettings

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
        address=str(path),
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
    path: Path, folder: Path, *, address: str = "", limits: SourceLimits | None = None
) -> Plan:
    settings = TranscoderSettings(limits=limits or SourceLimits())
    return make_plan(
        VIDEO,
        REVISION,
        source_of(path),
        address or str(path),
        sandbox=Sandbox(folder, threading.Event()),
        settings=settings,
    )
