"""Take work from the queue, do it, answer; survive whatever it is."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from chalicelib.catalogue.model import StaleConversion
from chalicelib.telemetry import correlated, count, log
from chalicelib.transcoding.fair_work import FairWork
from chalicelib.transcoding.messages import Kind, Task, UnreadableTask
from chalicelib.transcoding.model import EncodeNotFound, EncodeOver, Reason, failure
from chalicelib.transcoding.plan import UnreadablePlan
from chalicelib.transcoding.ports import Callback, Delivery
from transcoder.errors import LimitReached, Refused, SourceLost, Stopped, WrongResult
from transcoder.sandbox.runner import Sandbox
from transcoder.sandbox.urgency import niceness

HIDDEN_SECONDS = 60
_BEAT_SECONDS = 20.0
_WAIT_SECONDS = 2
# A task that was handed out so often breaks whoever takes it; machines that are taken away
# while they work on a long film use up some of these as well.
MOST_DELIVERIES = 15
_MOST_TRIES = 4
_UNREADABLE_SECONDS = 900
_PAUSE_SECONDS = 2.0

# What to say when trying again was of no use.
_LAST_WORDS: Mapping[type[Exception], Reason] = {
    WrongResult: Reason.NOT_PROVEN,
    SourceLost: Reason.SOURCE_GONE,
}

Answer = Mapping[str, object]
Craft = Callable[[Task, Sandbox], Answer]


@dataclass(frozen=True, slots=True)
class Worker:
    """One task at a time; a machine runs as many of these as it has cores."""

    work: FairWork
    callback: Callback
    crafts: Mapping[Kind, Craft]
    stop: threading.Event
    folder: Path
    # Ends by itself after so long without work; 0 goes on for ever.
    idle_seconds: float = 0
    beat_seconds: float = _BEAT_SECONDS
    # Called whenever the queue has answered: whoever watches this process may want to know.
    sign_of_life: Callable[[], None] = lambda: None

    def run(self) -> None:
        last_work = time.monotonic()
        while not self.stop.is_set():
            try:
                if delivery := self.work.take(wait_seconds=_WAIT_SECONDS):
                    self._handle(delivery)
                    last_work = time.monotonic()
                self.sign_of_life()
            except Exception:
                # What was in hand reappears on the queue; done twice it is the same.
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
            # Not ours to delete: it goes to the dead letters, where a person finds it.
            delivery.keep(seconds=_UNREADABLE_SECONDS)
            return
        with correlated(f"v{task.video_id}-r{task.revision}"):
            self._work(task, delivery)

    def _work(self, task: Task, delivery: Delivery) -> None:
        if delivery.count > MOST_DELIVERIES:
            self._refuse(task, delivery, Reason.WORKER_LOST)
            return
        started = time.monotonic()
        with self._attended(task, delivery) as attention:
            try:
                answer = self._made(task, attention)
            except Stopped:
                self._interrupted(task, delivery, attention)
                return
            except Refused as refusal:
                self._refuse(task, delivery, refusal.reason, refusal.detail)
                return
            except UnreadablePlan:
                # A worker that knows it may come by.
                delivery.keep(seconds=HIDDEN_SECONDS)
                return
            except (EncodeOver, EncodeNotFound, StaleConversion):
                log.info("nobody wants this any more", extra=_named(task))
                self.callback.fail(task.token, code=Reason.CANCELLED.value, text="")
                delivery.done()
                return
            except Exception as error:
                # Not the video's fault, as far as we know.
                log.exception("task broke", extra={**_named(task), "tries": delivery.count})
                self._try_later(task, delivery, _LAST_WORDS.get(type(error), Reason.INTERNAL))
                return
        self.callback.succeed(task.token, answer)
        delivery.done()
        seconds = round(time.monotonic() - started, 2)
        log.info("task done", extra={**_named(task), "seconds": seconds})

    def _made(self, task: Task, attention: "_Attention") -> Answer:
        with TemporaryDirectory(dir=self.folder, prefix=f"{task.kind}-") as folder:
            sandbox = Sandbox(Path(folder), attention.halt, niceness=niceness(task))
            try:
                return self.crafts[task.kind](task, sandbox)
            except LimitReached as limit:
                log.warning("limit reached", extra={**_named(task), "limit": str(limit)})
                raise Refused(limit.reason) from None

    @contextmanager
    def _attended(self, task: Task, delivery: Delivery) -> Iterator["_Attention"]:
        """While the work goes on: keep the message hidden, and see whether it is still wanted."""
        attention = _Attention(self.stop, self.beat_seconds, self.sign_of_life)
        beating = threading.Thread(
            target=attention.beat, args=(task, delivery, self.callback), daemon=True
        )
        beating.start()
        try:
            yield attention
        finally:
            attention.over.set()
            beating.join()

    def _interrupted(self, task: Task, delivery: Delivery, attention: "_Attention") -> None:
        if attention.is_unwanted:
            log.info("work was called off", extra=_named(task))
            delivery.done()
        else:
            log.info("work given back", extra=_named(task))
            delivery.give_back()

    def _try_later(self, task: Task, delivery: Delivery, reason: Reason) -> None:
        count("TaskBroke", task=task.kind.value)
        if delivery.count >= _MOST_TRIES:
            self._refuse(task, delivery, reason)
        else:
            delivery.keep(seconds=5 * 2**delivery.count)

    def _refuse(self, task: Task, delivery: Delivery, reason: Reason, detail: str = "") -> None:
        told = failure(reason, detail)
        log.warning("task refused", extra={**_named(task), "reason": told.code, "text": told.text})
        count("TaskRefused", reason=told.code)
        self.callback.fail(task.token, code=told.code, text=told.text)
        delivery.done()


@dataclass(slots=True)
class _Attention:
    worker_stop: threading.Event
    beat_seconds: float
    sign_of_life: Callable[[], None]
    # What programs in the sandbox look at; set when the worker ends or the work is called off.
    halt: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    is_unwanted: bool = False

    def beat(self, task: Task, delivery: Delivery, callback: Callback) -> None:
        due = time.monotonic() + self.beat_seconds
        while not self.over.wait(0.1):
            if self.worker_stop.is_set():
                self.halt.set()
                return
            if time.monotonic() < due:
                continue
            due = time.monotonic() + self.beat_seconds
            try:
                delivery.keep(seconds=HIDDEN_SECONDS)
                wanted = callback.heartbeat(task.token)
            except Exception:
                # The next beat may get through; if none does, another worker takes over.
                log.exception("heartbeat failed", extra=_named(task))
                continue
            self.sign_of_life()
            if not wanted:
                self.is_unwanted = True
                self.halt.set()
                return


def _named(task: Task) -> dict[str, object]:
    return {"task": task.kind.value, "number": task.number}
