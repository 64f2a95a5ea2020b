"""Encode one whole audio track and upload its segments while the encoder runs."""

from collections.abc import Sequence

from chalicelib.encoding.messages import Task
from chalicelib.encoding.reports import OutputFile
from transcoder.outputs.audio import make_audio
from transcoder.outputs.objects import audio_report
from transcoder.sandbox.runner import Sandbox
from transcoder.tasks.context import TaskContext, is_done_already
from transcoder.worker import Answer


def run(context: TaskContext, task: Task, sandbox: Sandbox) -> Answer:
    name = audio_report(task.number)
    encode = context.encode(task)
    if is_done_already(encode, is_done=name in encode.parts):
        return {}
    store, plan = context.store(task), context.plan(task)
    # A second run uploads the same segments again.
    uploaded = set[str]()

    def upload(files: Sequence[OutputFile]) -> None:
        store.upload(files, sandbox.folder)
        uploaded.update(file.name for file in files if file.frames)
        context.updates.audio_grown(task.video_id, task.revision, task.number, len(uploaded))

    address, sandbox = context.sources.opened(plan.source, sandbox)
    track = plan.asset.audio[task.number]
    report = make_audio(plan, track, address, sandbox=sandbox, on_segments=upload)
    store.write_report(name, report)
    context.updates.part_done(task.video_id, task.revision, name)
    return {}
