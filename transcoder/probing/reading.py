"""Picture and sound times of a source, collected packet by packet."""

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from math import floor

from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from chalicelib.encoding.failures import Reason
from chalicelib.encoding.plan import SoundTimes
from transcoder.errors import Refused
from transcoder.probing.clocks import BACKWARDS_SECONDS, FORWARDS_SECONDS, Corrected
from transcoder.probing.h264 import HEAD_BYTES
from transcoder.probing.holes import Holes
from transcoder.probing.missing_references import MissingReferences
from transcoder.probing.model import Question
from transcoder.probing.ogg import LostPages
from transcoder.probing.overlaps import HEVC, OpenPictures, Overlaps
from transcoder.probing.placeholders import no_picture
from transcoder.probing.ranges import content, reader_of
from transcoder.probing.refreshes import Refreshes
from transcoder.probing.sample_rates import HEADER_BYTES, SampleRates
from transcoder.probing.scrambled import ScrambledGaps
from transcoder.probing.shapes import Shapes
from transcoder.probing.sounds import GAP_SECONDS, ROUNDING_SECONDS, Packets
from transcoder.probing.zeros import Zeros
from transcoder.refusals import too_long
from transcoder.sandbox.memory import MOST_PICTURES

# Its times are the numbers of its packets.
COUNTING = "avi"
_HAS_PROGRAMS, _LISTS_PACKETS = "mpegts", "mov"
_WRAPPED_SECONDS = 2**32 // 1000 // 2


class ClockJumps(Exception):
    """The times of the source need corrections."""


@dataclass(slots=True)
class Reading:
    """Collects the times of the chosen streams."""

    stream: VideoStream
    question: Question
    restarts: bool
    # None in the first pass, before `clock_of`.
    corrected: Corrected | None = None
    ticks: "array[int]" = field(default_factory=lambda: array("q"))
    last_ticks: dict[int, int] = field(default_factory=dict)
    keys: list[tuple[int, int]] = field(default_factory=list)
    first_key: int | None = None
    shapes: Shapes = field(init=False)
    newest: int | None = None
    overlaps: Overlaps = field(default_factory=Overlaps)
    # Decode time of the last packet of each stream, and of the last one that an edit list hides.
    decoded: dict[int, int] = field(default_factory=dict)
    hidden: int | None = None
    is_ordered: bool = True
    end_byte: int = 0
    newest_position: int = 0
    picture_byte: int = 0
    hidden_pictures: int = 0
    # Times of hidden pictures that are stored after a shown picture but decoded before it.
    skipped: "array[int]" = field(default_factory=lambda: array("q"))
    # Times of hidden pictures that the decoder delivers nevertheless.
    early: "array[int]" = field(default_factory=lambda: array("q"))
    hides_below_zero: bool = False
    sounds: dict[int, Packets] = field(default_factory=dict)
    rates: dict[int, SampleRates] = field(default_factory=dict)
    # Declared end of the file in seconds; 0 if unknown.
    declared_end: Fraction = Fraction(0)
    untimed: int = 0
    # Pictures without a time, after the first one in a PES packet.
    unsaid: int = 0
    # Pictures before the first that has a time.
    timeless: int = 0
    lasting: int = 0
    is_none: Callable[[bytes], bool] | None = None
    # None if the codec is another one.
    open_pictures: OpenPictures | None = field(init=False)
    zeros: Zeros = field(init=False)
    holes: Holes = field(init=False)
    references: MissingReferences = field(init=False)
    refreshes: Refreshes = field(init=False)
    pages: LostPages | None = field(init=False)
    # None unless it is a transport stream.
    scrambled: ScrambledGaps | None = None
    follows_index: bool = False
    # All pictures with content, also those without a time.
    stored: int = 0

    def __post_init__(self) -> None:
        self.shapes = Shapes(self.stream)
        context = self.stream.codec_context
        codec = context.codec.canonical_name
        self.open_pictures = OpenPictures.of(self.stream) if codec == HEVC else None
        is_skipped = self.open_pictures and self.open_pictures.is_skipped
        self.is_none = is_skipped or no_picture(self.stream)
        self.zeros = Zeros(codec)
        self.references = MissingReferences.of(codec, context.extradata or b"")
        self.refreshes = Refreshes(self.references.headers)
        read = partial(content, self.question.url)
        container = self.stream.container.format.name
        is_listed = container.startswith(_LISTS_PACKETS) or self.follows_index
        file = reader_of(self.question.url)
        self.holes = Holes(file, examines_gaps=not is_listed, counts=container == COUNTING)
        self.pages = LostPages.of(container, codec, read)
        if container == _HAS_PROGRAMS:
            self.scrambled = ScrambledGaps(file, self.question.size)

    def listen_to(self, sounds: Iterable[Stream]) -> None:
        # In these containers several audio frames share one time, and libavformat guesses the rest.
        smallest = GAP_SECONDS if self.restarts else ROUNDING_SECONDS
        for each in sounds:
            self.sounds[each.index] = Packets(each.time_base or Fraction(1), smallest)
            if self.restarts:
                name = each.codec_context.codec.canonical_name
                self.rates[each.index] = SampleRates(name)

    def see(self, packet: "Packet[Stream]") -> None:
        is_picture = packet.stream_index == self.stream.index
        self.stored += is_picture
        self.end_byte = max(self.end_byte, (packet.pos or 0) + packet.size)
        if self.corrected and is_picture and self.corrected.is_undecodable(packet):
            return
        self._look_for_losses(packet, is_picture=is_picture)
        later = self.corrected.later(packet) if self.corrected else 0
        if later is not None:
            self.holes.see(packet, later)
        is_hidden = packet.is_discard or self._ends_below_zero(packet)
        if is_hidden:
            self._see_hidden(packet)
        elif later is not None:
            self._require_order(packet, later)
        if is_picture:
            self._see_picture(packet, later, is_hidden=is_hidden)
        elif not is_hidden:
            is_timed = packet.pts is not None and later is not None
            begin = (packet.pts or 0) + (later or 0) if is_timed else None
            self.sounds[packet.stream_index].add(begin, self._lasting(packet, begin))
            if rates := self.rates.get(packet.stream_index):
                rates.see(bytes(memoryview(packet)[:HEADER_BYTES]))

    def _ends_below_zero(self, packet: "Packet[Stream]") -> bool:
        end = (packet.pts or 0) + (packet.duration or 0)
        return self.hides_below_zero and (packet.pts or 0) < 0 and end <= 0

    def _lasting(self, packet: "Packet[Stream]", begin: int | None) -> int:
        """Duration of an audio packet; the last one ends at the declared end of the file."""
        ticks = packet.duration or 0
        if begin is None or not packet.time_base:
            return ticks
        left = floor(self.declared_end / packet.time_base) - begin
        return left if 0 < left < ticks else ticks

    def _see_picture(self, packet: "Packet[Stream]", later: int | None, *, is_hidden: bool) -> None:
        is_none = self._has_no_picture(packet)
        time = packet.dts if packet.pts is None else packet.pts
        if later is None or time is None:
            self.untimed += later is None
            if not is_none:
                self._see_unsaid(packet)
            return
        time += later
        self._see_key(packet, time)
        # Hidden key pictures count above: shown pictures may refer to them.
        if packet.is_discard or is_none:
            return
        if is_hidden:
            self.early.append(time)
            require_countable(len(self.early))
            return
        self.newest_position = max(self.newest_position, packet.pos or 0)
        self.picture_byte = max(self.picture_byte, packet.pos or 0)
        decoded = packet.dts if self.restarts else None
        if decoded is None or not self.overlaps.has(decoded + later, time, self.newest):
            self._display(packet, time)

    def _has_no_picture(self, packet: "Packet[Stream]") -> bool:
        is_none = self.is_none is not None and self.is_none(bytes(packet))
        if is_none and self.open_pictures and not packet.is_discard:
            self.open_pictures.leave_out()
        return is_none

    def _see_key(self, packet: "Packet[Stream]", time: int) -> None:
        if packet.is_keyframe:
            self.first_key = time if self.first_key is None else self.first_key
            self.shapes.see(packet, time)
            if self.corrected:
                self.keys.append((packet.pos or 0, time))
        if self.first_key is not None and self.open_pictures and self.open_pictures.is_whole:
            self.first_key = min(self.first_key, time)

    def _look_for_losses(self, packet: "Packet[Stream]", *, is_picture: bool) -> None:
        if self.scrambled:
            self.scrambled.see(packet)
        if not is_picture:
            return
        self.references.see(packet)
        self.refreshes.see(
            is_key=packet.is_keyframe, head=lambda: bytes(memoryview(packet)[:HEAD_BYTES])
        )
        if self.pages:
            self.pages.see(packet)

    def _display(self, packet: "Packet[Stream]", time: int) -> None:
        self.ticks.append(time)
        self.references.display(time)
        self.zeros.see(packet)
        self.holes.see_picture(packet, time, self.zeros.codec)
        require_countable(len(self.ticks))
        if self.newest is None or time > self.newest:
            self.newest = time
            self.last_ticks = {time: packet.duration or 0}
        require_short((self.newest - self.ticks[0]) * packet.time_base, self.question)

    def _see_unsaid(self, packet: "Packet[Stream]") -> None:
        is_timeless = packet.pts is None and packet.dts is None
        self.timeless += is_timeless and not self.ticks
        if is_timeless and self.first_key is not None:
            self.unsaid += 1
            self.lasting = packet.duration or self.lasting
            require_countable(len(self.ticks) + self.unsaid)

    def heard(self) -> Iterator[SoundTimes | None]:
        for index, packets_of in self.sounds.items():
            rates, times = self.rates.get(index), packets_of.times
            yield replace(times, changes_rate=True) if times and rates and rates.changes else times

    @property
    def missing_seconds(self) -> Fraction:
        """Duration of the missing pages of an Ogg."""
        return (self.pages.count if self.pages else 0) * (self.stream.time_base or Fraction(0))

    @property
    def damaged(self) -> int:
        """Damaged pictures; those that are missing count by their share of all."""
        time_base, count = self.stream.time_base or Fraction(1), len(self.ticks)
        lasting = (max(self.ticks, default=0) - min(self.ticks, default=0) + 1) * time_base
        missing = self.missing_seconds
        return self.zeros.count + round(count * missing / max(lasting, missing, time_base))

    @property
    def has_sparse_times(self) -> bool:
        return self.restarts and self.lasting > 0 and self.unsaid > len(self.ticks)

    def _see_hidden(self, packet: "Packet[Stream]") -> None:
        """Hidden packets are the references of the shown ones; some come a second time."""
        if packet.stream_index != self.stream.index or packet.dts is None:
            return
        # A packet that an edit list repeats is not another picture.
        is_another = (packet.pos or 0) > self.newest_position
        self.hidden_pictures += is_another
        newest = self.decoded.get(packet.stream_index)
        if is_another and newest is not None and packet.dts <= newest:
            self.skipped.append(packet.dts if packet.pts is None else packet.pts)
        self.newest_position = max(self.newest_position, packet.pos or 0)
        before = self.decoded.get(packet.stream_index) if self.hidden is None else self.hidden
        self.is_ordered = self.is_ordered and (before is None or packet.dts >= before)
        self.hidden = packet.dts

    def _require_order(self, packet: "Packet[Stream]", later: int) -> None:
        """Raise an error if times jump: FFmpeg would mix the pictures before and after it."""
        if packet.dts is None:
            return
        now, self.hidden = packet.dts + later, None
        ahead = (now - self.decoded.get(packet.stream_index, now)) * packet.time_base
        self.decoded[packet.stream_index] = now
        is_sound = packet.stream_index != self.stream.index
        # Overlapping sound is cut later.
        if is_sound and self.corrected:
            return
        if ahead < -BACKWARDS_SECONDS:
            if self.corrected is None:
                raise ClockJumps
            raise Refused(Reason.CORRUPT, "Its clock jumps backwards.")
        apart = 0 if packet.pts is None else abs(packet.pts - packet.dts) * packet.time_base
        # libavformat adds 2^32 ms if the clock of an FLV starts again.
        most = FORWARDS_SECONDS if self.restarts else _WRAPPED_SECONDS
        is_odd = max(ahead, apart) > most
        if is_odd and self.corrected is None:
            raise ClockJumps


def require_countable(pictures: int) -> None:
    if pictures > MOST_PICTURES:
        raise Refused(Reason.TOO_MUCH_MEMORY, "It holds more pictures than are counted.")


def require_short(seconds: Fraction, question: Question) -> None:
    if seconds > question.most_seconds:
        raise too_long(question.most_seconds)
