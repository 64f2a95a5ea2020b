"""Damaged pictures, complaints of the decoder, and what they explain, read from its log."""

import re
from collections import deque
from dataclasses import dataclass, field

from chalicelib.encoding.picture_evidence import Excused
from transcoder.ffmpeg.opening import BEGINNING_ANYWHERE

_LEAVES = re.compile(r"decoder -> pts:(\S+)")
_DROPPED = re.compile(r"Avoiding reinit; dropping frame pts: (\S+)")
_KEY = re.compile(r"keyframe:(\d)")
_REFUSED, _FAILED = "Error submitting packet", "Decoding error: "
FLAGGED = re.compile("corrupt (decoded frame|input packet)")
# Complaints of demuxers and decoders; not of protocols, filters, encoders and muxers.
_OTHERS = r"http|tcp|vost|out#|enc:|fc#|[av]f#|Parsed_|graph|libx264|sw"
_COMPLAINT = re.compile(rf"\[(?!{_OTHERS})(in#)?[\w/:,.#-]+ @ 0x[0-9a-f]+\] \[(?:error|fatal)\]")
# Decoders of these codecs flag concealed pictures; of others, complaints are counted.
_FLAGGING = frozenset({
    "flv1", "h261", "h263", "h263i", "h263p", "h264", "mpeg1video", "mpeg2video", "mpeg4",
    "prores", "rv10", "rv20",
})  # fmt: skip
# Most pictures that are read and have not left the decoder: 8 packets in its queue, and up to 16
# pictures for reordering.
_IN_FLIGHT = 24


@dataclass(frozen=True, slots=True)
class DecodedPicture:
    """A picture that has left the decoder."""

    time: str = ""
    is_damaged: bool = False
    # Damaged, or between a damaged picture and the next key picture.
    is_affected: bool = False
    # A complaint explains missing pictures before it.
    is_excused: bool = False
    # It may refer to pictures that were never decoded: it came before the first key picture.
    is_before_key: bool = False


@dataclass(slots=True)
class DamageReader:
    """Matches pictures that leave the decoder with those that reach the filters, in order."""

    codec: str = ""
    # Whether times are numbers of pictures, so that missing ones are missing at the end.
    is_counted: bool = False
    errors: int = 0
    discarded: int = 0
    # Packets of which nothing could be decoded before the first picture.
    early: int = 0
    # Pictures between decoder and filters.
    on_the_way: deque[DecodedPicture] = field(default_factory=deque)
    # Pictures since the last complaint, and whether a key picture was among them; None if the
    # complaint is too long ago to explain missing pictures.
    _since: int | None = None
    _is_key_past: bool = False
    _is_any_past: bool = False
    _is_any_key: bool = False
    _is_next_damaged: bool = False
    _is_affected: bool = False

    @property
    def is_excused(self) -> bool:
        """Whether a complaint explains that the next pictures are missing."""
        return self._since is not None

    def read_line(self, line: str) -> None:
        self.early += not self._is_any_past and (_REFUSED in line or _FAILED in line)
        # It may be in the middle of a line of another thread.
        if left := _LEAVES.search(line):
            self._leave(left[1], is_key=(key := _KEY.search(line)) is not None and key[1] == "1")
        elif dropped := _DROPPED.search(line):
            self._drop(dropped[1])
        if flagged := FLAGGED.search(line):
            self._complain()
            self._is_next_damaged = self._is_next_damaged or "frame" in flagged[1]
        elif complaint := _COMPLAINT.search(line):
            self._complain()
            self._suspect(line, is_demuxer=bool(complaint[1]))

    def arrived(self) -> DecodedPicture:
        """Return the next picture that reaches the filters."""
        return self.on_the_way.popleft() if self.on_the_way else DecodedPicture()

    def _complain(self) -> None:
        self.errors += 1
        self._since, self._is_key_past = 0, False

    def _suspect(self, line: str, *, is_demuxer: bool) -> None:
        # Later pictures may refer to the one that is refused; some decoders flag no key pictures.
        self._is_affected = self._is_affected or (_REFUSED in line and self._is_any_key)
        if self.codec in _FLAGGING or is_demuxer:
            return
        # Complaints before the first picture belong to none, and a refused picture never leaves the
        # decoder.
        self._is_next_damaged = self._is_any_past and _REFUSED not in line

    def _leave(self, time: str, *, is_key: bool) -> None:
        is_damaged, self._is_next_damaged = self._is_next_damaged, False
        self._is_any_past, self._is_any_key = True, self._is_any_key or is_key
        is_before_key = self.codec in BEGINNING_ANYWHERE and not self._is_any_key
        self._is_affected = is_damaged or is_before_key or (self._is_affected and not is_key)
        self.on_the_way.append(
            DecodedPicture(time, is_damaged, self._is_affected, self.is_excused, is_before_key)
        )
        if self._since is not None:
            self._since += 1
            self._is_key_past = self._is_key_past or is_key
            is_long_ago = self._is_key_past and self._since >= _IN_FLIGHT
            if is_long_ago and not self.is_counted:
                self._since = None

    def _drop(self, time: str) -> None:
        """Filters that buffer pictures may still hold earlier ones."""
        self.discarded += 1
        dropped = next((each for each in self.on_the_way if each.time == time), None)
        if dropped is not None:
            self.on_the_way.remove(dropped)


@dataclass(slots=True)
class Excuses:
    """Counts the missing pictures of a chunk that complaints explain.

    Pictures are numbered as frames from the start of the chunk.
    """

    frames: int
    _spanned: int = 0
    _came: int = 0
    _begin: bool = False
    _end: bool = False
    _longest_hold: int = 0
    _is_any_own: bool = False
    _furthest: int = -1

    def see(self, number: int, *, is_excused: bool) -> None:
        """`is_excused`: a complaint explains the pictures missing since the previous one."""
        if number >= 0 and not self._is_past:
            if is_excused:
                self._spanned += max(0, min(number, self.frames - 1) - self._furthest)
            if number < self.frames:
                self._see_own(number, is_excused=is_excused)
            else:
                self._end = is_excused
                self._begin = self._begin if self._is_any_own else is_excused
        self._furthest = max(self._furthest, number)

    def _see_own(self, number: int, *, is_excused: bool) -> None:
        if is_excused:
            self._came += 1
        elif self._is_any_own:
            self._longest_hold = max(self._longest_hold, number - self._furthest)
        if not self._is_any_own:
            self._begin, self._is_any_own = is_excused, True

    @property
    def _is_past(self) -> bool:
        return self._furthest >= self.frames

    def until_the_end(self, *, is_excused: bool) -> Excused:
        """Return what complaints explain; `is_excused` adds all pictures after the last one."""
        is_rest = is_excused and not self._is_past
        return Excused(
            frames=self._spanned + is_rest * max(0, self.frames - 1 - self._furthest),
            count=self._came,
            begin=self._begin or (is_rest and not self._is_any_own),
            end=self._end or is_rest,
            longest_hold=self._longest_hold,
        )
