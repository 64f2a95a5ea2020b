"""Changes of size and shape in a source, as in calls and between programs of a broadcast."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final, cast

import av
from av.codec.context import Flags
from av.packet import Packet
from av.stream import Stream
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from chalicelib.encoding.failures import Reason
from transcoder.errors import Refused
from transcoder.probing.formats.h264 import units
from transcoder.probing.model import Shape

_SEQUENCE_KINDS = {"h264": (31, 0, 7), "hevc": (126, 1, 33)}
_SEQUENCE, _SEQUENCE_BYTES = b"\0\0\1\xb3", 8
_MPEG = frozenset({"mpeg1video", "mpeg2video"})
# The bytes of a key picture with its size; in VP9 those after it differ in each.
_SIZED = {"vp8": slice(3, 10), "vp9": slice(0, 9)}
_KNOWN = frozenset({*_SEQUENCE_KINDS, *_MPEG, *_SIZED})
_HEAD_BYTES, _SAMPLES = 4096, 64
_MOST_DECODED = 100
WIDEST_PIXEL = Fraction(8)
_DESCRIPTION: Final = "new_extradata"


@dataclass(slots=True)
class Shapes:
    """Compares the headers of key pictures, and decodes one with each header."""

    stream: VideoStream
    # The first shape and each change of it.
    changes: list[Shape] = field(default_factory=list)
    _codec: str = ""
    # The newest extradata, if it has changed.
    _description: bytes = b""
    _decoded: int = 0
    # The pixel aspect ratio of the first picture by its codec.
    _first: Fraction | None = None
    # By header.
    _known: dict[bytes, Shape] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._codec = self.stream.codec_context.codec.canonical_name

    def see(self, packet: "Packet[Stream]", time: int) -> None:
        if self._codec not in _KNOWN:
            return
        if packet.has_sidedata(_DESCRIPTION):
            self._description = bytes(packet.get_sidedata(_DESCRIPTION))
        header = header_of(self._codec, self.stream, bytes(packet)) or self._description
        if header not in self._known and self._decoded < _MOST_DECODED:
            self._decoded += 1
            if shape := self._shape(packet, time):
                self._known[header] = shape
        if not (known := self._known.get(header)):
            return
        shape = replace(known, since=time)
        if not self.changes or replace(shape, since=self.changes[-1].since) != self.changes[-1]:
            self.changes.append(shape)

    def _shape(self, packet: "Packet[Stream]", time: int) -> Shape | None:
        """Decode a key picture; the container's pixel aspect overrides the codec's."""
        written = self.stream.sample_aspect_ratio or Fraction(1)
        context = cast(
            "VideoCodecContext",
            av.CodecContext.create(self._codec, "r"),
        )
        context.thread_count = 1
        # As for the first pictures of the source.
        context.flags |= Flags.unaligned
        context.extradata = self._description or self.stream.codec_context.extradata
        frames = list[VideoFrame]()
        try:
            frames = [*context.decode(packet), *context.decode(None)]
        except av.MemoryError:
            raise Refused(Reason.TOO_MUCH_MEMORY) from None
        except av.FFmpegError:
            return None
        if not frames:
            return None
        own = context.sample_aspect_ratio or Fraction(1)
        if self._first is None:
            self._first = own
        pixel = own if self._first == written else written
        return Shape(time, frames[0].width, frames[0].height, pixel_aspect_of(pixel))


def pixel_aspect_of(written: Fraction | None) -> Fraction:
    """Limit a pixel aspect ratio, which may be absurd; square pixels if it is unknown."""
    if not written or written < 0:
        return Fraction(1)
    return min(max(written, 1 / WIDEST_PIXEL), WIDEST_PIXEL)


def may_change(stream: VideoStream, read: Callable[[int, int], bytes]) -> bool:
    """Whether indexed key pictures have different headers; `read` takes position and count."""
    codec, description = stream.codec_context.codec.canonical_name, stream.codec_context.extradata
    if codec not in _KNOWN:
        return False
    keys = [each for each in stream.index_entries if each.is_keyframe]
    samples = keys[:: max(1, len(keys) // _SAMPLES)]
    headers = {
        header_of(codec, stream, read(each.pos, min(each.size, _HEAD_BYTES))) for each in samples
    } - {b""}
    if codec in _SEQUENCE_KINDS and description:
        return any(each not in description for each in headers)
    return len(headers) > 1


def header_of(codec: str, stream: VideoStream, packet: bytes) -> bytes:
    """Return the part of a key picture with its size; b"" if there is none."""
    if codec in _SIZED:
        return packet[_SIZED[codec]]
    head = packet[:_HEAD_BYTES]
    if codec in _MPEG:
        at = head.find(_SEQUENCE)
        return head[at : at + _SEQUENCE_BYTES] if at >= 0 else b""
    mask, shift, kind = _SEQUENCE_KINDS[codec]
    in_bytes = length_bytes(codec, stream.codec_context.extradata or b"")
    return next((unit for unit in units(head, in_bytes) if (unit[0] & mask) >> shift == kind), b"")


def length_bytes(codec: str, headers: bytes) -> int:
    """Return the bytes of the length before each NAL unit; 0 with start codes."""
    if headers[:1] != b"\1":
        return 0
    at = 4 if codec == "h264" else 21
    return (headers[at] & 3) + 1 if len(headers) > at else 0
