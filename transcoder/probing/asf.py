"""What the header of an ASF says: how long it lasts, and whether it is encrypted."""

from collections.abc import Callable, Iterator
from fractions import Fraction

from chalicelib.encoding.failures import Finding, Reason
from transcoder.errors import Refused

_HEAD_BYTES, _HEADER, _OBJECT = 65_536, 30, 24
_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ENCRYPTIONS = frozenset({
    bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e"),
    bytes.fromhex("14e68a292226174cb935dae07ee9289c"),
})  # fmt: skip
# Where properties say how long all lasts, and how much of that comes before the first picture.
_LASTS, _BEFORE, _FLAGS, _PROPERTIES_END = 40, 56, 64, 68
_LASTS_PER_SECOND, _BEFORE_PER_SECOND = 10_000_000, 1000
# A stream that was saved does not say when it ends.
_IS_STREAM = 1


def seconds_of(read: Callable[[int, int], bytes]) -> Fraction:
    """Return how long it says it lasts, 0 if it does not; refuse one that is encrypted."""
    seconds = Fraction(0)
    for kind, content in _objects(read(0, _HEAD_BYTES)):
        if kind in _ENCRYPTIONS:
            raise Refused(Reason.ENCRYPTED, Finding.WINDOWS_MEDIA)
        is_known = kind == _PROPERTIES and len(content) >= _PROPERTIES_END
        if is_known and not content[_FLAGS] & _IS_STREAM:
            lasts = Fraction(_number(content, _LASTS), _LASTS_PER_SECOND)
            seconds = max(seconds, lasts - Fraction(_number(content, _BEFORE), _BEFORE_PER_SECOND))
    return seconds


def _objects(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind of each object of the header, and what is in it."""
    at = _HEADER
    while at + _OBJECT <= len(head):
        size = _number(head, at + 16)
        yield head[at : at + 16], head[at + _OBJECT : at + size]
        if size < _OBJECT:
            return
        at += size


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 8], "little")
