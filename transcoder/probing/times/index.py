"""Picture times from the index of the source, if packets confirm it."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice, pairwise

from av.container import InputContainer
from av.index import IndexEntry
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from chalicelib.encoding.failures import Reason
from chalicelib.encoding.plan import SoundTimes
from transcoder.errors import Refused
from transcoder.probing.damage.empty_samples import empty_samples
from transcoder.probing.damage.holes import COUNTING, zeroed
from transcoder.probing.files.opening import packets
from transcoder.probing.formats.ranges import reader_of
from transcoder.probing.model import Question, Timeline
from transcoder.probing.pictures.leading import LeadingPictures
from transcoder.probing.pictures.overlaps import HEVC, is_reduced
from transcoder.probing.pictures.placeholders import CODEC, LARGEST_BYTES, no_picture
from transcoder.probing.sounds.frame_times import may_count_bytes
from transcoder.probing.sounds.gaps import Packets, by_codec

_COMPARED = 250
# If the declared duration exceeds that of the pictures by more, the last one may be long.
_LONG_SECONDS = 1
# How many headers of an AVI are compared, and the bytes of one with the number of its stream.
_SAMPLES, _HEAD_BYTES = 32, 4


def from_index(
    container: InputContainer,
    stream: VideoStream,
    sounds: Sequence[Stream],
    question: Question,
    *,
    is_late: bool,
) -> Timeline | None:
    """Accept a complete, even index that agrees with the first packets.

    `is_late`: the times are those of decoding.
    """
    tick = stream.time_base
    entries = stream.index_entries
    is_partial = stream.frames != len(entries) or _goes_back(entries) or empty_samples(stream)
    # The sizes of frames, which are compared with such times, are not in the index.
    if not tick or not stream.frames or is_partial or any(map(may_count_bytes, sounds)):
        return None
    decoded = array("q")
    codec = stream.codec_context.codec.canonical_name
    smallest = LARGEST_BYTES if codec == CODEC else -1
    for entry in entries:
        if entry.size <= smallest:
            return None
        if not entry.is_discard and _is_there(entry, question):
            decoded.append(entry.timestamp)
    if not decoded:
        raise Refused(Reason.CORRUPT)
    step = decoded[-1] - decoded[-2] if len(decoded) > 1 else 0
    if any(after - before != step for before, after in pairwise(decoded)):
        return None
    first = list(islice(packets(container, [stream]), min(_COMPARED, len(decoded))))
    displayed = [each for each in entries if not each.is_discard]
    is_cut = len(decoded) < len(displayed)
    start = _first_of(first, stream, step, is_cut=is_cut, is_late=is_late)
    if start is None or not _come_in_order(container, stream, after=len(first)):
        return None
    question.require_short(len(decoded) * step * tick)
    tracks = (stream, *sounds)
    last = _last_of(container, stream, decoded, step)
    begins, span = start * tick, step * tick
    zeros = (
        (begins + begin * span, begins + end * span)
        for begin, end in zeroed(reader_of(question.url), displayed[: len(decoded)], codec)
    )
    return Timeline(
        tick=tick,
        ticks=array("q", (start + number * step for number in range(len(decoded)))),
        last_ticks=last,
        sounds=tuple(_indexed(container, sound, question) for sound in sounds),
        end_byte=max(each.pos + each.size for track in tracks for each in track.index_entries),
        zeros=tuple(zeros),
    )


def _first_of(
    first: "Sequence[Packet[Stream]]",
    stream: VideoStream,
    step: int,
    *,
    is_cut: bool,
    is_late: bool,
) -> int | None:
    """Return the first time if the first packets are evenly spaced in presentation order."""
    times = [each.dts if each.pts is None else each.pts for each in first if not each.is_discard]
    if not first or not first[0].is_keyframe or None in times:
        return None
    is_none = no_picture(stream, LeadingPictures.of(stream) if is_late else None)
    if is_none and any(is_none(bytes(each)) for each in first):
        return None
    is_hevc = stream.codec_context.codec.canonical_name == HEVC
    if is_hevc and is_reduced(stream, map(bytes, first), goes_on=len(first) == _COMPARED):
        return None
    ordered = sorted(time for time in times if time is not None)
    if is_cut and ordered != times:
        # Before the last pictures that are there, some are missing.
        return None
    # The last packets read may be incomplete in presentation order.
    settled = ordered[: max(1, len(ordered) - 32)] if len(ordered) == _COMPARED else ordered
    is_even = all(after - before == step for before, after in pairwise(settled))
    return settled[0] if settled and is_even else None


def _come_in_order(container: InputContainer, stream: VideoStream, *, after: int) -> bool:
    """Whether an AVI holds in file order all pictures it lists, of which some are read."""
    if container.format.name != COUNTING:
        return True
    listed = sum(1 for each in stream.index_entries if each.size)
    return after + sum(1 for _ in packets(container, [stream])) >= listed


def finds_packets(stream: VideoStream, read: Callable[[int, int], bytes]) -> bool:
    """Whether the index of an AVI leads to headers of its pictures, as far as they are no zeros.

    libavformat counts its positions from the first packet, which may be lost.
    """
    entries, number = stream.index_entries, f"{stream.index:02}".encode()
    step = max(1, len(entries) // _SAMPLES)
    heads = (read(entries[at].pos, _HEAD_BYTES) for at in range(0, len(entries), step))
    are_right = [head.startswith(number) for head in heads if any(head)]
    return not are_right or 2 * sum(are_right) >= len(are_right)


def _last_of(
    container: InputContainer, stream: VideoStream, decoded: Sequence[int], step: int
) -> int:
    """Return the duration of the last picture; if it may be long, from its packet."""
    declared, tick = stream.duration or 0, stream.time_base or Fraction(0)
    if not step or (declared - len(decoded) * step) * tick <= _LONG_SECONDS:
        return step or declared
    container.seek(decoded[-1], stream=stream)
    final = [each for each in packets(container, [stream]) if not each.is_discard]
    last = max(final, key=lambda each: each.pts or 0, default=None)
    # In a truncated file the last packet is not the last one of the index.
    is_there = last is not None and last.dts == decoded[-1] == stream.index_entries[-1].timestamp
    return last.duration or step if last and is_there else step


def _indexed(container: InputContainer, sound: Stream, question: Question) -> SoundTimes | None:
    """Return the times of an audio track, as far as its packets are in the file."""
    entries, tick = sound.index_entries, sound.time_base
    if not len(entries) or not tick or sound.frames <= 0:
        return None
    there = [each for each in entries if not each.is_discard and _is_there(each, question)]
    if not there:
        return None
    if _counts_bytes(entries):
        return SoundTimes(Fraction(0), _end_of_bytes(container, sound, there) * tick)
    steps = sorted(after.timestamp - before.timestamp for before, after in pairwise(there))
    usual = steps[len(steps) // 2] if steps else 0
    heard = Packets(tick)
    for each in there:
        heard.add(each.timestamp, usual)
    times, last = heard.times, there[-1].timestamp
    declared = (sound.start_time or 0) + (sound.duration or 0)
    # The declared duration may be wrong: the last packet is at most as long as others, or 1 s.
    longest = steps[-1] if steps else 1 / tick
    promised = min(Fraction(max(last, declared)), last + min(longest, 1 / tick))
    after = next((Fraction(each.timestamp) for each in entries if each.timestamp > last), promised)
    if not times:
        return None
    size = sum(each.size for each in there)
    return by_codec(replace(times, ends=after * tick), sound.codec_context, len(there), size)


def _goes_back(entries: Iterable[IndexEntry]) -> bool:
    """Whether an edit list decodes packets twice."""
    return any(after.timestamp < before.timestamp for before, after in pairwise(entries))


def _is_there(entry: IndexEntry, question: Question) -> bool:
    """Whether the packet is in the file: a truncated file may have a complete index."""
    return entry.pos + entry.size <= question.size


def _counts_bytes(entries: Iterable[IndexEntry]) -> bool:
    """Whether an index counts bytes instead of time, as AVI does for some sound."""
    counted = 0
    for entry in entries:
        if entry.timestamp != counted:
            return False
        counted += entry.size
    return True


def _end_of_bytes(
    container: InputContainer, sound: Stream, there: Sequence[IndexEntry]
) -> Fraction:
    """Return the tick at which sound with an index in bytes ends, from its last packet.

    Bytes per tick differ between packets, most of all in the first one.
    """
    size = there[-1].timestamp + there[-1].size
    # Not every program marks sound in the index as such that reading can start at.
    container.seek(there[-1].timestamp, stream=sound, any_frame=True)
    final = _few(container, sound)
    if 0 < len(final) < _COMPARED:
        return Fraction(max(map(_end_of, final)))
    # Truncated: extrapolate from the first packets.
    container.seek(0)
    first = _few(container, sound)
    counted = sum(each.size for each in first)
    return max(map(_end_of, first)) * Fraction(size, counted) if counted else Fraction(0)


def _few(container: InputContainer, sound: Stream) -> "list[Packet[Stream]]":
    return list(islice(packets(container, [sound]), _COMPARED))


def _end_of(packet: "Packet[Stream]") -> int:
    return (packet.pts or 0) + (packet.duration or 0)
