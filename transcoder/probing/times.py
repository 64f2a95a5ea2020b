"""When each picture is shown: from the index if that proves it, else from every packet."""

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, pairwise

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from chalicelib.transcoding.model import Reason
from transcoder.probing.fields import Fields
from transcoder.probing.model import Question, Timeline
from transcoder.probing.opening import packets
from transcoder.probing.placeholders import CODEC, LARGEST_BYTES, Placeholders
from transcoder.refusal import Refused

_COMPARED = 250
_BACKWARDS_SECONDS = 1


def from_index(
    container: InputContainer,
    stream: VideoStream,
    sounds: Iterable[Stream],
    question: Question,
) -> Timeline | None:
    """Believe an index that is whole and even, and that the first packets agree with."""
    tick = stream.time_base
    entries = stream.index_entries
    if not tick or not stream.frames or stream.frames != len(entries):
        return None
    decoded = array("q")
    smallest = LARGEST_BYTES if stream.codec_context.codec.canonical_name == CODEC else -1
    for entry in entries:
        if entry.size <= smallest:
            return None
        if not entry.is_discard and entry.pos + entry.size <= question.size:
            decoded.append(entry.timestamp)
    if not decoded:
        raise Refused(Reason.CORRUPT)
    step = decoded[-1] - decoded[-2] if len(decoded) > 1 else 0
    if any(after - before != step for before, after in pairwise(decoded)):
        return None
    start = _first_of(container, stream, step, expected=min(_COMPARED, len(decoded)))
    if start is None:
        return None
    _require_short(len(decoded) * step * tick, question)
    return Timeline(
        tick=tick,
        ticks=array("q", (start + number * step for number in range(len(decoded)))),
        last_ticks=step or stream.duration or 0,
        sound_end=max(filter(None, map(_indexed_end, sounds)), default=None),
    )


def _first_of(
    container: InputContainer, stream: VideoStream, step: int, *, expected: int
) -> int | None:
    """Return the first time if the first packets are shown as evenly as they are decoded."""
    first = list(islice(packets(container, [stream]), expected))
    if not first or not first[0].is_keyframe or any(each.pts is None for each in first):
        return None
    is_none = _no_picture(stream)
    if is_none and any(is_none(bytes(each)) for each in first):
        return None
    shown = sorted(each.pts for each in first if each.pts is not None and not each.is_discard)
    # Those at the end of what was read are still being reordered.
    settled = shown[: max(1, len(shown) - 32)] if len(shown) == _COMPARED else shown
    is_even = all(after - before == step for before, after in pairwise(settled))
    return settled[0] if settled and is_even else None


def _no_picture(stream: VideoStream) -> Callable[[bytes], bool] | None:
    """Return what tells packets that show no picture of their own, if there may be any."""
    context = stream.codec_context
    if context.codec.canonical_name == CODEC:
        return Placeholders().is_one
    fields = Fields.of(context.codec.canonical_name, context.extradata or b"")
    return fields.is_second if fields else None


def _indexed_end(sound: Stream) -> Fraction | None:
    entries = sound.index_entries
    if not len(entries) or not sound.time_base or sound.frames <= 0:
        return None
    last = entries[len(entries) - 1].timestamp
    declared = (sound.start_time or 0) + (sound.duration or 0)
    # A header may promise anything; one packet is shorter than a second.
    end = min(max(last, declared), last + round(1 / sound.time_base))
    return end * sound.time_base


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
        self.is_none = _no_picture(self.stream)

    def see(self, packet: "Packet[Stream]") -> None:
        if packet.stream_index == self.stream.index:
            self._see_picture(packet)
        else:
            self._hear(packet)

    def _see_picture(self, packet: "Packet[Stream]") -> None:
        time = packet.dts if packet.pts is None else packet.pts
        if time is None or packet.is_discard:
            return
        if self.is_none and self.is_none(bytes(packet)):
            return
        if packet.is_keyframe and self.first_key is None:
            self.first_key = time
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
            _require_short((self.newest - self.ticks[0]) * packet.time_base, self.question)

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


def _require_short(seconds: Fraction, question: Question) -> None:
    if seconds > question.most_seconds:
        raise Refused(Reason.TOO_LONG)
