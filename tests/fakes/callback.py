"""Task callbacks in a dictionary."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.adapters.state_machine import LONGEST_CODE, LONGEST_TEXT


@dataclass
class InMemoryCallback:
    """Accepts one answer per issued token."""

    waiting: set[str] = field(default_factory=set)
    answers: dict[str, Mapping[str, object]] = field(default_factory=dict)
    failures: dict[str, tuple[str, str]] = field(default_factory=dict)
    beats: list[str] = field(default_factory=list)

    def heartbeat(self, token: str) -> bool:
        self.beats.append(token)
        return not token or token in self.waiting

    def succeed(self, token: str, output: Mapping[str, object]) -> None:
        if token in self.waiting:
            # Raises unless the answer is JSON.
            self.answers[token] = json.loads(json.dumps(output))
            self.waiting.remove(token)

    def fail(self, token: str, *, code: str, text: str) -> None:
        if token in self.waiting:
            self.waiting.remove(token)
            self.failures[token] = (code[:LONGEST_CODE], text[:LONGEST_TEXT])
