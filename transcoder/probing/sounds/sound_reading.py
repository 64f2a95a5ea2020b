"""Sound times of a source, collected packet by packet for all chosen tracks."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import floor

from av.packet import Packet
from av.stream import Stream

from chalicelib.encoding.plan import SoundTimes
from transcoder.probing.sounds.frame_times import FrameTimes
from transcoder.probing.sounds.gaps import GAP_SECONDS, ROUNDING_SECONDS, Packets, by_codec
from transcoder.probing.sounds.long_packets import LongPackets
from transcoder.probing.sounds.sample_rates import HEADER_BYTES, SampleRates
from transcoder.probing.sounds.trimmed import trimmed_seconds


@dataclass(slots=True)
class SoundReading:
    sounds: Iterable[Stream]
    restarts: bool
    # Declared end of the file in seconds; 0 if unknown.
    declared_end: Fraction
    _tracks: dict[int, Packets] = field(default_factory=dict)
    # The declared end in ticks.
    _ends: dict[int, int] = field(default_factory=dict)
    _rates: dict[int, SampleRates] = field(default_factory=dict)
    _long: dict[int, LongPackets] = field(default_factory=dict)
    _bytes: Counter[int] = field(default_factory=Counter)
    # Of tracks whose container may count bytes instead of time.
    _frames: dict[int, FrameTimes] = field(default_factory=dict)
    # For each track, what players trim at its begin.
    _trimmed: dict[int, Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # In these containers several audio frames share one time, and libavformat guesses the rest.
        smallest = GAP_SECONDS if self.restarts else ROUNDING_SECONDS
        for each in self.sounds:
            tick = each.time_base or Fraction(1)
            self._tracks[each.index] = Packets(tick, smallest)
            name = each.codec_context.codec.canonical_name
            self._long[each.index] = LongPackets(tick, name)
            self._ends[each.index] = floor(self.declared_end / tick)
            if self.restarts:
                self._rates[each.index] = SampleRates(name)
            if frames := FrameTimes.of(each):
                self._frames[each.index] = frames

    def see(self, packet: "Packet[Stream]", clock_shift: int | None) -> None:
        begin = None
        if packet.pts is not None and clock_shift is not None:
            begin = packet.pts + clock_shift
        self._bytes[packet.stream_index] += packet.size
        if packet.stream_index not in self._trimmed:
            self._trimmed[packet.stream_index] = trimmed_seconds(packet)
        self._tracks[packet.stream_index].add(begin, self._ticks(packet, begin))
        if frames := self._frames.get(packet.stream_index):
            frames.see(packet)
        if rates := self._rates.get(packet.stream_index):
            rates.see(bytes(memoryview(packet)[:HEADER_BYTES]))

    def _ticks(self, packet: "Packet[Stream]", begin: int | None) -> int:
        """Duration of an audio packet; the last one ends at the declared end of the file."""
        ticks = self._long[packet.stream_index].lasting(packet.duration or 0, packet.size)
        if begin is None:
            return ticks
        left = self._ends[packet.stream_index] - begin
        return left if 0 < left < ticks else ticks

    def times(self) -> Iterator[SoundTimes | None]:
        for (index, track), sound in zip(self._tracks.items(), self.sounds, strict=True):
            rates, frames = self._rates.get(index), self._frames.get(index)
            if (times := track.times) and frames and frames.are_wrong:
                times = frames.right(times)
            elif times:
                times = by_codec(times, sound.codec_context, track.count, self._bytes[index])
                begins = track.tick * (track.begins or 0) + self._trimmed.get(index, Fraction(0))
                times = replace(times, begins=min(max(times.begins, begins), times.ends))
            yield replace(times, changes_rate=True) if times and rates and rates.changes else times
