"""What players trim at the begin of a sound, as the codec delay of a Matroska says."""

from fractions import Fraction
from typing import Final

from av.audio.stream import AudioStream
from av.packet import Packet
from av.stream import Stream

_MATROSKA, _COUNT_BYTES = "matroska", 4
_SIDE_DATA: Final = "skip_samples"
# An encoder delays sound by a frame or two.
_USUAL_SECONDS = Fraction(1, 10)


def trimmed_seconds(first: "Packet[Stream]") -> Fraction:
    """Return more than what encoders usually add, by the first packet; otherwise 0."""
    stream = first.stream
    is_said = stream.container.format.name.startswith(_MATROSKA) and first.has_sidedata(_SIDE_DATA)
    if not is_said or not isinstance(stream, AudioStream) or not stream.codec_context.sample_rate:
        return Fraction(0)
    count = int.from_bytes(bytes(first.get_sidedata(_SIDE_DATA))[:_COUNT_BYTES], "little")
    seconds = Fraction(count, stream.codec_context.sample_rate)
    return seconds if seconds > _USUAL_SECONDS else Fraction(0)
