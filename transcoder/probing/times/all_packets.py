"""Picture times from all packets of the source."""

from array import array
from collections.abc import Iterable, Iterator, Sequence

import av
from av.container import InputContainer
from av.stream import Stream
from av.video.stream import VideoStream

from chalicelib.encoding.failures import Finding, Reason
from chalicelib.encoding.plan import RIGHT
from transcoder.counts import counted
from transcoder.errors import Refused
from transcoder.probing.damage.empty_samples import empty_samples
from transcoder.probing.damage.holes import COUNTING
from transcoder.probing.damage.losses import Losses
from transcoder.probing.damage.missing_references import MissingReferences
from transcoder.probing.files.excerpts import INCOMPLETE
from transcoder.probing.files.opening import Late, packets
from transcoder.probing.formats import h263
from transcoder.probing.formats.ranges import reader_of
from transcoder.probing.headers.edits import Pauses
from transcoder.probing.model import Question, Timeline
from transcoder.probing.pictures.overlaps import omissions
from transcoder.probing.sounds.frame_times import frame_notes
from transcoder.probing.sounds.headless import rated
from transcoder.probing.times.below_zero import NOTE
from transcoder.probing.times.clocks import clock_notes
from transcoder.probing.times.corrections import Corrections
from transcoder.probing.times.filling import JITTER, filled, spread
from transcoder.probing.times.index import finds_packets
from transcoder.probing.times.picture_times import PictureTimes
from transcoder.probing.times.reading import Reading

# Reading may start at any byte; the demuxer resynchronizes.
_READ_FROM_ANYWHERE = "mpegts"
# It stores no times below zero, and libavformat reads none.
_FROM_ZERO = "matroska"
_LISTED = (
    "Missing is one picture that the index lists.",
    "Missing are {} pictures that the index lists.",
)
# FFmpeg reads the last picture of each stream that another one continues at the end of the file.
_HELD_BACK = (
    "Not shown is one picture, the last before its streams change.",
    "Not shown are {} pictures, each the last before its streams change.",
)


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
    clock, follows_index = corrections.clock, corrections.follows_index
    demuxer = container.format.name
    audible, listed = list(sounds), len(stream.index_entries)
    reading = Reading.of(container, stream, audible, question, corrections)
    pictures, losses = reading.pictures, reading.losses
    notes = _see_all(reading, container, [stream, *audible], Pauses(corrections.pauses))
    if demuxer == COUNTING and not follows_index:
        notes += _missing(listed - pictures.stored, stream, question)
    first = _first_decodable(pictures.first_key, corrections.first_refreshed)
    # Pictures shown before the first key picture refer to others that are not in the file.
    ticks = sorted({time for time in pictures.ticks if first is None or time >= first})
    notes += _below_zero(pictures, demuxer)
    if not ticks or not stream.time_base:
        raise Refused(Reason.NO_FRAMES)
    undecodable = sum(1 for time in pictures.ticks if first is not None and time < first)
    overlapping = len(pictures.ticks) - undecodable - len(ticks) + pictures.overlaps.count
    if not pictures.has_sparse_times:
        decodable = len(pictures.ticks) - undecodable
        dropped = undecodable + (pictures.leading.count if pictures.leading else 0)
        notes += omissions(decodable, dropped, overlapping, pictures.open_pictures)
    heard, headless = rated(reading.sounds.times(), audible, demuxer)
    delivered_hidden = pictures.delivered_hidden
    early = sum(1 for time in delivered_hidden if first is None or time >= first)
    timeline = Timeline(
        tick=stream.time_base,
        ticks=array("q", _spaced(pictures, ticks)),
        last_ticks=pictures.last_ticks.get(ticks[-1], 0),
        sounds=heard,
        clock=clock or RIGHT,
        keys=tuple(pictures.keys) if clock and demuxer == _READ_FROM_ANYWHERE else (),
        damaged=losses.damaged(pictures.ticks),
        missing=losses.missing(len(pictures.ticks)),
        is_ordered=reading.order.is_ordered and not pictures.has_sparse_times,
        jitter=JITTER * pictures.packet_ticks if pictures.has_sparse_times else 0,
        end_byte=reading.end_byte,
        picture_byte=pictures.newest_byte,
        hidden=reading.hidden.count,
        # A fragment that comes twice has the times of the first one.
        skipped=len(set(reading.hidden.skipped).difference(ticks)),
        repeated=len(set(reading.hidden.skipped).intersection(ticks)),
        early=early + undecodable,
        earliest=min(delivered_hidden, default=0),
        first_stored=min(pictures.ticks) if undecodable else None,
        overlapping=overlapping,
        shapes=tuple(pictures.shapes.changes),
        refresh=losses.refreshes.pictures,
        suspect=suspect_runs(losses.references, stream, pictures.first_key, ticks),
        scrambled=tuple(losses.scrambled.shares().items()) if losses.scrambled else (),
        holes=tuple(losses.holes.until_the_end(question.size)),
        zeros=tuple(losses.holes.zeroed),
        follows_index=follows_index,
        below_zero=corrections.below_zero,
    )
    of_sounds = [*headless, *frame_notes(heard)]
    return timeline, [*_corrected(corrections, demuxer), *notes, *of_sounds, *_lost(losses)]


def _corrected(corrections: Corrections, demuxer: str) -> Iterator[str]:
    yield from clock_notes(corrections.clock or RIGHT, demuxer)
    if corrections.below_zero:
        yield NOTE


def _first_decodable(first_key: int | None, first_refreshed: int | None) -> int | None:
    known = [tick for tick in (first_key, first_refreshed) if tick is not None]
    return max(known) if first_key is not None else None


def _see_all(
    reading: Reading, container: InputContainer, streams: Sequence[Stream], paused: Pauses
) -> list[str]:
    late = Late()
    try:
        for packet in packets(container, streams, late):
            if not paused.has(packet):
                reading.see(packet)
        reading.losses.held_back = late.counts[reading.order.picture]
    except (av.InvalidDataError, av.EOFError):
        return [INCOMPLETE]
    return []


def _missing(count: int, stream: VideoStream, question: Question) -> list[str]:
    """Raise `IndexListsMore` if the index lists so many pictures more, and is right."""
    if count <= 0:
        return []
    if finds_packets(stream, reader_of(question.url)):
        raise IndexListsMore
    return [counted(count, *_LISTED)]


def _lost(losses: Losses) -> Iterator[str]:
    if losses.held_back:
        yield counted(losses.held_back, *_HELD_BACK)
    if count := empty_samples(losses.stream):
        yield counted(count, *_LISTED)
    if seconds := losses.missing_seconds:
        yield f"About {float(seconds):.1f} s of its pictures are missing in the source."
    if losses.pages and losses.pages.is_partial:
        yield "Not all of its gaps were examined: more pictures may be missing."


def _spaced(pictures: PictureTimes, ticks: list[int]) -> Iterable[int]:
    """Add times of pictures that have none of their own."""
    if pictures.has_sparse_times:
        count = pictures.untimed_in_packet + len(pictures.ticks) - len(ticks)
        return spread(ticks, count, pictures.packet_ticks)
    return filled(ticks, pictures.rejected_by_clock)


def _below_zero(pictures: PictureTimes, demuxer: str) -> list[str]:
    """Refuse a Matroska that begins below zero: FFmpeg shows its first pictures among later ones.

    A single one gets the time of the next, which replaces it.
    """
    if not demuxer.startswith(_FROM_ZERO) or not pictures.untimed_at_start:
        return []
    if pictures.untimed_at_start > 1:
        raise Refused(Reason.UNSUPPORTED_FORMAT, Finding.BELOW_ZERO)
    return ["Its first picture has a time below zero; it is not shown."]


def suspect_runs(
    references: MissingReferences, stream: VideoStream, first_key: int | None, ticks: Sequence[int]
) -> tuple[tuple[int, int], ...]:
    """Return the runs of pictures that may refer to missing ones; of H.263 all, without a key."""
    is_h263 = stream.codec_context.codec.canonical_name == h263.CODEC
    return ((ticks[0], ticks[-1]),) if is_h263 and first_key is None else references.runs
