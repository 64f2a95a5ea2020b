"""Which tasks run, and when a video waits for a transcoder."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.encoding.model import Encode, Step, TakenTask
from tests.builders.assets import an_asset
from tests.builders.encodes import an_encode
from tests.fakes.clock import HandClock

NOW = HandClock().now()


def taken(name: str, *, seconds_ago: float = 1) -> TakenTask:
    return TakenTask(name, NOW - timedelta(seconds=seconds_ago))


def planned(*tasks: TakenTask, idle_seconds: float = 20, **changes: object) -> Encode:
    """An encode of five chunks, whose last task has ended before so many seconds."""
    encode = replace(
        an_encode(NOW),
        step=Step.ENCODING,
        asset=an_asset(5),
        planned_at=NOW - timedelta(minutes=5),
        idle_since=NOW - timedelta(seconds=idle_seconds),
        taken=frozenset(tasks),
    )
    return replace(encode, **changes)  # type: ignore[arg-type]


def test_work_that_was_done_before_it_was_taken_again_does_not_run() -> None:
    tasks = taken("chunk-00002"), taken("audio-0"), taken("pictures")
    encode = planned(*tasks, chunks=frozenset({2}), finished_tasks=frozenset({"audio-0"}))
    assert {task.name for task in encode.running} == {"pictures"}
    # Another attempt does only what is missing or damaged, and really does it.
    assert replace(encode, attempt=2).running == {*tasks}


def test_a_chunk_whose_worker_was_lost_runs_since_its_first_time() -> None:
    first, second = taken("chunk-00003", seconds_ago=90), taken("chunk-00003", seconds_ago=5)
    assert planned(second, first).running_chunks == {3: first.at}


def test_chunks_are_left_only_once_there_is_a_plan() -> None:
    assert planned(chunks=frozenset({0, 4})).chunks_left == 3
    assert an_encode(NOW).chunks_left == 0


def test_it_waits_at_once_after_its_plan_and_later_after_a_moment() -> None:
    assert not planned(idle_seconds=4).is_waiting(NOW)
    assert planned(idle_seconds=6).is_waiting(NOW)
    new = planned(idle_seconds=1)
    assert replace(new, planned_at=new.idle_since).is_waiting(NOW)
    assert not planned(taken("pictures")).is_waiting(NOW)


@pytest.mark.parametrize(
    "change", [{"step": Step.CHECKING}, {"step": Step.PLANNING}, {"idle_since": None}]
)
def test_in_other_steps_and_of_earlier_versions_it_is_not_said(change: dict[str, object]) -> None:
    assert not planned(**change).is_waiting(NOW)  # type: ignore[arg-type]
    assert not planned(**change).are_chunks_waiting(NOW)  # type: ignore[arg-type]


def test_chunks_wait_while_other_tasks_run() -> None:
    assert planned(taken("audio-0")).are_chunks_waiting(NOW)
    assert not planned(taken("chunk-00001")).are_chunks_waiting(NOW)
    everything = planned(taken("audio-0"), chunks=frozenset(range(5)))
    assert not everything.are_chunks_waiting(NOW)


def test_the_worker_of_the_task_that_ended_counts_until_it_takes_one_or_a_moment_is_over() -> None:
    other, next_one = taken("chunk-00001", seconds_ago=30), taken("chunk-00002", seconds_ago=1)
    assert planned(other, idle_seconds=2).workers(NOW) == 2
    assert planned(other, next_one, idle_seconds=2).workers(NOW) == 2
    assert planned(other, idle_seconds=6).workers(NOW) == 1
