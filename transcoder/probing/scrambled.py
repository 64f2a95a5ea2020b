"""The share of each stream of a transport stream that is scrambled, and the damage it makes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from transcoder.probing.model import Timeline

_HEADER, _HAS_FIELD, _HAS_PAYLOAD, _BEGINS, _SCRAMBLED = 4, 0x20, 0x10, 0x40, 0x80
# The first bytes of a PES packet in the clear.
_START = b"\0\0\1"
# Smaller shares may be flipped bits; of a larger one nothing can be shown.
_LEAST_SHARE, _NEARLY_ALL = 0.01, 0.95


@dataclass(frozen=True, slots=True)
class Scrambled:
    """Shares by PID, of streams with scrambled packets."""

    shares: Mapping[int, float] = field(default_factory=dict)

    @property
    def streams(self) -> frozenset[int]:
        """The streams of which nearly nothing is clear."""
        return frozenset(pid for pid, share in self.shares.items() if share >= _NEARLY_ALL)

    def notes(self, picture: int, sounds: Sequence[int]) -> list[str]:
        notes = list[str]()
        if share := self.shares.get(picture):
            notes.append(f"About {_percent(share)}% of its picture is encrypted and not shown.")
        if share := max((self.shares.get(sound, 0) for sound in sounds), default=0):
            notes.append(f"About {_percent(share)}% of its sound is encrypted and not heard.")
        return notes

    def damaging(self, timeline: Timeline, picture: int) -> Timeline:
        """Count what is scrambled as damage: no decoder sees it, so none reports it."""
        lost = round(self.shares.get(picture, 0) * len(timeline.ticks))
        return replace(timeline, damaged=timeline.damaged + lost)


@dataclass(slots=True)
class ScrambledCount:
    """Counts packets by PID, estimated from samples."""

    all: Counter[int] = field(default_factory=Counter)
    scrambled: Counter[int] = field(default_factory=Counter)

    def add(self, packets: Iterable[bytes], *, weight: float) -> None:
        """Count a sample that stands for `weight` times as much of the file."""
        counted, scrambled = Counter[int](), Counter[int]()
        # Some recorders descramble and leave the flag; the first bytes of a PES packet show it.
        is_scrambled = dict[int, bool]()
        for packet in packets:
            if not packet[3] & _HAS_PAYLOAD:
                continue
            pid, is_flagged = int.from_bytes(packet[1:3]) & 0x1FFF, bool(packet[3] & _SCRAMBLED)
            if packet[1] & _BEGINS:
                begin = _HEADER + (1 + packet[4] if packet[3] & _HAS_FIELD else 0)
                is_scrambled[pid] = not packet.startswith(_START, begin)
            if pid in is_scrambled:
                counted[pid] += 1
                scrambled[pid] += is_flagged and is_scrambled[pid]
        for total, sample in ((self.all, counted), (self.scrambled, scrambled)):
            for pid, count in sample.items():
                total[pid] += round(count * weight)

    @property
    def result(self) -> Scrambled:
        shares = {pid: count / self.all[pid] for pid, count in self.scrambled.items() if count}
        return Scrambled({pid: share for pid, share in shares.items() if share >= _LEAST_SHARE})


def _percent(share: float) -> int:
    return max(1, round(share * 100))
