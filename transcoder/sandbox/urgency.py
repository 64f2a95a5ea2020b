"""The `nice` value of a task: what the first picture waits for gets the processor first."""

from chalicelib.encoding.messages import Task, TaskKind

# As `nice` counts. Beside a program at 0, one at 5 gets a quarter of the core and one at 10 a
# tenth; with less, a task would stand still beside the other programs of a busy machine.
_FIRST, _BESIDE, _LAST = 0, 5, 10


def niceness(task: Task) -> int:
    if task.number != 0:
        return _LAST
    if task.kind in (TaskKind.PLAN, TaskKind.CHUNK):
        return _FIRST
    # A few seconds of sound are enough for the first picture.
    return _BESIDE if task.kind is TaskKind.AUDIO else _LAST
