"""What the header of an ASF says: its size and duration, and whether it is encrypted."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from chalicelib.encoding.failures import Finding, Reason
from transcoder.errors import Refused

_HEAD_BYTES, _HEADER, _OBJECT = 65_536, 30, 24
_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ENCRYPTIONS = frozenset({
    bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e"),
    bytes.fromhex("14e68a292226174cb935dae07ee9289c"),
})  # fmt: skip
# Where properties say how large the file is, how long all lasts, and how much of that comes before
# the first picture.
_SIZE, _LASTS, _BEFORE, _FLAGS, _PROPERTIES_END = 16, 40, 56, 64, 68
_LASTS_PER_SECOND, _BEFORE_PER_SECOND = 10_000_000, 1000
# A stream that was saved does not say where and when it ends.
_IS_STREAM = 1


def refuse_encrypted(read: Callable[[int, int], bytes]) -> None:
    """Refuse one that is encrypted, before libavformat takes what its keys say for sizes."""
    if any(kind in _ENCRYPTIONS for kind, _ in _objects(read(0, _HEAD_BYTES))):
        raise Refused(Reason.ENCRYPTED, Finding.WINDOWS_MEDIA)


def seconds_of(read: Callable[[int, int], bytes]) -> Fraction:
    """Return how long it says it lasts, 0 if it does not."""
    seconds = (
        Fraction(_number(properties, _LASTS), _LASTS_PER_SECOND)
        - Fraction(_number(properties, _BEFORE), _BEFORE_PER_SECOND)
        for properties in _properties(_objects(read(0, _HEAD_BYTES)))
    )
    return max([Fraction(0), *seconds])


def size_of(read: Callable[[int, int], bytes]) -> int:
    """Return how many bytes it says it has, 0 if it does not."""
    properties = _properties(_objects(read(0, _HEAD_BYTES)))
    return max((_number(each, _SIZE) for each in properties), default=0)


def _properties(objects: Iterable[tuple[bytes, bytes]]) -> Iterator[bytes]:
    for kind, content in objects:
        is_known = kind == _PROPERTIES and len(content) >= _PROPERTIES_END
        if is_known and not content[_FLAGS] & _IS_STREAM:
            yield content


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
