"""Facts about the streams of a source, from its header and first pictures."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, takewhile
from typing import cast

import av
from av.audio.stream import AudioStream
from av.codec.context import Flags
from av.container import InputContainer
from av.index import IndexEntry
from av.packet import Packet
from av.sidedata.sidedata import SideData
from av.sidedata.sidedata import Type as SideDataType
from av.stream import Disposition, Stream
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from chalicelib.encoding.model import Finding, Reason
from transcoder.errors import Refused
from transcoder.probing.choice import Listed
from transcoder.probing.model import PictureFacts
from transcoder.probing.opening import packets
from transcoder.probing.promises import tagged_seconds
from transcoder.probing.shapes import WIDEST_PIXEL, pixel_aspect_of
from transcoder.probing.signatures import COUNTED, STANDING

_STILL = Disposition.attached_pic | Disposition.still_image | Disposition.timed_thumbnails
_FOR_SOME = (
    Disposition.visual_impaired
    | Disposition.hearing_impaired
    | Disposition.comment
    | Disposition.descriptions
)
_FIELD_ORDERS = range(2, 6)
# Numbers of ISO/IEC 23091-4.
_MATRICES = {0: "gbr", 1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m",
             9: "bt2020nc", 10: "bt2020c"}  # fmt: skip
_TRANSFERS = {
    1: "bt709",
    6: "smpte170m",
    13: "iec61966-2-1",
    14: "bt2020-10",
    15: "bt2020-12",
    16: "smpte2084",
    18: "arib-std-b67",
}
_LOOKED_AT = 8
# Their decoders find key pictures by themselves.
_REFERRING = frozenset({PictureType.P, PictureType.B})
_FIND_KEYS = frozenset({"av1", "h264", "hevc", "vp8", "vp9", "vvc"})
# If times may be decode times, more pictures are decoded, until one is reordered.
_MOST_LOOKED_AT = 60
_MOST_PACKETS = 400
_WHOLE_TURN, _QUARTER_TURN = 360, 90
# For formats without any times.
_USUAL_RATE = Fraction(25)


def listed(
    container: InputContainer, programs: Mapping[int, frozenset[int]], encrypted: Collection[int]
) -> list[Listed]:
    """`programs` and `encrypted` use stream IDs of the container."""
    return [_listed(stream, programs, encrypted) for stream in container.streams]


def _listed(
    stream: Stream, programs: Mapping[int, frozenset[int]], encrypted: Collection[int]
) -> Listed:
    # Never read PyAV's `layout` and `channels`: it frees a custom channel order twice, which
    # crashes or corrupts this process.
    # Without a decoder `codec_context` is None, contrary to its type.
    context = getattr(stream, "codec_context", None)
    metadata = stream.metadata
    duration = (stream.duration or 0) * (stream.time_base or 0)
    return Listed(
        index=stream.index,
        kind=stream.type,
        codec=context.codec.canonical_name if context else "",
        language=metadata.get("language", ""),
        title=metadata.get("title") or metadata.get("name") or "",
        is_default=bool(stream.disposition & Disposition.default),
        is_forced=bool(stream.disposition & Disposition.forced),
        is_still=bool(stream.disposition & _STILL),
        is_for_some=bool(stream.disposition & _FOR_SOME),
        width=context.width if context and isinstance(stream, VideoStream) else 0,
        height=context.height if context and isinstance(stream, VideoStream) else 0,
        seconds=float(duration or tagged_seconds(stream)),
        is_audible=bool(context and isinstance(stream, AudioStream) and context.sample_rate),
        programs=programs.get(stream.id, frozenset()),
        is_encrypted=stream.id in encrypted,
    )


def require_moving(container: InputContainer) -> None:
    """Refuse still pictures: files with too few packets."""
    most = STANDING[container.format.name]
    if sum(1 for _ in islice(packets(container, container.streams), most + 1)) <= most:
        raise Refused(Reason.NOT_VIDEO, Finding.STILL)


def is_empty(container: InputContainer, stream: Stream) -> bool:
    """Whether the file has no packet of the stream, whatever the header declares."""
    with suppress(av.InvalidDataError, av.EOFError):
        return next(packets(container, [stream]), None) is None
    return False


def picture_facts(
    container: InputContainer, stream: VideoStream, crop: tuple[int, int] = (0, 0)
) -> PictureFacts:
    """Decode a few pictures, because headers are often incomplete or wrong."""
    opening = _first_frames(container, stream)
    frames = opening.frames[:_LOOKED_AT]
    first, context = frames[0], stream.codec_context
    is_counted = container.format.name in COUNTED
    combed = sum(frame.interlaced_frame for frame in frames)
    return PictureFacts(
        stream=stream.index,
        codec=context.codec.canonical_name,
        width=first.width,
        height=first.height,
        pixel_format=first.format.name,
        transfer=_TRANSFERS.get(first.color_trc, _TRANSFERS.get(context.color_trc, "")),
        pixel_aspect=pixel_aspect_of(stream.sample_aspect_ratio),
        rotation=_turned(first.rotation),
        is_interlaced=2 * combed > len(frames) or context.field_order in _FIELD_ORDERS,
        declared_rate=_rate(stream),
        matrix=_MATRICES.get(first.colorspace, ""),
        first_displayed=None if is_counted or not opening.is_late else first.dts,
        counted_rate=(_rate(stream) or _USUAL_RATE) if is_counted else Fraction(0),
        crop=crop,
        has_false_keys=context.codec.canonical_name not in _FIND_KEYS
        and opening.has_false_keys(stream.index_entries),
        is_stereo_repeated=_is_stereo_repeated(first),
        reordering=None if is_counted else opening.reordering(stream.time_base),
    )


@dataclass(slots=True)
class _Opening:
    """The first pictures, in presentation order."""

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

    def has_false_keys(self, index: Iterable[IndexEntry]) -> bool:
        """Whether packets or index mark pictures as key pictures that refer to others."""
        if self.keys == self.count:
            return any(each.pict_type in _REFERRING for each in self.frames)
        marked = takewhile(lambda entry: entry.timestamp <= self.decoded, index)
        return sum(entry.is_keyframe for entry in marked) > self.keys + self.count // 2

    def see(self, packet: "Packet[Stream]") -> None:
        self.is_timed = self.is_timed and (packet.pts is not None or packet.dts is None)
        self.is_one_time = self.is_one_time and packet.pts is not None and packet.pts == packet.dts
        self.is_cut = self.is_cut or packet.is_discard or (packet.dts or 0) < 0
        self.count, self.keys = self.count + 1, self.keys + packet.is_keyframe
        self.decoded = max(self.decoded, packet.dts or 0)
        if self.first_decoded is None:
            self.first_decoded = packet.dts

    @property
    def is_in_order(self) -> bool:
        times = [frame.pts for frame in self.frames if frame.pts is not None]
        return times == sorted(times)

    def is_enough(self, stream: VideoStream) -> bool:
        is_doubtful = self.is_one_time and self.is_in_order and stream.codec_context.has_b_frames
        return len(self.frames) >= (_MOST_LOOKED_AT if is_doubtful else _LOOKED_AT)

    @property
    def is_late(self) -> bool:
        """Whether presentation time is the time at which pictures leave the decoder."""
        return not self.is_timed or (self.is_cut and self.is_decoding_time)

    @property
    def is_decoding_time(self) -> bool:
        return self.is_one_time and not self.is_in_order

    def reordering(self, tick: Fraction | None) -> Fraction | None:
        """Return the reordering delay in seconds, if presentation times are decode times."""
        leaves, decoded = self.frames[0].dts, self.first_decoded
        if not self.is_decoding_time or leaves is None or decoded is None:
            return None
        return Fraction(0) if self.is_cut else (leaves - decoded) * (tick or Fraction(0))


def _first_frames(container: InputContainer, stream: VideoStream) -> _Opening:
    opening, seen = _Opening(), 0
    stream.codec_context.thread_count = 1
    # Without it a crop at the left is rounded, and pictures are wider than in FFmpeg.
    stream.codec_context.flags |= Flags.unaligned
    with suppress(av.InvalidDataError, av.EOFError):
        for packet in islice(packets(container, [stream]), _MOST_PACKETS):
            seen += 1
            opening.see(packet)
            if packet.has_sidedata("encryption_info"):
                raise Refused(Reason.ENCRYPTED)
            try:
                opening.frames += stream.decode(packet)
            except av.MemoryError:
                raise Refused(Reason.TOO_MUCH_MEMORY) from None
            except av.FFmpegError:
                continue
            if opening.is_enough(stream):
                break
    if len(opening.frames) < _LOOKED_AT:
        # In a very short video all pictures may still be in the decoder.
        with suppress(av.FFmpegError):
            opening.frames += stream.decode(None)
    if not opening.frames:
        raise Refused(Reason.DAMAGED if seen else Reason.NO_FRAMES)
    return opening


def _is_stereo_repeated(frame: VideoFrame) -> bool:
    # Iterating yields side data, contrary to its type.
    data = cast("Iterable[SideData]", frame.side_data)
    return [each.type for each in data].count(SideDataType.STEREO3D) > 1


def _turned(against_clock: int) -> int:
    """Return the rotation by FFmpeg in quarter turns, as degrees; 0 for any other angle."""
    angle = -against_clock % _WHOLE_TURN
    nearest = round(angle / _QUARTER_TURN) * _QUARTER_TURN
    is_quarter = abs(against_clock) <= _WHOLE_TURN and abs(angle - nearest) <= 1
    return nearest % _WHOLE_TURN if is_quarter else 0


def reordered(picture: PictureFacts) -> list[str]:
    if picture.reordering is None:
        return []
    return ["It says when pictures are decoded, not when they are shown; they are shown in order."]


def misshapen(stream: VideoStream) -> list[str]:
    """A note if the declared pixel aspect ratio is limited."""
    written = stream.sample_aspect_ratio
    if not written or pixel_aspect_of(written) == written:
        return []
    times, most = round(max(written, 1 / written)), WIDEST_PIXEL
    wide = (
        f"Pixels are said to be {times} times as wide as high; they are shown {most} times as wide."
    )
    high = (
        f"Pixels are said to be {times} times as high as wide; they are shown {most} times as high."
    )
    return [wide if written > 1 else high]


def _rate(stream: VideoStream) -> Fraction:
    return stream.average_rate or stream.guessed_rate or Fraction(0)
