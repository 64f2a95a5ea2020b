"""The task queues: which tasks belong into each, and how often each has its turn."""

from collections.abc import Mapping
from enum import StrEnum

from chalicelib.encoding.messages import Task, TaskKind


class TaskQueue(StrEnum):
    """A queue, by what follows the stage's prefix in its name."""

    # Where the state machine sends every task, and where idle workers wait.
    UNSORTED = "work"
    # Publishing, MP4 files, and attempts after accepted damage: all else of the video is done.
    CLOSING = "work-closing"
    NEARLY_DONE = "work-nearly-done"
    MUCH_LEFT = "work-much-left"
    # Plans, and of long videos the first chunk and its sound: playback can begin after them.
    BEGINNING = "work-beginning"

    def url(self, unsorted_url: str) -> str:
        """Return the URL of this queue, which begins like that of `UNSORTED`."""
        return f"{unsorted_url}{self.removeprefix(TaskQueue.UNSORTED)}"


# The most urgent first.
BY_URGENCY = (
    TaskQueue.CLOSING,
    TaskQueue.NEARLY_DONE,
    # Before its other chunks, or the first picture of a long video waits for some of them.
    TaskQueue.BEGINNING,
    TaskQueue.MUCH_LEFT,
)
# At least every n-th task comes from this queue; if two are due, the first wins and the other
# follows.
AT_LEAST_EVERY: Mapping[TaskQueue, int] = {TaskQueue.BEGINNING: 4, TaskQueue.MUCH_LEFT: 8}
# Of playing time: a chunk holds one segment of one video and many of another.
NEARLY_DONE_SECONDS = 120

# Of every other kind, `queue_of` decides.
ALWAYS: Mapping[TaskKind, TaskQueue] = {
    TaskKind.PUBLISH: TaskQueue.CLOSING,
    TaskKind.MP4: TaskQueue.CLOSING,
    # An administrator waits for it, and it takes a second.
    TaskKind.POSTER: TaskQueue.CLOSING,
}


def queue_without_reading(task: Task) -> TaskQueue | None:
    """Return the queue that a task has whatever is left of its video; None if that decides."""
    # It is encoded, which takes minutes, and no other task waits for it.
    return TaskQueue.MUCH_LEFT if task.is_mp4_only else ALWAYS.get(task.kind)


def queue_of(task: Task, seconds_left: float, *, is_accepted: bool = False) -> TaskQueue:
    """Return the queue of a task by the playing time of its video that is left to encode."""
    if task.kind is TaskKind.PLAN:
        # All of what was accepted is there: it is checked once more.
        return TaskQueue.CLOSING if is_accepted else TaskQueue.BEGINNING
    if seconds_left <= NEARLY_DONE_SECONDS:
        return TaskQueue.NEARLY_DONE
    is_first = task.number == 0 and task.kind in (TaskKind.CHUNK, TaskKind.AUDIO)
    return TaskQueue.BEGINNING if is_first else TaskQueue.MUCH_LEFT
