"""H.264 whose pictures are refreshed part by part, as its recovery points declare."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from av.video.stream import VideoStream

from transcoder.probing.h264 import HEAD_BYTES, Bits, Headers, units

_SEI, _RECOVERY_POINT, _LONGER = 6, 6, 255
_MOST_READ = 8
# The standard counts reference pictures; between two of them there may be another one.
_PICTURES_PER_REFERENCE = 2


@dataclass(slots=True)
class Refreshes:
    """Measures, picture by picture, how far back decoding must begin to show a whole picture."""

    # None if the codec is another one.
    headers: Headers | None
    _recovered_after: int = 0
    _longest: int = 0
    _since_key: int = 0

    def see(self, *, is_key: bool, head: Callable[[], bytes]) -> None:
        if self.headers is None:
            return
        self._since_key += 1
        if is_key:
            self._longest, self._since_key = max(self._longest, self._since_key), 0
            after = recovered_after(head(), self.headers)
            self._recovered_after = max(self._recovered_after, after)

    @property
    def pictures(self) -> int:
        """0 if key pictures are whole; one key picture more, because encoders declare too few."""
        after = self._recovered_after
        return self._longest + _PICTURES_PER_REFERENCE * after if after else 0


def indexed_refresh(stream: VideoStream, read: Callable[[int, int], bytes]) -> int:
    """Return it from the index and its first key pictures; `read` takes position and count."""
    context = stream.codec_context
    if context.codec.canonical_name != "h264":
        return 0
    refreshes, keys = Refreshes(Headers.of(context.extradata or b"")), 0
    for each in stream.index_entries:
        is_read = each.is_keyframe and keys < _MOST_READ
        keys += is_read
        head = partial(read, each.pos, min(each.size, HEAD_BYTES)) if is_read else bytes
        refreshes.see(is_key=each.is_keyframe, head=head)
    return refreshes.pictures


def recovered_after(packet: bytes, headers: Headers) -> int:
    there = units(packet[:HEAD_BYTES], headers.length_bytes)
    return max((_count(unit) for unit in there if unit[0] & 31 == _SEI), default=0)


def _count(unit: bytes) -> int:
    """Return `recovery_frame_cnt`; 0 without a recovery point."""
    bits = Bits(unit)
    while (kind := _long(bits)) or not bits.is_over:
        size = _long(bits)
        if kind == _RECOVERY_POINT:
            return bits.number()
        bits.take(8 * size)
    return 0


def _long(bits: Bits) -> int:
    total = 0
    while (byte := bits.take(8)) == _LONGER:
        total += byte
    return total + byte
