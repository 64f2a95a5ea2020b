"""The subtitles of one language."""

from chalicelib.transcoding.messages import Task
from transcoder.outputs.objects import subtitles_report
from transcoder.outputs.subtitles import make_subtitles
from transcoder.sandbox.runner import Sandbox
from transcoder.tasks.context import Studio, is_asked_twice
from transcoder.worker import Answer


def run(studio: Studio, task: Task, sandbox: Sandbox) -> Answer:
    part = subtitles_report(task.number)
    encode = studio.encode(task)
    if is_asked_twice(encode, is_done=part in encode.parts):
        return {}
    workshop, plan = studio.workshop(task), studio.plan(task)
    track = plan.asset.subtitles[task.number]
    address, sandbox = (
        studio.sources.sidecar(track.sidecar_key, sandbox)
        if track.sidecar_key
        else studio.sources.opened(plan.source, sandbox)
    )
    report = make_subtitles(plan, track, address, sandbox=sandbox)
    workshop.deliver(report.pieces, sandbox.folder)
    workshop.keep_report(part, report)
    studio.conversions.part_done(task.video_id, task.revision, part)
    return {}
