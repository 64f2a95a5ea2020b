"""Task queues in a list, with a visibility timeout."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.clock import Clock
from chalicelib.encoding.messages import Task
from chalicelib.encoding.ports import UnsortedTask
from chalicelib.encoding.task_queues import TaskQueue

HIDDEN = timedelta(seconds=60)
_BATCH = 10


@dataclass(eq=False)
class _Message:
    body: str
    visible_at: datetime
    queue: TaskQueue = TaskQueue.UNSORTED
    count: int = 0


@dataclass
class InMemoryDelivery:
    queue: "InMemoryTaskQueues"
    message: _Message
    body: str
    count: int

    def keep(self, *, seconds: int) -> None:
        self.message.visible_at = self.queue.clock.now() + timedelta(seconds=seconds)

    def give_back(self) -> None:
        self.keep(seconds=0)

    def done(self) -> None:
        with self.queue.changing:
            if self.message in self.queue.messages:
                self.queue.messages.remove(self.message)


@dataclass
class InMemoryTaskQueues:
    clock: Clock
    messages: list[_Message] = field(default_factory=list)
    changing: threading.Lock = field(default_factory=threading.Lock)

    def put(self, body: str) -> None:
        self.messages.append(_Message(body, self.clock.now()))

    def send(self, task: Task) -> None:
        self.put(task.to_json())

    def take(self, queue: TaskQueue, *, wait_seconds: int = 0) -> InMemoryDelivery | None:
        del wait_seconds
        with self.changing:
            for message in self._visible(queue)[:1]:
                message.visible_at = self.clock.now() + HIDDEN
                message.count += 1
                return InMemoryDelivery(self, message, message.body, message.count)
        return None

    def receive_unsorted(self) -> Sequence[UnsortedTask]:
        with self.changing:
            unsorted = self._visible(TaskQueue.UNSORTED)[:_BATCH]
            for message in unsorted:
                message.visible_at = self.clock.now() + HIDDEN
        return [UnsortedTask(each.body, each.count + 1, str(id(each))) for each in unsorted]

    def move(self, tasks: Sequence[UnsortedTask], queue: TaskQueue) -> None:
        handles = {task.handle for task in tasks}
        with self.changing:
            for message in [each for each in self.messages if str(id(each)) in handles]:
                message.queue, message.visible_at = queue, self.clock.now()
                # At the end of the queue.
                self.messages.remove(message)
                self.messages.append(message)

    def _visible(self, queue: TaskQueue) -> list[_Message]:
        now = self.clock.now()
        return [each for each in self.messages if each.queue is queue and each.visible_at <= now]
