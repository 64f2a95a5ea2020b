"""A worker knows every kind of task that may be on the queue."""

from chalicelib.encoding.messages import TaskKind
from transcoder.wiring import TASKS


def test_there_is_a_handler_for_every_kind_of_task() -> None:
    assert TASKS.keys() == set(TaskKind)
