"""One chunk: encode it in all sizes, deliver it, say so."""

from chalicelib.transcoding.messages import Task
from transcoder.ffmpeg.chunk import tile
from transcoder.outputs.chunk import make_chunk
from transcoder.outputs.objects import chunk_report
from transcoder.sandbox.runner import Sandbox
from transcoder.tasks.context import Studio, is_asked_twice
from transcoder.worker import Answer


def run(studio: Studio, task: Task, sandbox: Sandbox) -> Answer:
    encode = studio.encode(task)
    if is_asked_twice(encode, is_done=task.number in encode.chunks):
        return {}
    workshop, plan = studio.workshop(task), studio.plan(task)
    address, sandbox = studio.sources.opened(plan.source, sandbox)
    report = make_chunk(plan, task.number, address, sandbox=sandbox)
    # All chunks make the same init segments, which is proven in the end: one is enough.
    workshop.deliver(
        [piece for piece in report.pieces if piece.frames or task.number == 0], sandbox.folder
    )
    if plan.asset.storyboard:
        chunk = plan.chunk(task.number)
        segments = range(chunk.first_segment, chunk.first_segment + chunk.segments)
        workshop.lay_aside([tile(number) for number in segments], sandbox.folder)
    # The report after all it names, so that whoever finds it may rely on it.
    workshop.keep_report(chunk_report(task.number), report)
    studio.conversions.chunk_done(task.video_id, task.revision, task.number)
    return {}
