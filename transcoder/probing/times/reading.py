"""Picture and sound times of a source, collected packet by packet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from transcoder.probing.damage.losses import Losses
from transcoder.probing.files.promises import MICROSECONDS
from transcoder.probing.model import Question
from transcoder.probing.sounds.sound_reading import SoundReading
from transcoder.probing.times.clock_correction import ClockCorrection
from transcoder.probing.times.clocks import RESTARTING
from transcoder.probing.times.corrections import Corrections
from transcoder.probing.times.packet_order import HiddenPictures, PacketOrder
from transcoder.probing.times.picture_times import PictureTimes
from transcoder.probing.times.right_times import RightTimes

# In this demuxer, packets that an edit list hides have negative times. FFmpeg drops them, but in
# fragmented files only those of sound.
_HIDES_BELOW_ZERO = "mov"


@dataclass(slots=True)
class Reading:
    """Passes each packet of the chosen streams to what collects its times, and looks for losses."""

    pictures: PictureTimes
    sounds: SoundReading
    losses: Losses
    order: PacketOrder
    # None in the first pass, before `clock_of`.
    correction: ClockCorrection | None
    hides_below_zero: bool
    right_times: RightTimes
    hidden: HiddenPictures = field(default_factory=HiddenPictures)
    end_byte: int = 0

    @classmethod
    def of(
        cls,
        container: InputContainer,
        stream: VideoStream,
        sounds: Iterable[Stream],
        question: Question,
        corrections: Corrections,
    ) -> "Reading":
        losses, clock = Losses(stream, question, corrections.follows_index), corrections.clock
        restarts, is_corrected = container.format.name in RESTARTING, clock is not None
        is_late = corrections.is_late
        declared_end = Fraction(container.duration or 0, MICROSECONDS)
        return cls(
            PictureTimes(
                stream, question, losses, restarts, keeps_keys=is_corrected, is_late=is_late
            ),
            SoundReading(sounds, restarts, declared_end),
            losses,
            PacketOrder(stream.index, restarts, is_corrected, corrections.has_fragments),
            None if clock is None else ClockCorrection(clock),
            hides_below_zero=container.format.name == _HIDES_BELOW_ZERO,
            right_times=RightTimes.of(corrections.below_zero),
        )

    def see(self, packet: "Packet[Stream]") -> None:
        self.right_times.correct(packet)
        is_picture = packet.stream_index == self.order.picture
        self.end_byte = max(self.end_byte, (packet.pos or 0) + packet.size)
        if self.correction and is_picture and self.correction.is_undecodable(packet):
            return
        self.losses.see(packet, is_picture=is_picture)
        clock_shift = self.correction.shift(packet) if self.correction else 0
        if clock_shift is not None:
            self.losses.holes.see(packet, clock_shift)
        is_hidden = packet.is_discard or self._ends_below_zero(packet)
        if is_hidden and is_picture and packet.dts is not None:
            self.hidden.see(packet, packet.dts, self.order, self.pictures.newest_byte)
        elif not is_hidden and clock_shift is not None:
            self.order.require(packet, clock_shift)
        if is_picture:
            self.pictures.see(packet, clock_shift, is_hidden=is_hidden)
        elif not is_hidden:
            self.sounds.see(packet, clock_shift)

    def _ends_below_zero(self, packet: "Packet[Stream]") -> bool:
        end = (packet.pts or 0) + (packet.duration or 0)
        return self.hides_below_zero and (packet.pts or 0) < 0 and end <= 0
