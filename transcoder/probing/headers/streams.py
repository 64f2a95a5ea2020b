"""Facts about the streams of a source, from its header and first pictures."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import islice
from typing import cast

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.index import IndexEntry
from av.sidedata.sidedata import SideData
from av.sidedata.sidedata import Type as SideDataType
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange
from av.video.stream import VideoStream

from chalicelib.encoding.failures import Finding, Reason
from transcoder.errors import Refused
from transcoder.ffmpeg.graph import NOT_CONVERTED
from transcoder.probing.files.opening import packets
from transcoder.probing.files.promises import tagged_seconds
from transcoder.probing.formats.signatures import COUNTED, STANDING
from transcoder.probing.headers.choice import Listed
from transcoder.probing.model import PictureFacts
from transcoder.probing.pictures.first_pictures import LOOKED_AT, first_pictures
from transcoder.probing.pictures.shapes import WIDEST_PIXEL, pixel_aspect_of

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
             8: "ycgco", 9: "bt2020nc", 10: "bt2020c", 11: "smpte2085", 12: "chroma-derived-nc",
             13: "chroma-derived-c", 14: "ictcp", 15: "ipt-c2", 16: "ycgco-re",
             17: "ycgco-ro"}  # fmt: skip
_UNSPECIFIED = 2
# Those that pictures without labels may be given.
_SCALED = {key: _MATRICES[key] for key in (1, 4, 5, 6, 7, 9)}
_TRANSFERS = {
    1: "bt709",
    6: "smpte170m",
    13: "iec61966-2-1",
    14: "bt2020-10",
    15: "bt2020-12",
    16: "smpte2084",
    18: "arib-std-b67",
}
# It never says when pictures are shown.
_DECODING_TIMES = "avi"
# Of other containers libavformat makes an index, in which any packet may be a key picture.
_INDEXED = frozenset({"avi", "matroska", "mov"})
_WHOLE_TURN, _QUARTER_TURN = 360, 90
# Below it, the pixel aspect ratio is that of fields already.
_FIELD = Fraction(2, 3)
# Sizes of SMPTE D-10 (IMX), with lines of the blanking interval above the picture.
_BLANKING = {(720, 608): 32, (720, 512): 26}
# Its display aspect ratios, of the picture alone, and their tolerance.
_SHAPES, _ROUNDING = (Fraction(4, 3), Fraction(16, 9)), Fraction(1, 100)
# For formats without any times.
_USUAL_RATE = Fraction(25)
# Those of which the pictures may say how many a second they are.
_DECLARED = frozenset({"h264", "hevc"})


def listed(
    container: InputContainer,
    programs: Mapping[int, frozenset[int]],
    encryptions: Mapping[int, Finding],
) -> list[Listed]:
    """`programs` and `encryptions` use stream IDs of the container."""
    return [_listed(stream, programs, encryptions) for stream in container.streams]


def _listed(
    stream: Stream, programs: Mapping[int, frozenset[int]], encryptions: Mapping[int, Finding]
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
        is_for_deaf=bool(stream.disposition & Disposition.hearing_impaired),
        width=context.width if context and isinstance(stream, VideoStream) else 0,
        height=context.height if context and isinstance(stream, VideoStream) else 0,
        seconds=float(duration or tagged_seconds(stream)),
        is_audible=bool(context and isinstance(stream, AudioStream) and context.sample_rate),
        programs=programs.get(stream.id, frozenset()),
        encryption=encryptions.get(stream.id),
    )


def require_moving(container: InputContainer) -> None:
    """Refuse still pictures: files with too few packets."""
    most = STANDING[container.format.name]
    if sum(1 for _ in islice(packets(container, container.streams), most + 1)) <= most:
        raise Refused(Reason.NOT_VIDEO, Finding.STILL)


def picture_facts(
    container: InputContainer, stream: VideoStream, crop: tuple[int, int] = (0, 0)
) -> PictureFacts:
    """Decode a few pictures, because headers are often incomplete or wrong."""
    context = stream.codec_context
    # Decoding replaces them by those of the pictures, even if these declare none.
    transfer, matrix, extent = context.color_trc, context.colorspace, context.color_range
    opening = first_pictures(container, stream)
    frames = opening.frames[:LOOKED_AT]
    first = frames[0]
    is_counted = container.format.name in COUNTED
    codec = context.codec.canonical_name
    labels = (first.color_trc, first.colorspace, first.color_primaries)
    combed = sum(frame.interlaced_frame for frame in frames)
    # libavcodec marks pictures of HEVC that are one field, and delivers each by itself.
    has_fields = codec == "hevc" and 2 * combed > len(frames)
    aspect, size = pixel_aspect_of(stream.sample_aspect_ratio), (first.width, first.height)
    blanking = _blanking_rows(codec, first.format.name, size, aspect, crop)
    # The declared shape is that of the picture alone.
    aspect *= 1 - Fraction(blanking, first.height)
    return PictureFacts(
        stream=stream.index,
        codec=codec,
        width=first.width,
        height=first.height,
        pixel_format=first.format.name,
        transfer=_TRANSFERS.get(
            first.color_trc if first.color_trc != _UNSPECIFIED else transfer, ""
        ),
        pixel_aspect=aspect / 2 if has_fields and aspect > _FIELD else aspect,
        rotation=_turned(first.rotation),
        is_interlaced=(2 * combed > len(frames) and not has_fields)
        or context.field_order in _FIELD_ORDERS,
        declared_rate=_rate(stream),
        matrix=_MATRICES.get(first.colorspace, ""),
        first_displayed=None if is_counted or not opening.is_late else first.dts,
        counted_rate=_counted_rate(container.format.name, stream) if is_counted else Fraction(0),
        crop=crop,
        blanking=blanking,
        has_false_keys=opening.has_false_keys(_stored_index(container, stream)),
        first_refreshed=opening.first_refreshed,
        is_stereo_repeated=_is_stereo_repeated(first),
        container_matrix=_SCALED.get(matrix, "") if first.colorspace == _UNSPECIFIED else "",
        container_range="pc" if {*labels} == {_UNSPECIFIED} and extent == ColorRange.JPEG else "",
        reordering=None if is_counted else opening.reordering(stream.time_base),
    )


def _blanking_rows(
    codec: str,
    pixel_format: str,
    size: tuple[int, int],
    pixel_aspect: Fraction,
    crop: tuple[int, int],
) -> int:
    """Return the rows above the picture that are none of it."""
    width, height = size
    is_broadcast = (codec, pixel_format) == ("mpeg2video", "yuv422p") and any(
        abs(width * pixel_aspect / height - shape) < _ROUNDING for shape in _SHAPES
    )
    # A container that crops rows says itself what is shown.
    return _BLANKING.get(size, 0) if is_broadcast and not crop[1] else 0


def _stored_index(container: InputContainer, stream: VideoStream) -> Iterable[IndexEntry]:
    is_stored = container.format.name.split(",")[0] in _INDEXED
    return stream.index_entries if is_stored else ()


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


def reordered(container: InputContainer, picture: PictureFacts) -> list[str]:
    if picture.reordering is None or container.format.name == _DECODING_TIMES:
        return []
    return ["It says when pictures are decoded, not when they are shown; they are shown in order."]


def blanked(picture: PictureFacts) -> list[str]:
    """A note if rows are left out, which the file does not say."""
    rows = picture.blanking
    note = f"Its upper {rows} rows are taken for lines of the blanking interval and not shown."
    return [note] if rows else []


def recoloured(picture: PictureFacts) -> list[str]:
    """A note if the colours cannot be converted as the pictures declare."""
    matrix = picture.matrix
    note = f"Its colours are stored in a way that is not followed ({matrix}); they may look wrong."
    return [note] if matrix in NOT_CONVERTED else []


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


def _counted_rate(demuxer: str, stream: VideoStream) -> Fraction:
    # libavformat takes 25, whatever the pictures say.
    declared = stream.codec_context.framerate if demuxer in _DECLARED else None
    return declared or _rate(stream) or _USUAL_RATE


def _rate(stream: VideoStream) -> Fraction:
    return stream.average_rate or stream.guessed_rate or Fraction(0)
