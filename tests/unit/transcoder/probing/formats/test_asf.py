"""The header of an ASF says its size and duration, unless it is that of a stream."""

import struct
from fractions import Fraction

import pytest

from chalicelib.encoding.failures import Finding, Reason
from transcoder.errors import Refused
from transcoder.probing.formats.asf import refuse_encrypted, seconds_of, size_of

_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ENCRYPTION = bytes.fromhex("14e68a292226174cb935dae07ee9289c")
_OTHER = bytes(16)


def _object(kind: bytes, content: bytes, size: int | None = None) -> bytes:
    return kind + struct.pack("<Q", len(content) + 24 if size is None else size) + content


def _properties(lasts: float, before: float = 0, flags: int = 2) -> bytes:
    times = struct.pack("<QQQI", int(lasts * 10_000_000), 0, int(before * 1000), flags)
    size = struct.pack("<Q", 4096)
    return _object(_PROPERTIES, bytes(16) + size + bytes(16) + times + bytes(12))


def _seconds(*objects: bytes) -> Fraction:
    data = bytes(30) + b"".join(objects)
    return seconds_of(lambda begin, count: data[begin : begin + count])


@pytest.mark.parametrize(
    ("objects", "seconds"),
    [
        ([_properties(8.5, 3)], Fraction(11, 2)),
        ([_object(_OTHER, bytes(500)), _properties(2)], 2),
        ([_properties(8.5, 3, flags=1)], 0),
        ([_properties(1, 3)], 0),
        ([_object(_PROPERTIES, bytes(60))], 0),
        ([_object(_OTHER, b"", size=0), _properties(2)], 0),
        ([_object(_OTHER, b"", size=2**63), _properties(2)], 0),
        ([b"junk" * 20], 0),
        ([], 0),
    ],
)
def test_it_says_how_long_it_lasts(objects: list[bytes], seconds: Fraction) -> None:
    assert _seconds(*objects) == seconds


@pytest.mark.parametrize(
    ("properties", "size"), [(_properties(2), 4096), (_properties(2, flags=1), 0), (b"", 0)]
)
def test_it_says_how_large_it_is(properties: bytes, size: int) -> None:
    data = bytes(30) + properties
    assert size_of(lambda begin, count: data[begin : begin + count]) == size


def test_one_that_is_encrypted_is_refused() -> None:
    data = bytes(30) + _properties(2)
    refuse_encrypted(lambda begin, count: data[begin : begin + count])
    data += _object(_ENCRYPTION, bytes(8))
    with pytest.raises(Refused) as refused:
        refuse_encrypted(lambda begin, count: data[begin : begin + count])
    assert refused.value.reason is Reason.ENCRYPTED
    assert refused.value.detail == Finding.WINDOWS_MEDIA
