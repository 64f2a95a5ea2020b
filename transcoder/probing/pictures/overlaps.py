"""Pictures that are not shown: their times overlap others, or they cannot be decoded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from av.video.stream import VideoStream

from chalicelib.encoding.failures import Finding, Reason
from transcoder.counts import counted
from transcoder.errors import Refused
from transcoder.probing.formats.h264 import units
from transcoder.probing.pictures.shapes import length_bytes

HEVC = "hevc"
_MOST_OVERLAPPING = 0.75
# Kinds of NAL units in HEVC: pictures shown before the key picture that precedes them, which may
# refer to it alone, or to earlier ones as well; key pictures; pictures; ends of a sequence.
_WHOLE, _OPEN = frozenset({6, 7}), frozenset({8, 9})
_KEYS, _OPEN_KEY, _PICTURES, _ENDS = range(16, 24), 21, range(32), frozenset({36, 37})
# `no_output_of_prior_pics_flag`, in the first byte behind the header of a key picture.
_DROPS = 0x40
LEFT_OUT = "Pictures before the first key picture of a part were left out."


@dataclass(slots=True)
class Overlaps:
    """Recognises, in decoding order, parts that begin before the previous one ends."""

    count: int = 0
    _decoded: int | None = None
    _until: int | None = None

    def has(self, decoded: int, time: int, newest: int | None) -> bool:
        """Whether a picture is in the overlap; `newest` is the latest time so far."""
        before, self._decoded = self._decoded, decoded
        if before is not None and decoded <= before:
            self._until = newest
        is_one = self._until is not None and time <= self._until
        self.count += is_one
        return is_one


@dataclass(slots=True)
class OpenPictures:
    """Recognises, in decoding order, pictures of HEVC that decoders skip, as the standard says.

    They refer to pictures before a key picture at which decoding begins. Where it begins anew after
    the end of a sequence, decoders also drop the pictures that they have not shown yet.
    """

    length_bytes: int
    # Most pictures that decoders hold back because earlier ones may follow.
    reordered: int = 0
    # Whether the last packet is shown before its key picture, and needs no other.
    is_whole: bool = False
    # How many of the pictures before the last packet are dropped: those with the latest times.
    dropped: int = 0
    # How many are left out after the first key picture and after later ones, and dropped in all.
    first: int = 0
    later: int = 0
    at_ends: int = 0
    _keys: int = 0
    _held_back: int = 0
    _begins: bool = True
    _skips: bool = False

    @classmethod
    def of(cls, stream: VideoStream) -> Self:
        context = stream.codec_context
        return cls(length_bytes(HEVC, context.extradata or b""), context.reorder_depth)

    def is_skipped(self, packet: bytes) -> bool:
        there = list(units(packet, self.length_bytes))
        kinds = list(map(_kind, there))
        at = next((number for number, kind in enumerate(kinds) if kind in _PICTURES), len(kinds))
        kind = next(iter(kinds[at:]), None)
        self._begins |= not _ENDS.isdisjoint(kinds[:at])
        self.is_whole, self.dropped = kind in _WHOLE, 0
        if kind in _KEYS:
            self._see_key(there[at])
        # The end of a sequence may close the packet of its last picture.
        self._begins |= not _ENDS.isdisjoint(kinds[at:])
        is_skipped = self._skips and kind in _OPEN
        self._held_back += kind is not None and not is_skipped
        return is_skipped

    def _see_key(self, unit: bytes) -> None:
        is_open = _kind(unit) == _OPEN_KEY
        self._skips, self._begins = not is_open or self._begins, False
        self._keys += 1
        if not self._skips:
            return
        # Before the first key picture nothing can be decoded, and nothing is dropped.
        if self._keys > 1 and (is_open or any(byte & _DROPS for byte in unit[2:3])):
            self.dropped = min(self._held_back, self.reordered)
            self.at_ends += self.dropped
        self._held_back = 0

    def leave_out(self) -> None:
        """Count the last packet as a picture that is not shown."""
        self.first += self._keys == 1
        self.later += self._keys > 1


def is_reduced(stream: VideoStream, packets: Iterable[bytes], *, goes_on: bool) -> bool:
    """Whether decoders of HEVC skip or drop pictures of these, or may do so if it goes on."""
    pictures, is_any_open = OpenPictures.of(stream), False
    for packet in packets:
        if pictures.is_skipped(packet) or pictures.dropped:
            return True
        kinds = map(_kind, units(packet, pictures.length_bytes))
        is_any_open |= not (_OPEN | _ENDS).isdisjoint(kinds)
    return goes_on and is_any_open


def _kind(unit: bytes) -> int:
    return unit[0] >> 1 & 63


def omissions(
    decodable: int, undecodable: int, overlapping: int, skipped: OpenPictures | None = None
) -> Iterator[str]:
    """Say how many are not shown; refuse a source of which these are nearly all."""
    if overlapping > _MOST_OVERLAPPING * decodable:
        raise Refused(Reason.CORRUPT, Finding.ONE_TIME)
    if skipped and skipped.later:
        yield LEFT_OUT
    if before := undecodable + (skipped.first if skipped else 0):
        yield counted(
            before,
            one="The recording begins in the middle:"
            " not shown is one picture before the first that needs no other.",
            many="The recording begins in the middle:"
            " not shown are {} pictures before the first that needs no other.",
        )
    if skipped and skipped.at_ends:
        yield counted(
            skipped.at_ends,
            one="Not shown is one picture before the end of a part, which decoders drop.",
            many="Not shown are {} pictures before ends of parts, which decoders drop.",
        )
    if overlapping:
        yield counted(
            overlapping,
            one="Not shown is one picture that comes at the time of another.",
            many="Not shown are {} pictures that come at the times of others.",
        )
