"""Join one rung to an MP4 file, for clients that do not play playlists."""

from chalicelib.encoding.messages import Task
from transcoder.outputs.mp4 import make_mp4, segments_of
from transcoder.sandbox.runner import Sandbox
from transcoder.tasks.context import TaskContext
from transcoder.worker import Answer


def run(context: TaskContext, task: Task, sandbox: Sandbox) -> Answer:
    store, encode = context.store(task), context.updates.encodes.get(task.video_id, task.revision)
    # Published media may have another default audio track than the plan.
    asset = encode.asset or context.plan(task).asset
    rung = asset.rungs[task.number]
    store.fetch(segments_of(asset, rung), sandbox.folder)
    report = make_mp4(asset, rung, sandbox.folder, sandbox=sandbox)
    store.upload(report.files, sandbox.folder)
    return {}
