"""The first picture does not wait for anything it does not need."""

import pytest

from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.messages import Task, TaskKind
from transcoder.worker import niceness


def nice(kind: TaskKind, number: int = 0) -> int:
    return niceness(Task(kind, VideoId(7), Revision(1), number))


def test_the_plan_and_the_first_chunk_step_back_for_nothing() -> None:
    assert nice(TaskKind.PLAN) == nice(TaskKind.CHUNK) == 0


def test_the_first_sound_comes_along() -> None:
    assert nice(TaskKind.CHUNK) < nice(TaskKind.AUDIO) < nice(TaskKind.CHUNK, 1)


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (TaskKind.CHUNK, 1),
        (TaskKind.AUDIO, 1),
        (TaskKind.PICTURES, 0),
        (TaskKind.SUBTITLES, 0),
        (TaskKind.PUBLISH, 0),
        (TaskKind.MP4, 0),
    ],
)
def test_all_else_can_wait_and_still_gets_a_tenth_of_a_busy_core(
    kind: TaskKind, number: int
) -> None:
    assert nice(kind, number) == 10
