"""The first pictures of a source, decoded because headers are often incomplete or wrong."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, takewhile

import av
from av.codec.context import Flags
from av.container import InputContainer
from av.index import IndexEntry
from av.packet import Packet
from av.stream import Stream
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from chalicelib.encoding.failures import Finding, Reason
from transcoder.errors import Refused
from transcoder.probing.damage.holes import COUNTING
from transcoder.probing.files.opening import packets
from transcoder.probing.formats.h264 import Headers, recovered_after
from transcoder.probing.pictures.placeholders import CODEC, begins_with_b, is_packed

LOOKED_AT = 8
_REFERRING = frozenset({PictureType.P, PictureType.B})
# Their decoders find key pictures by themselves, or do not tell the kind of a picture.
_FIND_KEYS = frozenset({
    "av1", "h264", "hevc", "mpeg1video", "mpeg2video", "vp8", "vp9", "vvc",
})  # fmt: skip
_UNTYPED = frozenset({"msrle", "rpza", "smc"})
# If times may be decode times, more pictures are decoded, until one is reordered.
_MOST_LOOKED_AT = 60
_MOST_PACKETS = 400


@dataclass(slots=True)
class Opening:
    """The first pictures, in presentation order."""

    codec: str
    # None if the codec is another one.
    headers: Headers | None
    frames: list[VideoFrame] = field(default_factory=list)
    # Whether the source stores presentation times.
    is_timed: bool = True
    # Whether presentation and decode times are equal; decode time of the first packet.
    is_one_time: bool = True
    first_decoded: int | None = None
    # Whether an edit list begins after the first packet, to compensate for reordering.
    is_cut: bool = False
    # Packets, those of them that are marked as key pictures, and the newest decode time.
    count: int = 0
    keys: int = 0
    decoded: int = 0
    # Time of the first key picture, and whether it is refreshed part by part.
    first_key: int | None = None
    is_refreshed: bool = False
    # Whether a packet holds several pictures; None before the first B-picture, which then shares
    # its packet or has one of its own.
    is_packed: bool | None = None
    # Whether times are those of decoding, to which libavformat adds a delay that players leave out.
    is_delayed: bool = False

    @property
    def first_refreshed(self) -> int | None:
        first = self.frames[0].pts
        is_later = first is not None and self.first_key is not None and first > self.first_key
        return first if self.is_refreshed and is_later else None

    def has_false_keys(self, index: Iterable[IndexEntry]) -> bool:
        """Whether packets or index mark pictures as key pictures that refer to others."""
        if self.codec in _FIND_KEYS:
            return False
        if self.keys == self.count:
            kinds = {each.pict_type for each in self.frames}
            return self.codec in _UNTYPED or bool(kinds & _REFERRING)
        marked = takewhile(lambda entry: entry.timestamp <= self.decoded, index)
        return sum(entry.is_keyframe for entry in marked) > self.keys + self.count // 2

    def see(self, packet: "Packet[Stream]") -> None:
        self.is_timed = self.is_timed and (packet.pts is not None or packet.dts is None)
        self.is_one_time = self.is_one_time and packet.pts is not None and packet.pts == packet.dts
        self.is_cut = self.is_cut or packet.is_discard or (packet.dts or 0) < 0
        self.look_for_packed(bytes(packet))
        self.count, self.keys = self.count + 1, self.keys + packet.is_keyframe
        self.decoded = max(self.decoded, packet.dts or 0)
        if packet.is_keyframe and self.first_key is None:
            self.first_key = packet.pts
            headers = self.headers
            self.is_refreshed = headers is not None and recovered_after(bytes(packet), headers) > 0
        if self.first_decoded is None:
            self.first_decoded = packet.dts

    def look_for_packed(self, packet: bytes) -> None:
        if self.codec == CODEC and is_packed(packet):
            self.is_packed = True
        elif self.is_packed is None and self.codec == CODEC and begins_with_b(packet):
            self.is_packed = False

    @property
    def is_in_order(self) -> bool:
        times = [frame.pts for frame in self.frames if frame.pts is not None]
        return times == sorted(times)

    def is_enough(self, stream: VideoStream) -> bool:
        is_doubtful = self.is_one_time and self.is_in_order and stream.codec_context.has_b_frames
        return len(self.frames) >= (_MOST_LOOKED_AT if is_doubtful else LOOKED_AT)

    @property
    def is_late(self) -> bool:
        """Whether presentation time is the time at which pictures leave the decoder."""
        is_delayed = self.is_delayed and self._delay > 0
        return is_delayed or not self.is_timed or self.is_decoding_time

    @property
    def is_decoding_time(self) -> bool:
        return self.is_one_time and not self.is_in_order

    def reordering(self, tick: Fraction | None) -> Fraction | None:
        """Return the reordering delay in seconds, if presentation times are decode times."""
        is_known = self.is_decoding_time or (self.is_packed and not self.is_timed)
        if self.frames[0].dts is None or self.first_decoded is None:
            return None
        if is_known:
            return Fraction(0) if self.is_cut else self._delay * (tick or Fraction(0))
        return self._delay * (tick or Fraction(0)) if self.is_delayed and self._delay else None

    @property
    def _delay(self) -> int:
        """The ticks from the first packet to the one with which its picture leaves."""
        return (self.frames[0].dts or 0) - (self.first_decoded or 0)


def first_pictures(container: InputContainer, stream: VideoStream) -> Opening:
    context = stream.codec_context
    codec = context.codec.canonical_name
    headers = Headers.of(context.extradata or b"") if codec == "h264" else None
    is_delayed = codec == "h264" and container.format.name == COUNTING
    opening = Opening(codec, headers, is_delayed=is_delayed)
    context.thread_count = 1
    # Without it a crop at the left is rounded, and pictures are wider than in FFmpeg.
    context.flags |= Flags.unaligned
    first = islice(packets(container, [stream]), _MOST_PACKETS)
    with suppress(av.InvalidDataError, av.EOFError):
        _decode(opening, stream, first)
        if codec == CODEC and not opening.is_timed and context.has_b_frames:
            for packet in takewhile(lambda _: opening.is_packed is None, first):
                opening.look_for_packed(bytes(packet))
    if len(opening.frames) < LOOKED_AT:
        # In a very short video all pictures may still be in the decoder.
        with suppress(av.FFmpegError):
            opening.frames += stream.decode(None)
    if not opening.frames:
        raise Refused(Reason.CORRUPT if opening.count else Reason.NO_FRAMES)
    return opening


def _decode(opening: Opening, stream: VideoStream, first: "Iterable[Packet[Stream]]") -> None:
    for packet in first:
        opening.see(packet)
        if packet.has_sidedata("encryption_info"):
            raise Refused(Reason.ENCRYPTED, Finding.COMMON_ENCRYPTION)
        try:
            opening.frames += stream.decode(packet)
        except av.MemoryError:
            raise Refused(Reason.TOO_MUCH_MEMORY) from None
        except av.FFmpegError:
            continue
        if opening.is_enough(stream):
            return
