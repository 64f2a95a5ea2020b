"""Make the thumbnail, poster and hero picture of a video."""

from chalicelib.encoding.messages import Task
from transcoder.outputs.objects import PICTURES
from transcoder.outputs.pictures import NAMES, make_pictures
from transcoder.sandbox.runner import Sandbox
from transcoder.tasks.context import TaskContext, is_done_already
from transcoder.worker import Answer


def run(context: TaskContext, task: Task, sandbox: Sandbox) -> Answer:
    encode = context.encode(task)
    if is_done_already(encode, is_done=PICTURES in encode.parts):
        return {}
    store, plan = context.store(task), context.plan(task)
    address, sandbox = context.sources.opened(plan.source, sandbox)
    report = make_pictures(plan, address, sandbox=sandbox)
    store.upload_pictures(sandbox.folder, NAMES)
    store.write_report(PICTURES, report)
    context.updates.part_done(task.video_id, task.revision, PICTURES)
    return {}
