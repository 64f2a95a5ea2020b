"""Pictures that are not shown: their times overlap others, or they cannot be decoded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from av.video.stream import VideoStream

from chalicelib.encoding.failures import Finding, Reason
from transcoder.counts import counted
from transcoder.errors import Refused
from transcoder.probing.h264 import units
from transcoder.probing.shapes import length_bytes

HEVC = "hevc"
_MOST_OVERLAPPING = 0.75
# Kinds of NAL units in HEVC: pictures shown before the key picture that precedes them, which may
# refer to it alone, or to earlier ones as well; key pictures; pictures; ends of a sequence.
_WHOLE, _OPEN = frozenset({6, 7}), frozenset({8, 9})
_KEYS, _OPEN_KEY, _PICTURES, _ENDS = range(16, 24), 21, range(32), frozenset({36, 37})
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

    They refer to pictures before a key picture at which decoding begins.
    """

    length_bytes: int
    # Whether the last packet is shown before its key picture, and needs no other.
    is_whole: bool = False
    # How many are left out after the first key picture, and after later ones.
    first: int = 0
    later: int = 0
    _keys: int = 0
    _begins: bool = True
    _skips: bool = False

    @classmethod
    def of(cls, stream: VideoStream) -> Self:
        return cls(length_bytes(HEVC, stream.codec_context.extradata or b""))

    def is_skipped(self, packet: bytes) -> bool:
        kinds = _kinds(packet, self.length_bytes)
        at = next((number for number, kind in enumerate(kinds) if kind in _PICTURES), len(kinds))
        kind = next(iter(kinds[at:]), None)
        self._begins |= not _ENDS.isdisjoint(kinds[:at])
        self.is_whole = kind in _WHOLE
        if kind in _KEYS:
            self._skips, self._begins = kind != _OPEN_KEY or self._begins, False
            self._keys += 1
        # The end of a sequence may close the packet of its last picture.
        self._begins |= not _ENDS.isdisjoint(kinds[at:])
        return self._skips and kind in _OPEN

    def leave_out(self) -> None:
        """Count the last packet as a picture that is not shown."""
        self.first += self._keys == 1
        self.later += self._keys > 1


def is_any_open(stream: VideoStream, packets: Iterable[bytes]) -> bool:
    """Whether packets of HEVC hold pictures that decoders skip where decoding begins."""
    in_bytes = length_bytes(HEVC, stream.codec_context.extradata or b"")
    return any(not _OPEN.isdisjoint(_kinds(packet, in_bytes)) for packet in packets)


def _kinds(packet: bytes, in_bytes: int) -> list[int]:
    return [unit[0] >> 1 & 63 for unit in units(packet, in_bytes)]


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
            one="Not shown is one picture before the first that needs no other.",
            many="Not shown are {} pictures before the first that needs no other.",
        )
    if overlapping:
        yield counted(
            overlapping,
            one="Not shown is one picture that comes at the time of another.",
            many="Not shown are {} pictures that come at the times of others.",
        )
