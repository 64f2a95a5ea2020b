"""An Ogg whose first times are below zero, as cutting without encoding leaves them."""

from collections.abc import Sequence
from dataclasses import dataclass

from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from chalicelib.encoding.failures import Finding, Reason
from chalicelib.encoding.plan import BelowZero
from transcoder.errors import Refused
from transcoder.probing.files.opening import packets

_DEMUXER, _CODEC = "ogg", "theora"
# libavformat reads a number of a picture below zero without its sign: as one beyond this.
_UNSIGNED = 1 << 32
NOTE = "Its first times are below zero, as cutting without encoding leaves them."


def below_zero(
    container: InputContainer, video: VideoStream, sounds: Sequence[Stream]
) -> tuple[BelowZero, ...]:
    """Return for each stream until where its times are wrong, and what they are."""
    codec = video.codec_context.codec.canonical_name
    if container.format.name != _DEMUXER or codec != _CODEC:
        return ()
    picture, heard = _Picture(video.index), {each.index: _Sound(each.index) for each in sounds}
    for packet in packets(container, [video, *sounds]):
        heard.get(packet.stream_index, picture).see(packet)
        if picture.is_over and (not picture.count or all(s.is_over for s in heard.values())):
            break
    wrong = (picture.wrong, *(each.wrong for each in heard.values() if each.later))
    return wrong if picture.count else ()


@dataclass(slots=True)
class _Picture:
    """The pictures follow each other without a gap; only so their times are known."""

    stream: int
    first: int | None = None
    zero: int = 0
    count: int = 0
    end: int = 0
    is_over: bool = False

    def see(self, packet: "Packet[Stream]") -> None:
        if self.is_over or packet.pts is None:
            return
        if self.first is None:
            # The next power of two is zero.
            self.first, self.zero = packet.pts, 1 << packet.pts.bit_length()
        self.is_over = packet.pts < _UNSIGNED
        self.end = (packet.pos or 0) + (not self.is_over)
        if not self.is_over:
            if packet.pts != self.first + self.count:
                raise Refused(Reason.UNSUPPORTED_FORMAT, Finding.BELOW_ZERO)
            self.count += 1

    @property
    def wrong(self) -> BelowZero:
        return BelowZero(self.stream, self.end, (self.first or 0) - self.zero, is_counted=True)


@dataclass(slots=True)
class _Sound:
    """libavformat counts the first page from 0, and knows the time of the second one."""

    stream: int
    later: int = 0
    end: int = 0
    is_over: bool = False
    _page: int | None = None
    _ends: int = 0

    def see(self, packet: "Packet[Stream]") -> None:
        if self.is_over or packet.pts is None:
            return
        if self._page is None:
            self._page = packet.pos
        elif packet.pos != self._page:
            self.is_over, self.end = True, packet.pos or 0
            self.later = min(0, packet.pts - self._ends) * (packet.pts < 0)
        self._ends = packet.pts + (packet.duration or 0)

    @property
    def wrong(self) -> BelowZero:
        return BelowZero(self.stream, self.end, self.later)
