"""Headers of H.264: parameters, the first slice of a picture, and recovery points."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Self

from av.video.stream import VideoStream

_SEQUENCE = 7
_PLAIN, _IDR = 1, 5
_WITH_CHROMA = (100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135)
START_CODE = b"\0\0\1"
# The syntax elements come early; a picture may have megabytes.
HEAD_BYTES, _UNIT_BYTES = 4096, 256
_LONGEST_CODE = 32
_SEI, _RECOVERY_POINT, _LONGER = 6, 6, 255
_MOST_READ = 8
# The standard counts reference pictures; between two of them there may be another one.
_PICTURES_PER_REFERENCE = 2


@dataclass(frozen=True, slots=True)
class Sequence:
    number_bits: int
    # `separate_colour_plane_flag`
    has_planes: bool
    has_fields: bool
    # `gaps_in_frame_num_value_allowed_flag`
    may_skip: bool


@dataclass(frozen=True, slots=True)
class Slice:
    """`frame_num`; parity of the field, None for a whole picture."""

    number: int
    field: int | None
    is_reference: bool


@dataclass(frozen=True, slots=True)
class Headers:
    # Bytes of the length before each unit; 0 with start codes.
    length_bytes: int
    sequence: Sequence

    @classmethod
    def of(cls, headers: bytes) -> Self | None:
        """Return None if there are no sequence parameters."""
        if not headers:
            return None
        is_counted = headers[0] == 1
        length_bytes = (headers[4] & 3) + 1 if is_counted and len(headers) > _SEQUENCE else 0
        there = units(headers[6:], 2) if is_counted else units(headers, 0)
        unit = next((unit for unit in there if unit[0] & 31 == _SEQUENCE), None)
        return cls(length_bytes, _sequence(Bits(unit))) if unit else None

    def sequence_in(self, packet: bytes) -> Sequence | None:
        there = units(packet[:HEAD_BYTES], self.length_bytes)
        unit = next((each for each in there if each[0] & 31 == _SEQUENCE), None)
        return _sequence(Bits(unit)) if unit else None

    def first_slice(self, packet: bytes) -> Slice | None:
        there = units(packet[:HEAD_BYTES], self.length_bytes)
        unit = next((each for each in there if each[0] & 31 in (_PLAIN, _IDR)), None)
        return self._slice(unit[0], Bits(unit)) if unit else None

    def _slice(self, head: int, bits: "Bits") -> Slice:
        for _ in ("first block", "kind", "picture parameters"):
            bits.number()
        if self.sequence.has_planes:
            bits.take(2)
        number = bits.take(self.sequence.number_bits)
        is_field = self.sequence.has_fields and bits.take(1)
        return Slice(
            number,
            field=bits.take(1) if is_field else None,
            is_reference=bool(head >> 5 & 3),
        )


@dataclass(slots=True)
class Fields:
    """Recognises second fields of pictures in two packets, one after the other in decoding order.

    They count as one picture.
    """

    headers: Headers
    # `frame_num` and parity of the first field that waits for its second one.
    first: tuple[int, int] | None = None

    @classmethod
    def of(cls, codec: str, description: bytes) -> Self | None:
        """Return None if the stream cannot have pictures in two fields."""
        headers = Headers.of(description) if codec == "h264" else None
        return cls(headers) if headers and headers.sequence.has_fields else None

    def is_second(self, packet: bytes) -> bool:
        first = self.headers.first_slice(packet)
        field = (first.number, first.field) if first and first.field is not None else None
        before, self.first = self.first, field
        if field is None or before is None or before != (field[0], 1 - field[1]):
            return False
        self.first = None
        return True


class Bits:
    """Reads the bits of a NAL unit; zeros after its end."""

    def __init__(self, unit: bytes) -> None:
        plain = unit[1:].replace(b"\0\0\3", b"\0\0")
        self._value, self._left = int.from_bytes(plain), 8 * len(plain)

    def take(self, count: int) -> int:
        self._left -= count
        return self._value >> max(0, self._left) & ((1 << count) - 1) if self._left >= 0 else 0

    @property
    def is_over(self) -> bool:
        return self._left <= 0

    def number(self) -> int:
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > _LONGEST_CODE:
                return 0
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        coded = self.number()
        return (coded + 1) // 2 if coded % 2 else -(coded // 2)


def units(data: bytes, length_bytes: int) -> Iterator[bytes]:
    """Yield the beginning of each NAL unit."""
    if length_bytes:
        at = 0
        while at + length_bytes < len(data):
            begin = at + length_bytes
            yield data[begin : begin + _UNIT_BYTES]
            at = begin + int.from_bytes(data[at:begin])
        return
    at = data.find(START_CODE)
    while 0 <= at < len(data) - len(START_CODE):
        following = data.find(START_CODE, at + len(START_CODE))
        end = len(data) if following < 0 else following
        if unit := data[at + len(START_CODE) : min(end, at + _UNIT_BYTES)]:
            yield unit
        at = following


def _sequence(bits: Bits) -> Sequence:
    profile, has_planes = bits.take(8), False
    bits.take(16)
    bits.number()
    if profile in _WITH_CHROMA:
        has_planes = _skip_chroma(bits)
    number_bits = bits.number() + 4
    order = bits.number()
    if order == 0:
        bits.number()
    elif order == 1:
        bits.take(1)
        bits.signed()
        bits.signed()
        for _ in range(min(bits.number(), _UNIT_BYTES)):
            bits.signed()
    bits.number()
    may_skip = bool(bits.take(1))
    bits.number()
    bits.number()
    return Sequence(number_bits, has_planes, has_fields=not bits.take(1), may_skip=may_skip)


def _skip_chroma(bits: Bits) -> bool:
    chroma = bits.number()
    has_planes = chroma == 3 and bool(bits.take(1))  # noqa: PLR2004
    bits.number()
    bits.number()
    bits.take(1)
    if bits.take(1):
        for number in range(12 if chroma == 3 else 8):  # noqa: PLR2004
            if bits.take(1):
                _skip_scaling(bits, 16 if number < 6 else 64)  # noqa: PLR2004
    return has_planes


def _skip_scaling(bits: Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.signed()) % 256
        last = following or last


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
