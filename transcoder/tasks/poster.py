"""Make the sizes of an own poster and upload them; no execution waits for it."""

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.poster import PosterId
from chalicelib.encoding.failures import Reason
from chalicelib.encoding.messages import Task
from chalicelib.encoding.sent_posters import LARGEST_POSTER_BYTES
from transcoder.outputs.posters import SENT, make_poster
from transcoder.sandbox.runner import Sandbox
from transcoder.tasks.context import TaskContext
from transcoder.worker import Answer


def run(context: TaskContext, task: Task, sandbox: Sandbox) -> Answer:
    video_id, poster = task.video_id, PosterId(task.number)
    if not context.posters.is_pending(video_id, poster):
        return {}
    sent = object_keys.sent_poster(video_id, poster)
    context.sources.fetch(sent, sandbox.folder / SENT, most_bytes=LARGEST_POSTER_BYTES)
    folder = object_keys.poster_pictures(video_id, poster)
    for name in make_poster(sandbox):
        path = sandbox.folder / name
        context.media.put(folder + name, path, content_type=object_keys.CONTENT_TYPES["jpg"])
    context.posters.complete(video_id, poster)
    return {}


def refused(context: TaskContext, task: Task, reason: Reason) -> None:
    """Say why there are no pictures; those that were there before stay."""
    context.posters.refuse(task.video_id, PosterId(task.number), reason)
