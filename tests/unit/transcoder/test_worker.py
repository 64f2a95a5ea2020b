"""Whatever a task does, the worker goes on, the message is settled, and the result is reported."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.failures import SENTENCES, Reason
from chalicelib.encoding.fair_work import FairWork
from chalicelib.encoding.messages import Task, TaskKind
from chalicelib.encoding.model import EncodeOver
from chalicelib.encoding.plan import UnreadablePlan
from tests.fakes.callback import InMemoryCallback
from tests.fakes.clock import HandClock
from tests.fakes.encode_store import InMemoryEncodeStore
from tests.fakes.task_queues import InMemoryTaskQueues
from transcoder.errors import LimitReached, Refused, SourceLost, WrongResult
from transcoder.sandbox.runner import Limits, Sandbox
from transcoder.worker import MOST_DELIVERIES, Answer, Worker, niceness

TASK = Task(TaskKind.CHUNK, VideoId(7), Revision(1), number=3, token="token")
PATIENCE_SECONDS = 10


@dataclass
class WorkerHarness:
    folder: Path
    clock: HandClock = field(default_factory=HandClock)
    callback: InMemoryCallback = field(default_factory=lambda: InMemoryCallback({TASK.token}))
    stop: threading.Event = field(default_factory=threading.Event)
    seen: list[Sandbox] = field(default_factory=list)
    signs_of_life: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.queue = InMemoryTaskQueues(self.clock)
        self.queue.put(TASK.to_json())

    @property
    def left(self) -> int:
        return len(self.queue.messages)

    def work(self, does: object) -> None:
        """Let a worker go on until it has been idle for a moment."""
        self._worker(does, idle_seconds=0.01).run()

    @contextmanager
    def working(self, does: object, *, beat_seconds: float = 0.05) -> Iterator[None]:
        worker = replace(self._worker(does, idle_seconds=0), beat_seconds=beat_seconds)
        thread = threading.Thread(target=worker.run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            # A test that has failed must not wait for its worker for ever.
            self.stop.set()
            thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()

    def _worker(self, does: object, *, idle_seconds: float) -> Worker:
        def handler(task: Task, sandbox: Sandbox) -> Answer:
            assert task == TASK
            self.seen.append(sandbox)
            if isinstance(does, BaseException):
                raise does
            assert callable(does)
            answer: Answer = does(sandbox)
            return answer

        return Worker(
            work=FairWork(self.queue, InMemoryEncodeStore(self.clock)),
            callback=self.callback,
            handlers={TaskKind.CHUNK: handler},
            stop=self.stop,
            folder=self.folder,
            idle_seconds=idle_seconds,
            beat_seconds=0.05,
            sign_of_life=lambda: self.signs_of_life.append(time.monotonic()),
        )


@pytest.fixture
def harness(tmp_path: Path) -> WorkerHarness:
    return WorkerHarness(tmp_path)


def sleeps(sandbox: Sandbox) -> Answer:
    sandbox.run(["/bin/sleep", "30"], limits=Limits(30, 30))
    return {}


def until(condition: object) -> None:
    assert callable(condition)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_finished_task_is_answered_and_leaves_the_queue(harness: WorkerHarness) -> None:
    harness.work(lambda _: {"made": 6})
    assert harness.callback.answers == {"token": {"made": 6}}
    assert harness.left == 0


def test_the_folder_of_a_task_is_gone_afterwards(harness: WorkerHarness) -> None:
    def writes(sandbox: Sandbox) -> Answer:
        (sandbox.folder / "frames").write_bytes(b"many")
        return {}

    harness.work(writes)
    assert not harness.seen[0].folder.exists()


def test_programs_step_back_as_far_as_their_task_does(harness: WorkerHarness) -> None:
    harness.work(lambda _: {})
    assert harness.seen[0].niceness == niceness(TASK) > 0


def test_a_refusal_says_why(harness: WorkerHarness) -> None:
    harness.work(Refused(Reason.NOT_VIDEO))
    assert harness.callback.failures == {"token": ("not_video", SENTENCES[Reason.NOT_VIDEO])}
    assert harness.left == 0


@pytest.mark.parametrize("reason", [Reason.TOO_SLOW, Reason.TOO_MUCH_MEMORY, Reason.TOO_MUCH_DISK])
def test_what_takes_too_much_is_refused_at_once_and_says_of_what(
    harness: WorkerHarness, reason: Reason
) -> None:
    harness.work(LimitReached("much", reason))
    assert harness.callback.failures["token"] == (reason.value, SENTENCES[reason])
    assert harness.left == 0


def test_a_plan_of_a_newer_version_waits_for_two_hours_for_a_worker_that_reads_it(
    harness: WorkerHarness,
) -> None:
    for minute in range(120):
        harness.work(UnreadablePlan("version 3"))
        assert (minute, harness.left, harness.callback.failures) == (minute, 1, {})
        harness.clock.advance(minutes=1)
    harness.work(UnreadablePlan("version 3"))
    assert harness.callback.failures["token"][0] == "worker_lost"
    assert len(harness.seen) == MOST_DELIVERIES


def test_a_task_that_is_no_longer_needed_is_dropped(harness: WorkerHarness) -> None:
    harness.work(EncodeOver("over"))
    assert harness.left == 0


def test_what_breaks_is_tried_again_and_then_refused(harness: WorkerHarness) -> None:
    for _ in range(3):
        harness.work(RuntimeError("disk full"))
        assert harness.callback.failures == {}
        assert harness.left == 1
        harness.clock.advance(minutes=5)
    harness.work(RuntimeError("disk full"))
    assert harness.callback.failures["token"][0] == "internal"
    assert "disk full" not in harness.callback.failures["token"][1]
    assert harness.left == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [(WrongResult("a frame too few"), "not_proven"), (SourceLost(), "source_gone")],
)
def test_what_never_comes_right_says_what_it_is(
    harness: WorkerHarness, error: Exception, code: str
) -> None:
    for _ in range(4):
        assert harness.callback.failures == {}
        harness.work(error)
        harness.clock.advance(minutes=5)
    assert harness.callback.failures["token"][0] == code


def test_what_broke_once_may_succeed_later(harness: WorkerHarness) -> None:
    harness.work(RuntimeError("network"))
    harness.clock.advance(minutes=5)
    harness.work(lambda _: {})
    assert harness.callback.answers == {"token": {}}


def test_a_task_that_kills_every_worker_is_abandoned(harness: WorkerHarness) -> None:
    harness.queue.messages[0].count = MOST_DELIVERIES
    harness.work(lambda _: {})
    assert harness.seen == []
    assert harness.callback.failures["token"][0] == "worker_lost"


def test_an_unreadable_message_is_left_for_the_dead_letter_queue(harness: WorkerHarness) -> None:
    harness.queue.messages[0].body = json.dumps({"version": 2})
    harness.work(lambda _: {})
    assert harness.left == 1
    assert harness.seen == []


def test_the_queue_moves_on_behind_an_unreadable_message(harness: WorkerHarness) -> None:
    harness.queue.messages[0].body = "nonsense"
    harness.queue.put(TASK.to_json())
    harness.work(lambda _: {})
    assert harness.callback.answers == {"token": {}}


def test_while_work_goes_on_both_hear_of_it(harness: WorkerHarness) -> None:
    def takes_its_time(_: Sandbox) -> Answer:
        until(lambda: len(harness.callback.beats) >= 2)
        return {}

    before = harness.clock.now()
    harness.work(takes_its_time)
    assert harness.callback.answers == {"token": {}}
    assert before == harness.clock.now()


def test_work_that_is_called_off_stops_and_is_dropped(harness: WorkerHarness) -> None:
    with harness.working(sleeps):
        until(lambda: harness.seen)
        harness.callback.waiting.clear()
        until(lambda: harness.left == 0)
        harness.stop.set()
    assert harness.callback.failures == {}


def test_a_task_of_an_encode_that_was_restarted_is_dropped_at_once(harness: WorkerHarness) -> None:
    harness.callback.waiting.clear()
    with harness.working(sleeps, beat_seconds=2 * PATIENCE_SECONDS):
        until(lambda: harness.left == 0)
        harness.stop.set()
    assert harness.callback.failures == {}


def test_a_worker_that_is_asked_to_end_gives_its_work_back(harness: WorkerHarness) -> None:
    with harness.working(sleeps):
        until(lambda: harness.seen)
        harness.stop.set()
    assert harness.left == 1
    assert harness.callback.waiting == {"token"}
    harness.stop.clear()
    harness.work(lambda _: {})
    assert harness.callback.answers == {"token": {}}


def test_a_callback_out_of_reach_ends_no_worker(
    harness: WorkerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        harness.stop.set()
        raise ConnectionError

    monkeypatch.setattr(harness.callback, "succeed", gone)
    harness.work(lambda _: {})
    assert harness.left == 1


def test_a_worker_gives_a_sign_of_life_when_the_queue_answers(harness: WorkerHarness) -> None:
    harness.queue.messages.clear()
    harness.work(None)
    assert harness.signs_of_life


def test_a_worker_gives_signs_of_life_while_it_works(harness: WorkerHarness) -> None:
    with harness.working(sleeps):
        until(lambda: len(harness.signs_of_life) > 2)
        harness.stop.set()


def test_a_worker_gives_none_while_the_queue_is_out_of_reach(
    harness: WorkerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> object:
        harness.stop.set()
        raise ConnectionError

    monkeypatch.setattr(harness.queue, "take", fails)
    harness.work(None)
    assert not harness.signs_of_life
