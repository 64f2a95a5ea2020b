"""Encode one chunk in every rung, upload its segments, and record that it is done."""

from chalicelib.encoding.messages import Task
from transcoder.ffmpeg.chunk import tile
from transcoder.outputs.chunk import make_chunk
from transcoder.outputs.objects import chunk_report
from transcoder.sandbox.runner import Sandbox
from transcoder.tasks.context import TaskContext, is_done_already
from transcoder.worker import Answer


def run(context: TaskContext, task: Task, sandbox: Sandbox) -> Answer:
    encode = context.encode(task)
    if is_done_already(encode, is_done=task.number in encode.chunks):
        return {}
    store, plan = context.store(task), context.plan(task)
    address, sandbox = context.sources.opened(plan.source, sandbox)
    report = make_chunk(plan, task.number, address, sandbox=sandbox)
    # Every chunk writes the same init segments, which publishing proves: one upload is enough.
    store.upload([file for file in report.files if file.frames or task.number == 0], sandbox.folder)
    if plan.asset.storyboard:
        chunk = plan.chunk(task.number)
        segments = range(chunk.first_segment, chunk.first_segment + chunk.segments)
        store.upload_private([tile(number) for number in segments], sandbox.folder)
    # The report comes last: where it exists, all files that it names exist.
    store.write_report(chunk_report(task.number), report)
    context.updates.chunk_done(task.video_id, task.revision, task.number)
    return {}
