"""Pictures of an MP4 that are lost because its index lists them with no bytes."""

from av.video.stream import VideoStream

_LISTS_PACKETS = "mov"
# Of others, such as QuickTime Animation, nothing may stand for a picture like the one before.
_ALWAYS_HAS_BYTES = frozenset({"av1", "h264", "hevc", "mpeg2video", "mpeg4", "prores", "vp9"})


def empty_samples(stream: VideoStream) -> int:
    """Count them; libavformat does not deliver them."""
    if not stream.container.format.name.startswith(_LISTS_PACKETS):
        return 0
    if stream.codec_context.codec.canonical_name not in _ALWAYS_HAS_BYTES:
        return 0
    return sum(1 for each in stream.index_entries if not each.size and not each.is_discard)


def share_of(lost: int, displayed: int) -> int:
    """Return how many of the displayed pictures are as large a share of all as the lost ones."""
    return round(displayed * lost / (displayed + lost)) if lost else 0
