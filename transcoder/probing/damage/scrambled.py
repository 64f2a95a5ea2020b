"""The share of each stream of a transport stream that is scrambled, and the damage it makes."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from heapq import heappop, heappush

from av.packet import Packet
from av.stream import Stream

from chalicelib.encoding.failures import Finding
from chalicelib.encoding.plan import SoundTimes
from transcoder.probing.formats import transport
from transcoder.probing.formats.h264 import START_CODE
from transcoder.probing.model import Timeline

_SCRAMBLED = 0x80
# In the header of a PES packet whose contents alone are scrambled.
_FLAGS = range(0x90, 0xC0)
# Smaller shares may be flipped bits; of a larger one nothing can be shown.
_NONE, _LEAST_SHARE, _NEARLY_ALL = Fraction(0), Fraction(1, 100), Fraction(95, 100)
# Gaps between packets that are not shorter are examined: the beginning of each of the largest.
_LEAST_TICKS, _MOST_GAPS, _MOST_BYTES = 9_000, 100, 1024**2


@dataclass(frozen=True, slots=True)
class Scrambled:
    """Shares by PID, of streams with scrambled packets."""

    shares: Mapping[int, Fraction] = field(default_factory=dict)

    @property
    def encryptions(self) -> Mapping[int, Finding]:
        """The encryption by PID, of streams of which nearly nothing is clear."""
        whole = (pid for pid, share in self.shares.items() if share >= _NEARLY_ALL)
        return dict.fromkeys(whole, Finding.SCRAMBLED)

    def notes(self, picture: int, sounds: Sequence[int]) -> list[str]:
        notes = list[str]()
        if share := self.shares.get(picture):
            notes.append(f"About {_percent(share)}% of its picture is encrypted and not shown.")
        if share := max((self.shares.get(sound, _NONE) for sound in sounds), default=_NONE):
            notes.append(f"About {_percent(share)}% of its sound is encrypted and not heard.")
        return notes

    def with_gaps_of(self, timeline: Timeline) -> "Scrambled":
        """Samples of a large file may have missed a part of these gaps."""
        gaps = dict(timeline.scrambled)
        return Scrambled(
            {
                pid: max(self.shares.get(pid, _NONE), gaps.get(pid, _NONE))
                for pid in {*self.shares, *gaps}
            }
        )

    def damaging(self, timeline: Timeline, picture: int, sounds: Sequence[int]) -> Timeline:
        """Count what is scrambled as damage: no decoder sees it, so none reports it."""
        lost = round(self.shares.get(picture, 0) * len(timeline.ticks))
        heard = zip(timeline.sounds, sounds, strict=False)
        return replace(
            timeline,
            damaged=timeline.damaged + lost,
            sounds=tuple(times and self._damaging(times, sound) for times, sound in heard),
        )

    def _damaging(self, times: SoundTimes, sound: int) -> SoundTimes:
        return replace(times, scrambled=self.shares.get(sound, _NONE))


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
            pid = transport.pid_of(packet)
            if transport.begins(packet):
                is_scrambled[pid] = not transport.payload(packet).startswith(START_CODE)
            if pid in is_scrambled:
                counted[pid] += 1
                scrambled[pid] += bool(packet[3] & _SCRAMBLED) and is_scrambled[pid]
        for total, sample in ((self.all, counted), (self.scrambled, scrambled)):
            for pid, count in sample.items():
                total[pid] += round(count * weight)

    @property
    def result(self) -> Scrambled:
        counts = {pid: count for pid, count in self.scrambled.items() if count}
        shares = {pid: Fraction(count, self.all[pid]) for pid, count in counts.items()}
        return Scrambled({pid: share for pid, share in shares.items() if share >= _LEAST_SHARE})


@dataclass(slots=True)
class ScrambledGaps:
    """Looks for gaps of each stream that are scrambled, packet by packet.

    They count by their bytes, since a clock may jump there.
    """

    read: Callable[[int, int], bytes]
    size: int
    # Size, begin and PID of the largest gaps, the smallest of them first.
    _largest: list[tuple[int, int, int]] = field(default_factory=list)
    # Position and end of the newest packet of each stream.
    _newest: dict[int, tuple[int, int]] = field(default_factory=dict)

    def see(self, packet: "Packet[Stream]") -> None:
        if packet.dts is None:
            return
        number = packet.stream.id
        begin, end = self._newest.get(number, (packet.pos or 0, packet.dts))
        # Without a position it is in the same PES packet as the one before.
        position = max(begin, packet.pos or 0)
        if abs(packet.dts - end) >= _LEAST_TICKS and position > begin:
            heappush(self._largest, (position - begin, begin, number))
            if len(self._largest) > _MOST_GAPS:
                heappop(self._largest)
        self._newest[number] = position, packet.dts + (packet.duration or 0)

    def shares(self) -> dict[int, Fraction]:
        """Read these gaps; return the share of the file in scrambled ones, by PID."""
        scrambled = Counter[int]()
        for size, begin, number in self._largest:
            if self._is_scrambled(number, begin, size):
                scrambled[number] += size
        return {number: Fraction(size, self.size) for number, size in scrambled.items()}

    def _is_scrambled(self, number: int, begin: int, size: int) -> bool:
        packets = list(transport.packets(self.read(begin, min(size, _MOST_BYTES))))
        count = ScrambledCount()
        count.add(packets, weight=1)
        begun = [packet for packet in packets if _begins(packet, number)]
        # Of the first one, a packet came.
        return number in count.result.shares or any(map(_is_flagged_pes, begun[1:]))


def _begins(packet: bytes, number: int) -> bool:
    return transport.begins(packet) and transport.pid_of(packet) == number


def _is_flagged_pes(packet: bytes) -> bool:
    header = transport.payload(packet)
    return header.startswith(START_CODE) and any(flags in _FLAGS for flags in header[6:7])


def _percent(share: Fraction) -> int:
    return max(1, round(share * 100))
