"""MPEG-2 without times of its pictures: they are counted, as fast as they declare."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from fractions import Fraction

from av.container import InputContainer
from av.video.stream import VideoStream

from chalicelib.encoding.failures import Finding, Reason
from transcoder.errors import Refused
from transcoder.probing.files.opening import packets
from transcoder.probing.model import PictureFacts
from transcoder.probing.times.timeline import video_of

# Of the second one libavformat invents times, of 25 pictures a second.
MAY_BE_UNTIMED, _INVENTED, _FIELDS = frozenset({"mpeg", "mpegvideo"}), "mpegvideo", 2


def counted_if_untimed(
    source: Callable[..., AbstractContextManager[InputContainer]],
    picture: PictureFacts,
    *,
    has_sound: bool,
) -> PictureFacts:
    """Raise `Refused` if there is sound: nothing says when it begins."""
    with source() as container:
        rate = _mean_rate(container, video_of(container, picture.stream))
    if not rate:
        return picture
    if has_sound:
        raise Refused(Reason.UNSUPPORTED_FORMAT, Finding.UNTIMED)
    return replace(picture, counted_rate=rate)


def _mean_rate(container: InputContainer, stream: VideoStream) -> Fraction:
    """Return the rate, which repeated fields make slower; 0 if there are times."""
    # That of the container is measured by times.
    declared, count, fields = stream.codec_context.framerate or Fraction(0), 0, 0
    for packet in packets(container, [stream]):
        is_timed = packet.pts is not None or packet.dts is not None
        if is_timed and container.format.name != _INVENTED:
            return Fraction(0)
        seconds = (packet.duration or 0) * (stream.time_base or 0)
        fields += max(_FIELDS, round(seconds * declared * _FIELDS))
        count += 1
    return declared * _FIELDS * count / fields if fields else Fraction(0)
