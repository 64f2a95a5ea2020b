"""Queue length and started transcoders in memory."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from chalicelib.encoding.ports import Capacity, TranscoderSlot
from chalicelib.encoding.scaling import WINDOW_SECONDS


@dataclass
class CountedWork:
    # Includes messages in flight.
    waiting: int = 0

    def depth(self) -> int:
        return self.waiting


@dataclass
class InMemoryTranscoders:
    # Capacity that is used up.
    scarce: Collection[Capacity] = ()
    # Whether a started transcoder is listed at once.
    is_listed: bool = True
    # Whether a started transcoder ends at once.
    is_broken: bool = False
    failed: list[TranscoderSlot] = field(default_factory=list)
    started: list[TranscoderSlot] = field(default_factory=list)
    running: int = 0

    def count(self) -> int:
        return self.running

    def failures(self, now: datetime) -> Sequence[datetime]:
        assert now.tzinfo
        if self.running:
            return []
        return [datetime.fromtimestamp(each.window * WINDOW_SECONDS, UTC) for each in self.failed]

    def start_transcoder(self, slot: TranscoderSlot) -> bool:
        if slot in self.started:
            return True
        if slot.capacity in self.scarce:
            return False
        self.started.append(slot)
        if self.is_broken:
            self.failed.append(slot)
        else:
            self.running += self.is_listed
        return True
