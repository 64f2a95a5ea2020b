"""The queues that tasks wait in: what belongs into each, and how often each has its turn."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.messages import Kind, Task, UnreadableTask


class TaskQueue(StrEnum):
    """A queue, by what follows the stage's prefix in its name."""

    # Where the state machine sends every task, and where idle workers wait.
    ARRIVING = "work"
    # Publishing and MP4 files: all else of the film is done.
    CLOSING = "work-closing"
    NEARLY_DONE = "work-nearly-done"
    MUCH_LEFT = "work-much-left"
    # Plans, and of long films the first chunk and its sound: what the first picture waits for.
    BEGINNING = "work-beginning"

    def url(self, arriving_url: str) -> str:
        """Return the URL of this queue, which begins like that of `ARRIVING`."""
        return f"{arriving_url}{self.removeprefix(TaskQueue.ARRIVING)}"


# The most urgent first.
BY_URGENCY = (
    TaskQueue.CLOSING,
    TaskQueue.NEARLY_DONE,
    TaskQueue.MUCH_LEFT,
    TaskQueue.BEGINNING,
)
# One of so many tasks in a row is from here if there is any. Where two are due, the first goes
# first, and the other one task later than is said here.
AT_LEAST_EVERY: Mapping[TaskQueue, int] = {TaskQueue.BEGINNING: 4, TaskQueue.MUCH_LEFT: 8}
# Of film: a chunk holds six seconds of one film and twenty minutes of another.
NEARLY_DONE_SECONDS = 120

_ALWAYS: Mapping[Kind, TaskQueue] = {
    Kind.PLAN: TaskQueue.BEGINNING,
    Kind.PUBLISH: TaskQueue.CLOSING,
    Kind.MP4: TaskQueue.CLOSING,
}


def queue_of(body: str, seconds_left: Callable[[VideoId, Revision], float]) -> TaskQueue:
    """Return where a task belongs, by how many seconds of its film are left to do."""
    try:
        task = Task.from_json(body)
    except UnreadableTask:
        # Whoever takes it says so, and nobody waits behind it.
        return TaskQueue.BEGINNING
    if always := _ALWAYS.get(task.kind):
        return always
    if seconds_left(task.video_id, task.revision) <= NEARLY_DONE_SECONDS:
        return TaskQueue.NEARLY_DONE
    is_first = task.number == 0 and task.kind in (Kind.CHUNK, Kind.AUDIO)
    return TaskQueue.BEGINNING if is_first else TaskQueue.MUCH_LEFT
