"""Tracks in the header of an MP4: encryption, where media are, and pauses in their edit lists."""

import struct
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from typing import Self

from av.packet import Packet
from av.stream import Stream

from chalicelib.encoding.failures import Finding, Reason
from transcoder.errors import Refused
from transcoder.probing.formats.boxes import Box, ReadWindow, boxes, inside
from transcoder.probing.headers.apertures import Aperture, aperture_of

_MOVIE, _TRACK = b"moov", b"trak"
# Offset of the time scale or track number in a box, by version of the box.
_NUMBERS, _NUMBER_BYTES = {0: 12, 1: 20}, 4
# After the number of entries: duration of each, its start in the media, and its speed.
_ENTRIES, _FORMS = 8, {0: struct.Struct(">Iii"), 1: struct.Struct(">Qqi")}
_NORMAL_SPEED = 0x10000
_MOST_ENTRY_BYTES = 16 * 1024**2
_SAMPLE_KINDS = b"mdia", b"minf", b"stbl", b"stsd"
_REFERENCES, _REFERENCE_BYTES, _IN_THIS_FILE = (b"mdia", b"minf", b"dinf", b"dref"), 64, 1
_ENCRYPTED, _FAIRPLAY = frozenset({b"encv", b"enca"}), frozenset({b"drmi", b"drms", b"drmt"})
_SCHEME, _COMMON = b"schm", frozenset({b"cenc", b"cens", b"cbc1", b"cbcs"})
_MOST_SAMPLE_BYTES = 65_536
# Shorter pauses only make tracks equally long.
_TOLERATED_SECONDS = 0.5
_UNKNOWN, _NO = 0, Fraction(0)
# Of the clock of a track: ticks a second and duration, by version of its box.
_CLOCKS = {0: struct.Struct(">12xII"), 1: struct.Struct(">20xIQ")}
_SPEED = "Its edit list changes the speed, which is not followed."


@dataclass(frozen=True, slots=True)
class Pause:
    """An empty edit at the end of a stream, in seconds."""

    begin: Fraction
    end: Fraction


@dataclass(frozen=True, slots=True)
class EditedTrack:
    number: int
    encryption: Finding | None
    # Whether its media are in another file.
    is_elsewhere: bool
    # Number of sample descriptions; several in joined videos.
    descriptions: int
    # The longest pause in the middle, in ticks; begin and end of a pause at the end.
    longest_pause: int
    last_pause: tuple[int, int]
    # Whether a part is slower or faster than it was recorded, or stands still.
    changes_speed: bool
    aperture: Aperture
    # Whether its header says how many ticks a second has.
    has_clock: bool
    # Begin in ticks of its own clock, and duration in ticks of the movie, of each part that is
    # presented; ticks a second and ticks of all its media.
    presented: tuple[tuple[int, int], ...] = ()
    clock: tuple[int, int] = (0, 0)

    def cut_seconds(self, movie_ticks: int) -> Fraction:
        """How much of its media no part presents."""
        ticks, lasts = self.clock
        if not (ticks and movie_ticks and self.presented) or self.changes_speed:
            return Fraction(0)
        left, reached = Fraction(0), Fraction(0)
        for begin, duration in sorted(self.presented):
            begins = Fraction(begin, ticks)
            left += max(Fraction(0), begins - reached)
            # Without a duration, a part goes on to the end.
            ends = begins + Fraction(duration, movie_ticks) if duration else Fraction(lasts, ticks)
            reached = max(reached, ends)
        return left + max(Fraction(0), Fraction(lasts, ticks) - reached)


@dataclass(frozen=True, slots=True)
class Edits:
    ticks_per_second: int = 0
    tracks: tuple[EditedTrack, ...] = ()
    # Whether the movie is fragmented.
    has_fragments: bool = False

    @classmethod
    def of(cls, read: Callable[[int, int], bytes], size: int) -> Self:
        """`read` returns a number of bytes, from a position on."""
        window = ReadWindow(read)
        movie = next((each for each in boxes(window, 0, size) if each.kind == _MOVIE), None)
        if movie is None:
            return cls()
        ticks = next((_number(window, box) for box in inside(window, movie, b"mvhd")), 0)
        has_fragments = any(inside(window, movie, b"mvex"))
        tracks = tuple(_track(window, box) for box in inside(window, movie, _TRACK))
        return cls(ticks, tracks, has_fragments)

    @property
    def encryptions(self) -> Mapping[int, Finding]:
        """The encryption of each track that has one, by its number."""
        return {track.number: track.encryption for track in self.tracks if track.encryption}

    def changes(self, number: int) -> bool:
        """Whether a track, by its number, may change its shape."""
        return any(each.descriptions > 1 for each in self.tracks if each.number == number)

    def speed_notes(self, number: int) -> list[str]:
        has_speeds = any(each.changes_speed for each in self.tracks if each.number == number)
        return [_SPEED] if has_speeds else []

    def cut(self, numbers: Iterable[int]) -> bool:
        """Whether the edit list of any of these tracks leaves out more than encoders need."""
        seconds = max(map(self.cut_of, numbers), default=_NO)
        return not self.has_fragments and seconds > _TOLERATED_SECONDS

    def cut_of(self, number: int) -> Fraction:
        """Return the seconds that the edit list of a track, by its number, leaves out."""
        ticks = self.ticks_per_second
        return next((each.cut_seconds(ticks) for each in self.tracks if each.number == number), _NO)

    def aperture_of(self, number: int) -> Aperture:
        """Return what is cropped of a track, by its number."""
        return next((each.aperture for each in self.tracks if each.number == number), Aperture())

    def pause_of(self, number: int) -> Pause | None:
        """Return the pause at the end of a track, by its number; None if there is none.

        Short pauses, which only make tracks equally long, do not count.
        """
        for track in self.tracks:
            begin, end = track.last_pause
            if track.number == number and end - begin > _TOLERATED_SECONDS * self.ticks_per_second:
                ticks = self.ticks_per_second
                return Pause(Fraction(begin, ticks), Fraction(end, ticks))
        return None

    def require_media(self, number: int) -> None:
        """Refuse a reference movie: a track, by its number, whose media are in another file."""
        if any(each.is_elsewhere for each in self.tracks if each.number == number):
            raise Refused(Reason.NO_FRAMES, Finding.ELSEWHERE)

    def refuse_pauses(self, tracks: Collection[int]) -> None:
        """Refuse pauses in the middle of these tracks, by number; other tracks may have any.

        Tracks without a clock of their own are refused as well.
        """
        most = _TOLERATED_SECONDS * self.ticks_per_second
        kept = [each for each in self.tracks if each.number in (*tracks, _UNKNOWN)]
        if not all(each.has_clock for each in kept):
            raise Refused(Reason.CORRUPT, Finding.NO_CLOCK)
        if any(each.longest_pause > most for each in kept):
            raise Refused(Reason.UNSUPPORTED_FORMAT, Finding.GAP)


@dataclass(slots=True)
class Pauses:
    """Recognises packets in the pause of a stream, by the same rule as the encode's filter."""

    # By stream index.
    pauses: Mapping[int, Pause]
    _positions: dict[int, int] = field(default_factory=dict)
    _begun: set[int] = field(default_factory=set)

    def has(self, packet: "Packet[Stream]") -> bool:
        stream, position = packet.stream_index, packet.pos or 0
        if stream not in self.pauses:
            return False
        newest = self._positions.get(stream, 0)
        self._positions[stream] = max(position, newest)
        is_late = (packet.pts or 0) * packet.time_base >= self.pauses[stream].begin
        # Reference pictures decoded before the pause come in file order.
        if is_late and position < newest:
            self._begun.add(stream)
        return is_late and stream in self._begun


def held(pauses: Mapping[int, Pause], picture: int) -> list[str]:
    if picture not in pauses:
        return []
    return ["Its edit list ends with a pause, in which the last picture is held."]


def _track(window: ReadWindow, track: Box) -> EditedTrack:
    samples = [
        each
        for table in inside(window, track, *_SAMPLE_KINDS)
        for each in boxes(window, table.begin + _ENTRIES, table.end)
    ]
    lists = inside(window, track, b"edts", b"elst")
    clocks = [_clock(window, box) for box in inside(window, track, b"mdia", b"mdhd")]
    entries = list(chain.from_iterable(_entries(window, each) for each in lists))
    longest, last = _pauses((lasts, media) for lasts, media, _ in entries)
    return EditedTrack(
        number=next((_number(window, box) for box in inside(window, track, b"tkhd")), _UNKNOWN),
        encryption=next(filter(None, (_encryption(window, each) for each in samples)), None),
        is_elsewhere=is_elsewhere(window, track),
        descriptions=len(samples),
        longest_pause=longest,
        last_pause=last,
        aperture=aperture_of(window, track),
        changes_speed=_changes_speed([speed for _, media, speed in entries if media >= 0]),
        has_clock=not clocks or clocks[0][0] > 0,
        presented=tuple((media, lasts) for lasts, media, _ in entries if media >= 0),
        clock=clocks[0] if clocks else (0, 0),
    )


def _encryption(window: ReadWindow, sample: Box) -> Finding | None:
    if sample.kind in _FAIRPLAY:
        return Finding.FAIRPLAY
    if sample.kind not in _ENCRYPTED:
        return None
    data = window.take(sample.begin, min(sample.end - sample.begin, _MOST_SAMPLE_BYTES))
    _, _, scheme = data.partition(_SCHEME)
    # After version and flags.
    return Finding.COMMON_ENCRYPTION if scheme[4:8] in _COMMON else Finding.OTHER_ENCRYPTION


def is_elsewhere(window: ReadWindow, track: Box) -> bool:
    """Whether each reference to media names another file."""
    listed = [
        window.take(each.begin, min(each.end - each.begin, _REFERENCE_BYTES))
        for table in inside(window, track, *_REFERENCES)
        for each in boxes(window, table.begin + _ENTRIES, table.end)
    ]
    # After version and flags.
    return bool(listed) and all(any(each[4:]) and not each[3] & _IN_THIS_FILE for each in listed)


def _entries(window: ReadWindow, box: Box) -> Iterator[tuple[int, int, int]]:
    head = window.take(box.begin, _ENTRIES)
    form = _FORMS.get(head[0]) if head else None
    if form is None:
        return
    begin, count = box.begin + _ENTRIES, int.from_bytes(head[4:])
    length = min(count * form.size, box.end - begin, _MOST_ENTRY_BYTES)
    data = window.take(begin, max(0, length))
    yield from form.iter_unpack(data[: len(data) // form.size * form.size])


def _pauses(entries: Iterable[tuple[int, int]]) -> tuple[int, tuple[int, int]]:
    """Return the longest pause between shown parts, and the pause after the last one."""
    between, end, pause_begins, is_begun = 0, 0, 0, False
    for lasts, media in entries:
        if media >= 0:
            between = max(between, end - pause_begins if is_begun else 0)
            is_begun, pause_begins = True, end + lasts
        end += lasts
    return between, (pause_begins, end) if is_begun else (end, end)


def _changes_speed(speeds: Sequence[int]) -> bool:
    # Some programs leave the speed of their only entry at 0.
    return any(speed != _NORMAL_SPEED for speed in speeds) and list(speeds) != [0]


def _clock(window: ReadWindow, box: Box) -> tuple[int, int]:
    data = window.take(box.begin, min(box.end - box.begin, 32))
    form = _CLOCKS.get(data[0]) if data else None
    ticks, lasts = form.unpack_from(data) if form and len(data) >= form.size else (0, 0)
    return ticks, lasts


def _number(window: ReadWindow, box: Box) -> int:
    data = window.take(box.begin, min(box.end - box.begin, 32))
    begin = _NUMBERS.get(data[0]) if data else None
    return _UNKNOWN if begin is None else int.from_bytes(data[begin : begin + _NUMBER_BYTES])
