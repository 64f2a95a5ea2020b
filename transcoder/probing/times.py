"""When each picture is shown, by every packet of the source."""

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from chalicelib.transcoding.model import Reason
from transcoder.probing.fields import Fields
from transcoder.probing.model import Question, Timeline
from transcoder.probing.opening import packets
from transcoder.probing.placeholders import CODEC, Placeholders
from transcoder.refusal import Refused

_BACKWARDS_SECONDS = 1


def no_picture(stream: VideoStream) -> Callable[[bytes], bool] | None:
    """Return what tells packets that show no picture of their own, if there may be any."""
    context = stream.codec_context
    if context.codec.canonical_name == CODEC:
        return Placeholders().is_one
    fields = Fields.of(context.codec.canonical_name, context.extradata or b"")
    return fields.is_second if fields else None


@dataclass(slots=True)
class _Reading:
    """What has been seen so far of the streams that matter."""

    stream: VideoStream
    question: Question
    ticks: "array[int]" = field(default_factory=lambda: array("q"))
    last_ticks: dict[int, int] = field(default_factory=dict)
    first_key: int | None = None
    newest: int | None = None
    decoded: int | None = None
    sound_end: Fraction | None = None
    is_none: Callable[[bytes], bool] | None = None

    def __post_init__(self) -> None:
        self.is_none = no_picture(self.stream)

    def see(self, packet: "Packet[Stream]") -> None:
        if packet.stream_index == self.stream.index:
            self._see_picture(packet)
        else:
            self._hear(packet)

    def _see_picture(self, packet: "Packet[Stream]") -> None:
        time = packet.dts if packet.pts is None else packet.pts
        if time is None:
            return
        if packet.is_keyframe and self.first_key is None:
            self.first_key = time
        # What an edit list hides is decoded, for what is shown may refer to it.
        if packet.is_discard or (self.is_none and self.is_none(bytes(packet))):
            return
        self.ticks.append(time)
        if self.newest is None or time > self.newest:
            self.newest = time
            self.last_ticks = {time: packet.duration or 0}
        self._require_order(packet)

    def _require_order(self, packet: "Packet[Stream]") -> None:
        """A clock that starts again would mix two films; FFmpeg would show neither rightly."""
        if packet.dts is not None:
            if self.decoded is not None:
                behind = (self.decoded - packet.dts) * packet.time_base
                if behind > _BACKWARDS_SECONDS:
                    raise Refused(Reason.CORRUPT, "Its clock jumps backwards.")
            self.decoded = packet.dts
        if self.newest is not None:
            require_short((self.newest - self.ticks[0]) * packet.time_base, self.question)

    def _hear(self, packet: "Packet[Stream]") -> None:
        if packet.pts is not None:
            end = (packet.pts + (packet.duration or 0)) * packet.time_base
            self.sound_end = end if self.sound_end is None else max(self.sound_end, end)


def from_packets(
    container: InputContainer,
    stream: VideoStream,
    sounds: Iterable[Stream],
    question: Question,
) -> tuple[Timeline, list[str]]:
    """Read the whole source without decoding it."""
    reading, notes = _Reading(stream, question), list[str]()
    try:
        for packet in packets(container, [stream, *sounds]):
            reading.see(packet)
    except (av.InvalidDataError, av.EOFError):
        notes.append("The file breaks off or is damaged; what lies before is kept.")
    first = reading.first_key
    # What is shown before the first key picture refers to pictures that are not in the file.
    shown = sorted({time for time in reading.ticks if first is None or time >= first})
    if not shown or not stream.time_base:
        raise Refused(Reason.NO_FRAMES)
    if len(shown) < len(reading.ticks):
        notes.append(f"{len(reading.ticks) - len(shown)} pictures cannot be shown in their place.")
    timeline = Timeline(
        tick=stream.time_base,
        ticks=array("q", shown),
        last_ticks=reading.last_ticks.get(shown[-1], 0),
        sound_end=reading.sound_end,
    )
    return timeline, notes


def from_count(
    container: InputContainer, stream: VideoStream, rate: Fraction, question: Question
) -> tuple[Timeline, list[str]]:
    """Count the pictures, from the first one that can be decoded on."""
    is_none, count = no_picture(stream), 0
    for packet in packets(container, [stream]):
        if (count or packet.is_keyframe) and not (is_none and is_none(bytes(packet))):
            count += 1
            require_short(count / rate, question)
    if not count:
        raise Refused(Reason.NO_FRAMES)
    return Timeline(tick=1 / rate, ticks=array("q", range(count)), last_ticks=1), []


def require_short(seconds: Fraction, question: Question) -> None:
    if seconds > question.most_seconds:
        raise Refused(Reason.TOO_LONG)
