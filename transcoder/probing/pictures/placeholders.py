"""Packets without a picture of their own: placeholders of MPEG-4 (`vop_coded` = 0), and fields."""

from collections.abc import Callable
from dataclasses import dataclass

from av.video.stream import VideoStream

from transcoder.probing.formats.h264 import Fields
from transcoder.probing.pictures.leading import LeadingPictures

CODEC = "mpeg4"
LARGEST_BYTES = 8
_PICTURE, _B_PICTURE = b"\0\0\1\xb6", 2


def is_packed(packet: bytes) -> bool:
    """Whether a packet holds several pictures, so that decoders need not delay any."""
    return packet.count(_PICTURE) > 1


def begins_with_b(packet: bytes) -> bool:
    """Whether the first picture of a packet refers to a later one."""
    at = packet.find(_PICTURE) + len(_PICTURE)
    return len(_PICTURE) <= at < len(packet) and packet[at] >> 6 == _B_PICTURE


@dataclass(slots=True)
class Placeholders:
    """Recognises packets without a picture, one after the other in decoding order.

    DivX packs two pictures into one packet; a placeholder then stands for the second.
    """

    # None if times show which pictures decoders drop.
    leading: LeadingPictures | None = None
    owed: int = 0

    def is_one(self, packet: bytes) -> bool:
        if len(packet) > LARGEST_BYTES:
            dropped = self.leading.dropped_in(packet) if self.leading else 0
            delivered = max(1, packet.count(_PICTURE)) - dropped
            self.owed += max(0, delivered - 1)
            return delivered == 0
        if self.owed:
            self.owed -= 1
            return False
        return True


def no_picture(
    stream: VideoStream, leading: LeadingPictures | None
) -> Callable[[bytes], bool] | None:
    """Return a predicate for packets without a picture; None if there are none.

    It expects all packets in decoding order.
    """
    context = stream.codec_context
    codec = context.codec.canonical_name
    if codec == CODEC:
        return Placeholders(leading).is_one
    if leading:
        return lambda packet: leading.dropped_in(packet) > 0
    fields = Fields.of(codec, context.extradata or b"")
    return fields.is_second if fields else None
