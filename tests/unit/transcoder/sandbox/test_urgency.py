"""The first picture does not wait for anything it does not need."""

import pytest

from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.messages import Kind, Task
from transcoder.sandbox.urgency import niceness


def nice(kind: Kind, number: int = 0) -> int:
    return niceness(Task(kind, VideoId(7), Revision(1), number))


def test_the_plan_and_the_first_chunk_step_back_for_nothing() -> None:
    assert nice(Kind.PLAN) == nice(Kind.CHUNK) == 0


def test_the_first_sound_comes_along() -> None:
    assert nice(Kind.CHUNK) < nice(Kind.AUDIO) < nice(Kind.CHUNK, 1)


@pytest.mark.parametrize(
    ("kind", "number"),
    [(Kind.CHUNK, 1), (Kind.AUDIO, 1), (Kind.PICTURES, 0), (Kind.PUBLISH, 0), (Kind.MP4, 0)],
)
def test_all_else_can_wait_and_still_gets_a_tenth_of_a_busy_core(kind: Kind, number: int) -> None:
    assert nice(kind, number) == 10
