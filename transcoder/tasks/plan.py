"""Decide what is made of a source, once; asked again, say what is left to do."""

from dataclasses import replace

from chalicelib.transcoding.messages import Task
from chalicelib.transcoding.model import Encode
from chalicelib.transcoding.plan import Plan
from transcoder.outputs.objects import PICTURES, audio_report, chunk_report, subtitles_report
from transcoder.planning import make_plan
from transcoder.planning.tracks import with_sidecars
from transcoder.sandbox.runner import Sandbox
from transcoder.tasks.context import Studio
from transcoder.tasks.revision_store import Workshop
from transcoder.worker import Answer


def run(studio: Studio, task: Task, sandbox: Sandbox) -> Answer:
    encode = studio.conversions.planning(task.video_id, task.revision)
    plan = studio.workshop(task).plan()
    if plan is None:
        plan = _with_sidecars(studio, _made(studio, encode, sandbox))
        studio.workshop(task).keep_plan(plan)
    encode = studio.conversions.planned(
        encode, plan.asset, segments_per_chunk=plan.segments_per_chunk
    )
    return _left(plan, _done(studio.workshop(task), plan, encode))


def _made(studio: Studio, encode: Encode, sandbox: Sandbox) -> Plan:
    address, sandbox = studio.sources.opened(encode.source, sandbox)
    return make_plan(
        encode.video_id,
        encode.revision,
        encode.source,
        address,
        sandbox=sandbox,
        settings=studio.settings,
    )


def _with_sidecars(studio: Studio, plan: Plan) -> Plan:
    """Add the subtitles that came in files of their own; they replace those in the source."""
    beside = studio.sources.store.beside(plan.source.key)
    tracks = with_sidecars(plan.asset.subtitles, beside)
    return replace(plan, asset=replace(plan.asset, subtitles=tracks))


def _done(workshop: Workshop, plan: Plan, encode: Encode) -> frozenset[str]:
    """Which tasks need not be done again, by the names of their reports."""
    noted = encode.parts.union(map(chunk_report, encode.chunks))
    return noted if encode.attempt == 1 else noted & workshop.intact(plan, noted)


def _left(plan: Plan, done: frozenset[str]) -> Answer:
    asset = plan.asset
    return {
        "chunks": [n for n in range(plan.chunk_count) if chunk_report(n) not in done],
        "audio": [t.number for t in asset.audio if audio_report(t.number) not in done],
        "subtitles": [t.number for t in asset.subtitles if subtitles_report(t.number) not in done],
        "pictures": [] if PICTURES in done else [0],
    }
