"""Changes of the display aspect ratio in a source, as between two programs of a broadcast."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, cast

import av
from av.packet import Packet
from av.stream import Stream
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from transcoder.probing.h264 import units

_SEQUENCE_KINDS = {"h264": (31, 0, 7), "hevc": (126, 1, 33)}
_SEQUENCE, _SEQUENCE_BYTES = b"\0\0\1\xb3", 8
_MPEG = frozenset({"mpeg1video", "mpeg2video"})
# The bytes of a key picture with its size.
_SIZED = {"vp8": slice(3, 10), "vp9": slice(0, 10)}
_KNOWN = frozenset({*_SEQUENCE_KINDS, *_MPEG, *_SIZED})
_HEAD_BYTES, _SAMPLES = 4096, 64
_MOST_DECODED = 100
_DESCRIPTION: Final = "new_extradata"
# Smaller differences come from rounding to even sizes.
_TOLERATED = Fraction(1, 50)


@dataclass(slots=True)
class Shapes:
    """Compares the headers of key pictures, and decodes one after each change."""

    stream: VideoStream
    # The first tick and the display aspect ratio of each change.
    changes: list[tuple[int, Fraction]] = field(default_factory=list)
    _codec: str = ""
    _header: bytes = b""
    # The newest extradata, if it has changed.
    _description: bytes = b""
    _decoded: int = 0
    _first: Fraction | None = None
    _newest: Fraction | None = None

    def __post_init__(self) -> None:
        self._codec = self.stream.codec_context.codec.canonical_name

    def see(self, packet: "Packet[Stream]", time: int) -> None:
        if self._codec not in _KNOWN:
            return
        if packet.has_sidedata(_DESCRIPTION):
            self._description = bytes(packet.get_sidedata(_DESCRIPTION))
        header = header_of(self._codec, self.stream, bytes(packet)) or self._description
        is_same = header == self._header and self._newest is not None
        if is_same or self._decoded >= _MOST_DECODED:
            return
        self._header, self._decoded = header, self._decoded + 1
        aspect = self._aspect(packet)
        if aspect is None:
            return
        if self._newest is not None and abs(aspect / self._newest - 1) > _TOLERATED:
            self.changes.append((time, aspect))
            self._newest = aspect
        self._newest = self._newest or aspect

    def _aspect(self, packet: "Packet[Stream]") -> Fraction | None:
        """Return the display aspect ratio; the container's pixel aspect overrides the codec's."""
        written = self.stream.sample_aspect_ratio or Fraction(1)
        context = cast(
            "VideoCodecContext",
            av.CodecContext.create(self._codec, "r"),
        )
        context.thread_count = 1
        context.extradata = self._description or self.stream.codec_context.extradata
        frames = list[VideoFrame]()
        with suppress(av.FFmpegError):
            frames = [*context.decode(packet), *context.decode(None)]
        if not frames:
            return None
        own = context.sample_aspect_ratio or Fraction(1)
        if self._first is None:
            self._first = own
        pixel = own if self._first == written else written
        return frames[0].width * pixel / frames[0].height


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
    length_bytes = _length_bytes(codec, stream.codec_context.extradata or b"")
    return next(
        (unit for unit in units(head, length_bytes) if (unit[0] & mask) >> shift == kind), b""
    )


def _length_bytes(codec: str, headers: bytes) -> int:
    """Return the bytes of the length before each NAL unit; 0 with start codes."""
    if headers[:1] != b"\1":
        return 0
    at = 4 if codec == "h264" else 21
    return (headers[at] & 3) + 1 if len(headers) > at else 0
