"""The marker of the sample video, in memory."""

from dataclasses import dataclass


@dataclass
class InMemoryMarker:
    was_set: bool = False

    def is_set(self) -> bool:
        return self.was_set

    def set(self) -> None:
        self.was_set = True
