"""Take tasks from the queue, run them, and report the result to the state machine."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from chalicelib.catalogue.model import StaleEncode
from chalicelib.encoding.failures import Reason, failure
from chalicelib.encoding.fair_work import FairWork
from chalicelib.encoding.messages import Task, TaskKind, UnreadableTask
from chalicelib.encoding.model import EncodeNotFound, EncodeOver
from chalicelib.encoding.plan import UnreadablePlan
from chalicelib.encoding.ports import Callback, Delivery
from chalicelib.telemetry import correlated, count, log
from transcoder.errors import LimitReached, Refused, SourceLost, Stopped, WrongResult
from transcoder.sandbox.runner import Sandbox

# The visibility timeout that each heartbeat renews.
HIDDEN_SECONDS = 60
BEAT_SECONDS = 20.0
WAIT_SECONDS = 2
# A task that was delivered so often ends every worker that takes it; Spot machines that are
# reclaimed during a long task use up some deliveries as well.
MOST_DELIVERIES = 15
_MOST_TRIES = 4
_UNREADABLE_SECONDS = 900
_PAUSE_SECONDS = 2.0
# As `nice` counts. Beside a program at 0, one at 5 gets a quarter of the core and one at 10 a
# tenth; with less, a task would stand still beside the other programs of a busy machine.
_FIRST, _BESIDE, _LAST = 0, 5, 10

# The reason after the last try.
_FINAL_REASONS: Mapping[type[Exception], Reason] = {
    WrongResult: Reason.NOT_PROVEN,
    SourceLost: Reason.SOURCE_GONE,
}

Answer = Mapping[str, object]
TaskHandler = Callable[[Task, Sandbox], Answer]


@dataclass(frozen=True, slots=True)
class Worker:
    """One task at a time; a machine runs as many of these as it has cores."""

    work: FairWork
    callback: Callback
    handlers: Mapping[TaskKind, TaskHandler]
    stop: threading.Event
    folder: Path
    # Called with the reason of a refusal, for tasks that no execution waits for.
    refused: Mapping[TaskKind, Callable[[Task, Reason], None]] = field(default_factory=dict)
    # The worker ends after this time without a task; 0 is never.
    idle_seconds: float = 0
    beat_seconds: float = BEAT_SECONDS
    # Called whenever the queue has answered, for the health check.
    sign_of_life: Callable[[], None] = lambda: None

    def run(self) -> None:
        last_work = time.monotonic()
        while not self.stop.is_set():
            try:
                if delivery := self.work.take(wait_seconds=WAIT_SECONDS):
                    self._handle(delivery)
                    last_work = time.monotonic()
                self.sign_of_life()
            except Exception:
                # The task reappears on the queue; tasks are idempotent.
                log.exception("out of reach of the queue or the state machine")
                self.stop.wait(_PAUSE_SECONDS)
            if self.idle_seconds and time.monotonic() - last_work > self.idle_seconds:
                log.info("no work left")
                return

    def _handle(self, delivery: Delivery) -> None:
        try:
            task = Task.from_json(delivery.body)
        except UnreadableTask:
            log.exception("unreadable task")
            # Not deleted: it ends in the dead-letter queue, which raises an alarm.
            delivery.keep(seconds=_UNREADABLE_SECONDS)
            return
        with correlated(f"v{task.video_id}-r{task.revision}"):
            self._work(task, delivery)

    def _work(self, task: Task, delivery: Delivery) -> None:
        if delivery.count > MOST_DELIVERIES:
            self._refuse(task, delivery, Reason.WORKER_LOST)
            return
        started = time.monotonic()
        with self._with_heartbeats(task, delivery) as heartbeats:
            try:
                answer = self._handled(task, heartbeats)
            except Stopped:
                self._interrupted(task, delivery, heartbeats)
                return
            except Refused as refusal:
                self._refuse(task, delivery, refusal.reason, refusal.detail)
                return
            except UnreadablePlan:
                # Written by a newer version, whose workers can read it: wait for one, each time
                # longer, for two hours in all.
                delivery.keep(seconds=HIDDEN_SECONDS * delivery.count)
                return
            except (EncodeOver, EncodeNotFound, StaleEncode):
                log.info("encode is over", extra=_named(task))
                self.callback.fail(task.token, code=Reason.CANCELLED.value, text="")
                delivery.done()
                return
            except Exception as error:
                # Perhaps not because of the source: try again.
                log.exception("task broke", extra={**_named(task), "tries": delivery.count})
                self._try_later(task, delivery, _FINAL_REASONS.get(type(error), Reason.INTERNAL))
                return
        self.callback.succeed(task.token, answer)
        delivery.done()
        seconds = round(time.monotonic() - started, 2)
        log.info("task done", extra={**_named(task), "seconds": seconds})

    def _handled(self, task: Task, heartbeats: "_Heartbeats") -> Answer:
        with TemporaryDirectory(dir=self.folder, prefix=f"{task.kind}-") as folder:
            sandbox = Sandbox(Path(folder), heartbeats.halt, niceness=niceness(task))
            try:
                return self.handlers[task.kind](task, sandbox)
            except LimitReached as limit:
                log.warning("limit reached", extra={**_named(task), "limit": str(limit)})
                raise Refused(limit.reason) from None

    @contextmanager
    def _with_heartbeats(self, task: Task, delivery: Delivery) -> Iterator["_Heartbeats"]:
        """Send heartbeats while a task runs: extend its visibility timeout, notice cancellation."""
        heartbeats = _Heartbeats(self.stop, self.beat_seconds, self.sign_of_life)
        beating = threading.Thread(
            target=heartbeats.beat, args=(task, delivery, self.callback), daemon=True
        )
        beating.start()
        try:
            yield heartbeats
        finally:
            heartbeats.over.set()
            beating.join()

    def _interrupted(self, task: Task, delivery: Delivery, heartbeats: "_Heartbeats") -> None:
        if heartbeats.is_cancelled:
            log.info("task cancelled", extra=_named(task))
            delivery.done()
        else:
            log.info("task returned", extra=_named(task))
            delivery.give_back()

    def _try_later(self, task: Task, delivery: Delivery, reason: Reason) -> None:
        count("TaskBroke", task=task.kind.value)
        if delivery.count >= _MOST_TRIES:
            self._refuse(task, delivery, reason)
        else:
            delivery.keep(seconds=5 * 2**delivery.count)

    def _refuse(self, task: Task, delivery: Delivery, reason: Reason, detail: str = "") -> None:
        cause = failure(reason, detail)
        log.warning(
            "task refused", extra={**_named(task), "reason": cause.code, "text": cause.text}
        )
        count("TaskRefused", reason=cause.code)
        if note := self.refused.get(task.kind):
            note(task, reason)
        self.callback.fail(task.token, code=cause.code, text=cause.text)
        delivery.done()


@dataclass(slots=True)
class _Heartbeats:
    worker_stop: threading.Event
    beat_seconds: float
    sign_of_life: Callable[[], None]
    # Ends programs in the sandbox; set when the worker ends or the encode is cancelled.
    halt: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    is_cancelled: bool = False

    def beat(self, task: Task, delivery: Delivery, callback: Callback) -> None:
        # The first beat is soon: a task of an encode that was restarted is dropped, not encoded.
        due = time.monotonic()
        while not self.over.wait(0.1):
            if self.worker_stop.is_set():
                self.halt.set()
                return
            if time.monotonic() < due:
                continue
            due = time.monotonic() + self.beat_seconds
            try:
                delivery.keep(seconds=HIDDEN_SECONDS)
                is_alive = callback.heartbeat(task.token)
            except Exception:
                # The next beat may get through; if none does, another worker takes over.
                log.exception("heartbeat failed", extra=_named(task))
                continue
            self.sign_of_life()
            if not is_alive:
                self.is_cancelled = True
                self.halt.set()
                return


def niceness(task: Task) -> int:
    """What the first picture waits for gets the processor first."""
    if task.number != 0:
        return _LAST
    if task.kind in (TaskKind.PLAN, TaskKind.CHUNK):
        return _FIRST
    # A few seconds of sound are enough for the first picture.
    return _BESIDE if task.kind is TaskKind.AUDIO else _LAST


def _named(task: Task) -> dict[str, object]:
    return {"task": task.kind.value, "number": task.number}
