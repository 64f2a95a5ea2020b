"""The pictures that stand for a film."""

from chalicelib.transcoding.messages import Task
from transcoder.outputs.objects import PICTURES
from transcoder.outputs.pictures import NAMES, make_pictures
from transcoder.sandbox.runner import Sandbox
from transcoder.tasks.context import Studio, is_asked_twice
from transcoder.worker import Answer


def run(studio: Studio, task: Task, sandbox: Sandbox) -> Answer:
    encode = studio.encode(task)
    if is_asked_twice(encode, is_done=PICTURES in encode.parts):
        return {}
    workshop, plan = studio.workshop(task), studio.plan(task)
    address, sandbox = studio.sources.opened(plan.source, sandbox)
    report = make_pictures(plan, address, sandbox=sandbox)
    workshop.deliver_pictures(sandbox.folder, NAMES)
    workshop.keep_report(PICTURES, report)
    studio.conversions.part_done(task.video_id, task.revision, PICTURES)
    return {}
