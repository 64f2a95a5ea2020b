"""One sound track, from its beginning to its end, delivered while it is being made."""

from collections.abc import Sequence

from chalicelib.transcoding.messages import Task
from chalicelib.transcoding.reports import Piece
from transcoder.outputs.audio import make_audio
from transcoder.outputs.objects import audio_report
from transcoder.sandbox.runner import Sandbox
from transcoder.tasks.context import Studio, is_asked_twice
from transcoder.worker import Answer


def run(studio: Studio, task: Task, sandbox: Sandbox) -> Answer:
    part = audio_report(task.number)
    encode = studio.encode(task)
    if is_asked_twice(encode, is_done=part in encode.parts):
        return {}
    workshop, plan = studio.workshop(task), studio.plan(task)
    delivered = 0

    def deliver(pieces: Sequence[Piece]) -> None:
        nonlocal delivered
        workshop.deliver(pieces, sandbox.folder)
        delivered += sum(1 for piece in pieces if piece.frames)
        studio.conversions.audio_grown(task.video_id, task.revision, task.number, delivered)

    address, sandbox = studio.sources.opened(plan.source, sandbox)
    track = plan.asset.audio[task.number]
    report = make_audio(plan, track, address, sandbox=sandbox, grown=deliver)
    workshop.keep_report(part, report)
    studio.conversions.part_done(task.video_id, task.revision, part)
    return {}
