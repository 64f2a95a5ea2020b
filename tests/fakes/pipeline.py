"""A pipeline that records its executions."""

from dataclasses import dataclass, field

from chalicelib.encoding.model import Encode
from chalicelib.encoding.ports import Execution

Attempt = tuple[int, int, int]


@dataclass(slots=True)
class InMemoryPipeline:
    running: set[Attempt] = field(default_factory=set)
    ended: set[Attempt] = field(default_factory=set)

    def start(self, encode: Encode) -> None:
        if attempt_of(encode) not in self.ended:
            self.running.add(attempt_of(encode))

    def stop(self, encode: Encode, *, code: str, text: str) -> None:
        assert code
        assert text
        self.lose(encode)

    def state(self, encode: Encode) -> Execution:
        if attempt_of(encode) in self.running:
            return Execution.RUNNING
        return Execution.ENDED if attempt_of(encode) in self.ended else Execution.NONE

    def lose(self, encode: Encode) -> None:
        """Lose an execution, as a restarted emulator does."""
        if attempt_of(encode) in self.running:
            self.running.remove(attempt_of(encode))
            self.ended.add(attempt_of(encode))


def attempt_of(encode: Encode) -> Attempt:
    return encode.video_id, encode.revision, encode.attempt
