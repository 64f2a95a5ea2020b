"""One size as a file to download, for clients that know no playlists."""

from chalicelib.transcoding.messages import Task
from transcoder.outputs.mp4 import make_mp4, pieces_of
from transcoder.sandbox.runner import Sandbox
from transcoder.tasks.context import Studio
from transcoder.worker import Answer


def run(studio: Studio, task: Task, sandbox: Sandbox) -> Answer:
    workshop, plan = studio.workshop(task), studio.plan(task)
    rung = plan.asset.rungs[task.number]
    workshop.fetch(pieces_of(plan.asset, rung), sandbox.folder)
    report = make_mp4(plan, rung, sandbox.folder, sandbox=sandbox)
    workshop.deliver(report.pieces, sandbox.folder)
    return {}
