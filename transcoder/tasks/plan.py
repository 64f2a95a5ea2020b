"""Plan an encode, once; a repeated task returns what is left to do."""

from dataclasses import replace

from chalicelib.encoding.messages import Task
from chalicelib.encoding.model import Encode
from chalicelib.encoding.plan import Plan
from transcoder.outputs.objects import PICTURES, audio_report, chunk_report, subtitles_report
from transcoder.planning import make_plan
from transcoder.planning.tracks import readable, replaced_by, with_sidecars
from transcoder.sandbox.runner import Sandbox
from transcoder.tasks.context import TaskContext
from transcoder.tasks.revision_store import RevisionStore
from transcoder.worker import Answer

# The names stand behind, so that the rest is translated.
_UNREAD = (
    "Subtitles beside the film were left out, because their name says what is not known: there may"
    " be one language and a kind, as in film.de.srt, film.de.forced.srt or film.de.sdh.srt."
)
_SECOND = (
    "Of two files beside the film with subtitles of one language and kind the first was used, and"
    " the second left out."
)
_MOST_NAMED = 5


def run(context: TaskContext, task: Task, sandbox: Sandbox) -> Answer:
    encode = context.updates.planning(task.video_id, task.revision)
    plan = context.store(task).plan()
    if plan is None:
        plan = _with_sidecars(context, _new_plan(context, encode, sandbox))
        context.store(task).write_plan(plan)
    encode = context.updates.planned(encode, plan.asset, segments_per_chunk=plan.segments_per_chunk)
    return _left(plan, _done(context.store(task), encode))


def _new_plan(context: TaskContext, encode: Encode, sandbox: Sandbox) -> Plan:
    url, sandbox = context.sources.opened(encode.source, sandbox)
    return make_plan(
        encode.video_id,
        encode.revision,
        encode.source,
        url,
        sandbox=sandbox,
        settings=context.settings,
    )


def _with_sidecars(context: TaskContext, plan: Plan) -> Plan:
    """Add sidecar subtitles; they replace tracks of the same language in the source."""
    beside, tracks = context.sources.beside(plan.source), plan.asset.subtitles
    unused = context.sources.unused_beside(plan.source)
    notes = (
        [
            # People count from 1.
            f"Stream {each.stream + 1} was left out: a file beside the film has its language."
            for each in replaced_by(beside, tracks, plan.texts_for_some)
        ]
        + [f'{_UNREAD} "{readable(name)}"' for name in unused.unread[:_MOST_NAMED]]
        + [
            f'{_SECOND} "{readable(used)}", "{readable(name)}"'
            for used, name in unused.second[:_MOST_NAMED]
        ]
    )
    tracks = with_sidecars(tracks, beside, plan.texts_for_some)
    asset = replace(plan.asset, subtitles=tracks)
    return replace(plan, asset=asset, notes=(*plan.notes, *notes))


def _done(store: RevisionStore, encode: Encode) -> frozenset[str]:
    """Names of the reports of tasks that need not run again."""
    noted = encode.finished_tasks.union(map(chunk_report, encode.chunks))
    return noted if encode.attempt == 1 else noted & store.intact(noted)


def _left(plan: Plan, done: frozenset[str]) -> Answer:
    asset = plan.asset
    return {
        "chunks": [n for n in range(plan.chunk_count) if chunk_report(n) not in done],
        "audio": [t.number for t in asset.audio if audio_report(t.number) not in done],
        "subtitles": [t.number for t in asset.subtitles if subtitles_report(t.number) not in done],
        "pictures": [] if PICTURES in done else [0],
    }
