"""Picture times from all packets of the source."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from chalicelib.encoding.failures import Finding, Reason
from chalicelib.encoding.plan import RIGHT, SourceClock
from transcoder.errors import Refused
from transcoder.probing import h263
from transcoder.probing.clocks import RESTARTING, Corrected, clock_notes
from transcoder.probing.edits import Pause, Pauses
from transcoder.probing.filling import JITTER, filled, spread
from transcoder.probing.headless import rated
from transcoder.probing.missing_references import MissingReferences
from transcoder.probing.model import Question, Timeline
from transcoder.probing.opening import packets
from transcoder.probing.overlaps import omissions
from transcoder.probing.placeholders import no_picture
from transcoder.probing.reading import COUNTING, Reading, require_countable, require_short
from transcoder.probing.shapes import Shapes

# In this demuxer, packets that an edit list hides have negative times. FFmpeg drops them, but in
# fragmented files only those of sound.
_HIDES_BELOW_ZERO = "mov"
# Reading may start at any byte; the demuxer resynchronizes.
_READ_FROM_ANYWHERE = "mpegts"
# The headers of a picture may follow the last one.
_ENDS_LIKE_DAMAGE = "mpjpeg"
# It stores no times below zero, and libavformat reads none.
_FROM_ZERO = "matroska"
INCOMPLETE = "The file breaks off or is damaged; what lies before is kept."
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Corrections:
    """What is known about the times of a source before its packets are read."""

    pauses: Mapping[int, Pause]
    # Time of the first picture that is refreshed in all parts, in ticks, if that takes several.
    first_refreshed: int | None
    # None before `clock_of`.
    clock: SourceClock | None = None
    # Whether packets are read where the index lists them.
    follows_index: bool = False


class IndexListsMore(Exception):
    """In file order fewer pictures come than the index lists."""


def from_packets(
    container: InputContainer,
    stream: VideoStream,
    sounds: Iterable[Stream],
    question: Question,
    corrections: Corrections,
) -> tuple[Timeline, list[str]]:
    """Read the whole source without decoding; raise `ClockJumps` if its times need corrections."""
    clock, restarts = corrections.clock, container.format.name in RESTARTING
    corrected = None if clock is None else Corrected(clock)
    audible, listed = list(sounds), len(stream.index_entries)
    reading = Reading(
        stream, question, restarts, corrected, follows_index=corrections.follows_index
    )
    reading.hides_below_zero = container.format.name == _HIDES_BELOW_ZERO
    reading.declared_end = Fraction(container.duration or 0, _MICROSECONDS)
    reading.listen_to(audible)
    notes = _see_all(reading, container, [stream, *audible], Pauses(corrections.pauses))
    if container.format.name == COUNTING and reading.stored < listed and not reading.follows_index:
        raise IndexListsMore
    first = _first_decodable(reading.first_key, corrections.first_refreshed)
    # Pictures shown before the first key picture refer to others that are not in the file.
    ticks = sorted({time for time in reading.ticks if first is None or time >= first})
    notes += _below_zero(reading, container.format.name)
    if not ticks or not stream.time_base:
        raise Refused(Reason.NO_FRAMES)
    undecodable = sum(1 for time in reading.ticks if first is not None and time < first)
    overlapping = len(reading.ticks) - undecodable - len(ticks) + reading.overlaps.count
    if not reading.has_sparse_times:
        decodable = len(reading.ticks) - undecodable
        notes += omissions(decodable, undecodable, overlapping, reading.open_pictures)
    heard, headless = rated(reading.heard(), audible, container.format.name)
    timeline = Timeline(
        tick=stream.time_base,
        ticks=array("q", _spaced(reading, ticks)),
        last_ticks=reading.last_ticks.get(ticks[-1], 0),
        sounds=heard,
        clock=clock or RIGHT,
        keys=tuple(reading.keys) if clock and container.format.name == _READ_FROM_ANYWHERE else (),
        damaged=reading.damaged,
        is_ordered=reading.is_ordered and not reading.has_sparse_times,
        jitter=JITTER * reading.lasting if reading.has_sparse_times else 0,
        end_byte=reading.end_byte,
        picture_byte=reading.picture_byte,
        hidden=reading.hidden_pictures,
        # A fragment that comes twice has the times of the first one.
        skipped=len(set(reading.skipped).difference(ticks)),
        early=sum(1 for time in reading.early if first is None or time >= first) + undecodable,
        earliest=min(reading.early, default=0),
        first_stored=min(reading.ticks) if undecodable else None,
        overlapping=overlapping,
        shapes=tuple(reading.shapes.changes),
        refresh=reading.refreshes.pictures,
        suspect=_suspect(reading.references, stream, reading.first_key, ticks),
        scrambled=tuple(reading.scrambled.shares().items()) if reading.scrambled else (),
        holes=tuple(reading.holes.until_the_end(question.size)),
        zeros=tuple(reading.holes.zeroed),
        follows_index=reading.follows_index,
    )
    lost = _lost(reading, reading.missing_seconds)
    return timeline, [*clock_notes(clock or RIGHT), *notes, *headless, *lost]


def _first_decodable(first_key: int | None, first_refreshed: int | None) -> int | None:
    known = [tick for tick in (first_key, first_refreshed) if tick is not None]
    return max(known) if first_key is not None else None


def _see_all(
    reading: Reading, container: InputContainer, streams: Sequence[Stream], paused: Pauses
) -> list[str]:
    try:
        for packet in packets(container, streams):
            if not paused.has(packet):
                reading.see(packet)
    except (av.InvalidDataError, av.EOFError):
        return [INCOMPLETE]
    return []


def _lost(reading: Reading, seconds: Fraction) -> Iterator[str]:
    if seconds:
        yield f"About {float(seconds):.1f} s of its pictures are missing in the source."
    if reading.pages and reading.pages.is_partial:
        yield "Not all of its gaps were examined: more pictures may be missing."


def _spaced(reading: Reading, ticks: list[int]) -> Iterable[int]:
    """Add times of pictures that have none of their own."""
    if reading.has_sparse_times:
        return spread(ticks, reading.unsaid + len(reading.ticks) - len(ticks), reading.lasting)
    return filled(ticks, reading.untimed)


def _below_zero(reading: Reading, demuxer: str) -> list[str]:
    """Refuse a Matroska that begins below zero: FFmpeg shows its first pictures among later ones.

    A single one gets the time of the next, which replaces it.
    """
    if not demuxer.startswith(_FROM_ZERO) or not reading.timeless:
        return []
    if reading.timeless > 1:
        raise Refused(Reason.UNSUPPORTED_FORMAT, Finding.BELOW_ZERO)
    return ["Its first picture has a time below zero; it is not shown."]


def from_count(
    container: InputContainer, stream: VideoStream, rate: Fraction, question: Question
) -> tuple[Timeline, list[str]]:
    """Count the pictures from the first key picture on; of H.263 all, if there is none."""
    context = stream.codec_context
    references = MissingReferences.of(context.codec.canonical_name, context.extradata or b"")
    shapes, count, first_key, notes = Shapes(stream), 0, None, list[str]()
    try:
        for packet in _countable(container, stream, references):
            references.display(count)
            if packet.is_keyframe:
                first_key = count if first_key is None else first_key
                shapes.see(packet, count)
            count += 1
            require_countable(count)
            require_short(count / rate, question)
    except (av.InvalidDataError, av.EOFError):
        if container.format.name != _ENDS_LIKE_DAMAGE:
            notes.append(INCOMPLETE)
    if not count:
        raise Refused(Reason.NO_FRAMES)
    first = first_key or 0
    ticks = array("q", range(first, count))
    suspect = _suspect(references, stream, first_key, ticks)
    changes = tuple(shapes.changes)
    timeline = Timeline(1 / rate, ticks, 1, early=first, shapes=changes, suspect=suspect)
    return timeline, [*notes, *omissions(len(ticks), first, overlapping=0)]


def _countable(
    container: InputContainer, stream: VideoStream, references: MissingReferences
) -> "Iterator[Packet[Stream]]":
    """Yield the packets of which a decoder makes a picture each."""
    # Decoders of H.263 do not wait for a key picture.
    is_begun = stream.codec_context.codec.canonical_name == h263.CODEC
    is_none = no_picture(stream)
    for packet in packets(container, [stream]):
        references.see(packet)
        is_begun = is_begun or packet.is_keyframe
        if is_begun and not (is_none and is_none(bytes(packet))):
            yield packet


def _suspect(
    references: MissingReferences, stream: VideoStream, first_key: int | None, ticks: Sequence[int]
) -> tuple[tuple[int, int], ...]:
    """Return the runs of pictures that may refer to missing ones; of H.263 all, without a key."""
    is_h263 = stream.codec_context.codec.canonical_name == h263.CODEC
    return ((ticks[0], ticks[-1]),) if is_h263 and first_key is None else references.runs
