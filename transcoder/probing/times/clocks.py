"""Clocks that restart in concatenated recordings, and single wrong times.

What follows distinguishes them: a new recording continues on its own clock; after a wrong time the
old clock continues.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from chalicelib.encoding.failures import Reason
from chalicelib.encoding.plan import SourceClock
from transcoder.counts import counted
from transcoder.errors import Refused
from transcoder.probing.files.opening import packets
from transcoder.probing.pictures.overlaps import LEFT_OUT

# Containers whose clock may restart or jump; in others a gap between pictures is intended.
RESTARTING = frozenset({"mpegts", "mpeg"})
# A clock wraps within a recording after 24 bits of milliseconds, or 33 bits of 90 kHz.
_OF_33_BITS = Fraction(1 << 33, 90_000)
WRAPS_SECONDS = {"flv": Fraction(1 << 24, 1000), "mpegts": _OF_33_BITS, "mpeg": _OF_33_BITS}
BACKWARDS_SECONDS, FORWARDS_SECONDS = 1, 10
# A new time is accepted once later times have continued it for this long.
_SETTLED_SECONDS, _MOST_UNSETTLED = 1, 1000
# Sound and picture of a new recording begin within this many bytes of each other.
_APART_BYTES = 8 * 1024**2
_MOST_CHANGES = 200


@dataclass(frozen=True, slots=True)
class _Stamp:
    """Times and byte position of a packet."""

    position: int
    decoded: int
    presented: int
    is_key: bool
    ticks: int

    @property
    def end(self) -> int:
        return self.decoded + self.ticks


@dataclass(slots=True)
class _Recording:
    """Consecutive pictures on one clock."""

    position: int = 0
    key: int | None = None
    key_position: int = 0
    # Whether it continues the one before, whose clock has wrapped.
    has_wrapped: bool = False
    first: int | None = None
    last: int = 0
    count: int = 0
    ticks: int = 0

    def add(self, stamp: _Stamp) -> None:
        if stamp.is_key and self.key is None:
            self.key, self.key_position = stamp.presented, stamp.position
        # Pictures shown before the first key picture of the recording cannot be decoded.
        if self.key is None or stamp.presented < self.key:
            return
        self.count += 1
        self.first = stamp.presented if self.first is None else min(self.first, stamp.presented)
        if stamp.presented >= self.last or self.count == 1:
            self.last, self.ticks = stamp.presented, stamp.ticks

    @property
    def step(self) -> int:
        assert self.first is not None  # noqa: S101 - there are pictures
        even = round((self.last - self.first) / (self.count - 1)) if self.count > 1 else 0
        return even or self.ticks


@dataclass(slots=True)
class _Watch:
    """Tracks the clock of one stream, packet by packet."""

    tick: Fraction
    # None if the clock does not wrap.
    wraps_seconds: Fraction | None = None
    # Whether packets tell how long they last, so that one may begin long after another.
    lasts: bool = False
    recordings: list[_Recording] = field(default_factory=lambda: [_Recording()])
    wrong: list[tuple[int, int]] = field(default_factory=list)
    believed: int | None = None
    # Packets that do not continue the clock, until later ones decide.
    doubted: list[_Stamp] = field(default_factory=list)
    position: int = 0
    wrong_from: int | None = None
    # Byte position at which the clock last jumped.
    jumped_at: int = -_APART_BYTES

    def see(self, packet: "Packet[Stream]", others: "Iterable[_Watch]", *, restarts: bool) -> None:
        self.position = max(self.position, packet.pos or 0)
        if self.wrong_from is not None and self.position > self.wrong_from:
            self._leave_out(self.wrong_from)
            self.wrong_from = None
        decoded = packet.pts if packet.dts is None else packet.dts
        if decoded is None:
            return
        presented = decoded if packet.pts is None else packet.pts
        stamp = _Stamp(self.position, decoded, presented, packet.is_keyframe, packet.duration or 0)
        if not self.doubted and (self.believed is None or self._follows(self.believed, decoded)):
            self._believe([stamp])
        elif self.doubted and self._follows(self._next_after(self.doubted[-1]), decoded):
            self.doubted.append(stamp)
            if self._is_settled():
                self._jump(others, restarts=restarts)
        else:
            if self.doubted:
                self._leave_out(self.doubted[0].position)
            self.doubted = []
            if self.believed is not None and self._follows(self.believed, decoded):
                self._believe([stamp])
            else:
                self.doubted = [stamp]

    def end(self, others: "Iterable[_Watch]", *, restarts: bool) -> None:
        self.position += 1
        if self.wrong_from is not None:
            self._leave_out(self.wrong_from)
        if len(self.doubted) > 1:
            self._jump(others, restarts=restarts)
        elif self.doubted:
            self._leave_out(self.doubted[0].position)

    def _follows(self, before: int, after: int) -> bool:
        return -BACKWARDS_SECONDS <= (after - before) * self.tick <= FORWARDS_SECONDS

    def _has_wrapped(self, before: int, after: int) -> bool:
        if after > before or self.wraps_seconds is None:
            return False
        return self._follows(before, after + round(self.wraps_seconds / self.tick))

    def _is_settled(self) -> bool:
        seconds = (self.doubted[-1].decoded - self.doubted[0].decoded) * self.tick
        return seconds >= _SETTLED_SECONDS or len(self.doubted) > _MOST_UNSETTLED

    def _leave_out(self, begin: int) -> None:
        if self.position > begin:
            self.wrong.append((begin, self.position))

    def _jump(self, others: "Iterable[_Watch]", *, restarts: bool) -> None:
        first, before = self.doubted[0], self.believed
        assert before is not None  # noqa: S101 - or nothing would be doubted
        is_pause = first.decoded > before and not (
            restarts and not any(each.goes_on_past(before * self.tick, first.position)
                                 for each in others)
        )  # fmt: skip
        if not is_pause:
            # Pictures after a wrap may refer to those before it.
            has_wrapped = self._has_wrapped(before, first.decoded)
            key = first.decoded if has_wrapped else None
            self.recordings.append(_Recording(first.position, key, first.position, has_wrapped))
            self.jumped_at = first.position
        self._believe(self.doubted)
        self.doubted = []

    def goes_on_past(self, begin: Fraction, position: int) -> bool:
        """Whether this clock continued without a jump while another one had a gap."""
        has_jumped = bool(self.doubted) or self.jumped_at > position - _APART_BYTES
        return not has_jumped and (self.believed or 0) * self.tick > begin + BACKWARDS_SECONDS

    def _believe(self, stamps: Sequence[_Stamp]) -> None:
        for stamp in stamps:
            if abs(stamp.presented - stamp.decoded) * self.tick > FORWARDS_SECONDS:
                self.wrong_from = stamp.position
            else:
                self.recordings[-1].add(stamp)
        self.believed = self._next_after(stamps[-1])

    def _next_after(self, stamp: _Stamp) -> int:
        """The time that the next packet is measured by."""
        return stamp.end if self.lasts else stamp.decoded


def clock_of(
    container: InputContainer,
    stream: VideoStream,
    sounds: Iterable[Stream],
    *,
    has_fragments: bool = False,
) -> SourceClock:
    """Read the whole source and return the corrections of its times."""
    name = container.format.name
    restarts, wraps = name in RESTARTING or has_fragments, WRAPS_SECONDS.get(name)
    watches = {
        each.index: _Watch(each.time_base or Fraction(1), wraps, lasts=has_fragments)
        for each in (stream, *sounds)
    }
    try:
        for packet in packets(container, [container.streams[index] for index in watches]):
            watch = watches[packet.stream_index]
            others = [each for each in watches.values() if each is not watch]
            watch.see(packet, others, restarts=restarts)
    except (av.InvalidDataError, av.EOFError):
        pass  # Reported when the pictures are read.
    picture = watches.pop(stream.index)
    picture.end(watches.values(), restarts=restarts)
    for watch in watches.values():
        watch.end([picture], restarts=restarts)
    wrong = sorted({each for watch in (picture, *watches.values()) for each in watch.wrong})
    shifts = tuple(_shifts(picture, list(watches.values())))
    undecodable = tuple(_undecodable(picture))
    if len(wrong) + len(shifts) + len(undecodable) > _MOST_CHANGES:
        raise Refused(Reason.CORRUPT, "Its clock is wrong in too many places.")
    return SourceClock(shifts, tuple(wrong), undecodable)


def _undecodable(picture: _Watch) -> Iterator[tuple[int, int]]:
    """Yield the byte range of each later recording before its first key picture."""
    positions = [*(recording.position for recording in picture.recordings), picture.position + 1]
    for recording, following in zip(picture.recordings[1:], positions[2:], strict=True):
        end = following if recording.key is None else recording.key_position
        if end > recording.position:
            yield recording.position, end


def _shifts(picture: _Watch, sounds: Sequence[_Watch]) -> Iterable[tuple[int, Fraction]]:
    """Yield position and shift of each recording, so that no gap is before it."""
    recordings = [recording for recording in picture.recordings if recording.first is not None]
    shift = 0
    begins = {recording.position: recording.position for recording in recordings}
    for heard in (recording.position for sound in sounds for recording in sound.recordings[1:]):
        nearest = min(begins, key=lambda position: abs(position - heard))
        if abs(nearest - heard) <= _APART_BYTES:
            begins[nearest] = min(begins[nearest], heard)
    for before, recording in pairwise(recordings):
        assert before.first is not None  # noqa: S101 - filtered above
        assert recording.first is not None  # noqa: S101
        if recording.has_wrapped and picture.wraps_seconds:
            # Exactly, because pictures are reordered across a wrap.
            shift += round(picture.wraps_seconds / picture.tick)
        else:
            shift += before.last + before.step - recording.first
        yield begins[recording.position], shift * picture.tick


def clock_notes(clock: SourceClock, container: str) -> list[str]:
    """One note per kind of correction."""
    notes = list[str]()
    shifts = [Fraction(0), *(seconds for _, seconds in clock.shifts)]
    steps = [after - before for before, after in pairwise(shifts)]
    # The clock of one recording goes on after a wrap.
    steps = [each for each in steps if each != WRAPS_SECONDS.get(container)]
    if steps:
        recordings = len(steps) + 1
        notes.append(f"Its clock starts again: {recordings} parts are shown one after the other.")
    if clock.wrong:
        one = "Times were wrong in one place and were not used."
        many = "Times were wrong in {} places and were not used."
        notes.append(counted(len(clock.wrong), one, many))
    if clock.undecodable:
        notes.append(LEFT_OUT)
    return notes
