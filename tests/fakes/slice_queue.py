"""A queue of slices that keeps every message until a test takes it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from chalicelib.bulk.message import SliceMessage


@dataclass(slots=True)
class InMemorySliceQueue:
    messages: list[SliceMessage] = field(default_factory=list)

    def put(self, messages: Iterable[SliceMessage]) -> None:
        self.messages += messages
