"""Convert one subtitle track to WebVTT segments."""

from chalicelib.encoding.messages import Task
from transcoder.outputs.objects import subtitles_report
from transcoder.outputs.subtitles import make_subtitles
from transcoder.sandbox.runner import Sandbox
from transcoder.tasks.context import TaskContext, is_done_already
from transcoder.worker import Answer


def run(context: TaskContext, task: Task, sandbox: Sandbox) -> Answer:
    name = subtitles_report(task.number)
    encode = context.encode(task)
    if is_done_already(encode, is_done=name in encode.parts):
        return {}
    store, plan = context.store(task), context.plan(task)
    track = plan.asset.subtitles[task.number]
    address, sandbox = (
        context.sources.sidecar(track.sidecar_key, sandbox)
        if track.sidecar_key
        else context.sources.opened(plan.source, sandbox)
    )
    report = make_subtitles(plan, track, address, sandbox=sandbox)
    store.upload(report.files, sandbox.folder)
    store.write_report(name, report)
    context.updates.part_done(task.video_id, task.revision, name)
    return {}
