"""Where the picture of a transport stream changes its codec, within a stream of one number."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from transcoder.probing.files.excerpts import Excerpt
from transcoder.probing.formats import transport
from transcoder.probing.headers.programs import (
    HEAD_BYTES,
    PICTURES,
    SAMPLE_BYTES,
    Table,
    sample_positions,
    tables_of,
)
from transcoder.probing.model import Facts

Read = Callable[[int, int], bytes]

# By the types of ISO/IEC 13818-1, those that a stream may have for good or change by mistake.
_SOUNDS = {3: "mp2", 4: "mp2", 0x0F: "aac", 0x11: "latm", 0x81: "ac3", 0x87: "eac3"}
_CODECS = {**PICTURES, **_SOUNDS}


class CodecChanges(Exception):
    """A stream goes on in another codec; libavformat hands it to the decoder of the first."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def require_one_codec(tables: Sequence[Table], number: int) -> None:
    """Raise `CodecChanges` if this stream begins as a picture of one codec and has another."""
    codecs = _codecs_of(tables, number)
    if codecs and codecs[0] in PICTURES.values() and len(set(codecs)) > 1:
        raise CodecChanges(number)


def before_change(number: int, read: Read, size: int) -> Excerpt:
    return Excerpt(end=_change(number, read, size))


def lacking(facts: Facts, number: int, read: Read, size: int) -> Facts:
    """Count as damage what lies behind the excerpt."""
    timeline, (_, end) = facts.timeline, facts.excerpt
    there = timeline.pictures_end - timeline.start
    newest = _newest_time(read(max(end, size - SAMPLE_BYTES), SAMPLE_BYTES), number)
    missing = newest - timeline.pictures_end
    # Its clock may start again.
    is_timed = missing > 0 and not timeline.clock
    share = missing / (missing + there) if is_timed else 1 - Fraction(end, size)
    lost, percent = round(len(timeline.ticks) * share), max(1, round(share * 100))
    note = f"Its picture changes its codec: about {percent}% of it, from there on, are not shown."
    return replace(
        facts,
        timeline=replace(timeline, damaged=timeline.damaged + lost),
        notes=(note, *facts.notes),
    )


def _newest_time(block: bytes, number: int) -> Fraction:
    """Return the last time of this stream in seconds; 0 without one."""
    newest = 0
    for packet in transport.packets(block):
        if transport.pid_of(packet) == number and transport.begins(packet):
            newest = max(newest, transport.time_of(transport.payload(packet)))
    return Fraction(newest, transport.TICKS_PER_SECOND)


def _codecs_of(tables: Sequence[Table], number: int) -> list[str]:
    kinds = (kind for table in tables for each, kind in table.streams if each == number)
    return [_CODECS[kind] for kind in kinds if kind in _CODECS]


def _change(number: int, read: Read, size: int) -> int:
    """Return the position of the first table with another codec; the size without one."""
    first, before, after = "", 0, size
    for begin in sample_positions(size):
        block = read(begin, SAMPLE_BYTES if begin else HEAD_BYTES)
        at, first = _change_in(block, number, first)
        if at is not None:
            after = begin + at
            break
        before = begin
    while after - before > SAMPLE_BYTES:
        middle = (before + after) // 2
        at, _ = _change_in(read(middle, min(SAMPLE_BYTES, after - middle)), number, first)
        before, after = (middle, after) if at is None else (before, middle + at)
    return after


def _change_in(block: bytes, number: int, first: str) -> tuple[int | None, str]:
    """Return the position of the first table with another codec, and the codec before it."""
    for at, table in tables_of(block):
        for codec in _codecs_of([table], number):
            if first and codec != first:
                return at, first
            first = codec
    return None, first
