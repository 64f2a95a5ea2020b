"""Begin, end and gaps of an audio track, by its packets."""

from dataclasses import dataclass, field, replace
from fractions import Fraction

from av.audio.codeccontext import AudioCodecContext
from av.codec.context import CodecContext

from chalicelib.encoding.plan import SoundTimes

# The encode fills longer gaps with silence. Shorter ones add up to a gap, unless they are the
# rounding of a clock.
GAP_SECONDS, ROUNDING_SECONDS = Fraction(1, 50), Fraction(1, 200)
_MOST_GAPS = 100
_PCM, _LIKELY = "pcm_", Fraction(3, 4)
# Header of Opus: the samples at the beginning that are not to be heard, at 48 kHz.
_OPUS, _SKIPPED_AT, _OPUS_RATE = b"OpusHead", slice(10, 12), 48_000


def by_codec(times: SoundTimes, codec: CodecContext, count: int, size: int) -> SoundTimes:
    """Add what the codec says of so many packets of this size in all."""
    return _with_lasting(_without_skipped(times, codec.extradata), codec, count, size)


def _with_lasting(times: SoundTimes, codec: CodecContext, count: int, size: int) -> SoundTimes:
    by_size = codec.bit_rate if codec.codec.canonical_name.startswith(_PCM) else 0
    if by_size:
        lasting = Fraction(size * 8, by_size)
    elif isinstance(codec, AudioCodecContext) and codec.sample_rate:
        lasting = Fraction(count * codec.frame_size, codec.sample_rate)
    else:
        return times
    # Headers may count frames otherwise than decoders do, by a factor of two.
    timed = times.ends - times.begins - times.missing
    return replace(times, lasting=lasting) if timed * _LIKELY <= lasting <= timed else times


def _without_skipped(times: SoundTimes, header: bytes | None) -> SoundTimes:
    """Move the begin behind what players skip, if that is longer than a gap."""
    if not (header or b"").startswith(_OPUS):
        return times
    skipped = Fraction(int.from_bytes((header or b"")[_SKIPPED_AT], "little"), _OPUS_RATE)
    is_long = skipped > GAP_SECONDS
    return replace(times, begins=min(times.begins + skipped, times.ends)) if is_long else times


@dataclass(slots=True)
class Packets:
    """Adds up the packets of one track, in ticks of its clock."""

    tick: Fraction
    # Smaller gaps are rounding.
    smallest: Fraction = GAP_SECONDS
    # Sum of gaps that are too short to be filled one by one.
    unfilled_ticks: int = 0
    count: int = 0
    begins: int | None = None
    ends: int = 0
    missing: int = 0
    gaps: list[tuple[int, int]] = field(default_factory=list)
    # Begin of the newest packet with a time, those after it, and the distance of those before it:
    # not every container stores the duration of a packet.
    newest: int = 0
    untimed: int = 0
    packet_distance: int = 0
    # A track has a hundred thousand packets, and integers compare faster than fractions.
    _smallest_ticks: int = field(init=False)
    _filled_ticks: int = field(init=False)

    def __post_init__(self) -> None:
        self._smallest_ticks = self.smallest // self.tick
        self._filled_ticks = GAP_SECONDS // self.tick

    def add(self, begin: int | None, ticks: int) -> None:
        """Add a packet; one without a time begins where the last one ended."""
        self.count += 1
        if begin is None:
            self.untimed += 1
            self.ends += ticks or self.packet_distance
            return
        if self.begins is None:
            self.begins = self.ends = self.newest = begin
        distance = (begin - self.newest) // (1 + self.untimed)
        if self.ends == self.newest < begin:
            # The packet before has no duration.
            self.packet_distance, self.ends = distance, begin
        gap = begin - self.ends
        if abs(gap) > self._smallest_ticks:
            self.unfilled_ticks = max(0, self.unfilled_ticks + gap)
        if self.unfilled_ticks > self._filled_ticks:
            self.missing += self.unfilled_ticks
            if len(self.gaps) < _MOST_GAPS:
                self.gaps.append((begin - self.unfilled_ticks, begin))
            self.unfilled_ticks = 0
        elif not ticks:
            self.packet_distance = distance or self.packet_distance
        self.newest, self.untimed = begin, 0
        self.ends = max(self.ends, begin + (ticks or self.packet_distance))

    @property
    def times(self) -> SoundTimes | None:
        if self.begins is None:
            return None
        begins, ends, missing = (
            each * self.tick for each in (self.begins, self.ends, self.missing)
        )
        gaps = tuple((begin * self.tick, end * self.tick) for begin, end in self.gaps)
        return SoundTimes(begins, ends, missing, gaps, packets=self.count)
