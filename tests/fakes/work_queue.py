"""A work queue in a list: what is taken is hidden for a while, and comes back unless deleted."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.clock import Clock

HIDDEN = timedelta(seconds=60)


@dataclass
class _Message:
    body: str
    visible_at: datetime
    count: int = 0


@dataclass
class InMemoryDelivery:
    queue: "InMemoryWorkQueue"
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
class InMemoryWorkQueue:
    clock: Clock
    messages: list[_Message] = field(default_factory=list)
    changing: threading.Lock = field(default_factory=threading.Lock)

    def put(self, body: str) -> None:
        self.messages.append(_Message(body, self.clock.now()))

    def take(self, *, wait_seconds: int) -> Iterator[InMemoryDelivery]:
        del wait_seconds
        with self.changing:
            now = self.clock.now()
            message = next((each for each in self.messages if each.visible_at <= now), None)
            if message is None:
                return
            message.visible_at = now + HIDDEN
            message.count += 1
        yield InMemoryDelivery(self, message, message.body, message.count)
