"""A picture that changes its codec is followed up to the table that says so."""

from collections.abc import Sequence

import pytest

from transcoder.probing.headers.codec_changes import CodecChanges, before_change, require_one_codec
from transcoder.probing.headers.programs import SAMPLE_BYTES, Table

_MPEG2, _H264, _AAC, _MPEG1, _PRIVATE = 2, 0x1B, 0x0F, 1, 6
_PICTURE, _TABLE = 300, 0x100
_PROGRAMS = bytes.fromhex("00b00d0001c100000001e100") + bytes(4)


def _packet(number: int, payload: bytes) -> bytes:
    head = bytes([0x47, 0x40 | number >> 8, number & 0xFF, 0x10, 0])
    return (head + payload).ljust(188, b"\xff")


def _tables(kind: int) -> bytes:
    entry = bytes([kind]) + (0xE000 | _PICTURE).to_bytes(2) + b"\xf0\0"
    body = bytes.fromhex("0001c10000e100f000") + entry + bytes(4)
    section = b"\x02" + (0xB000 | len(body)).to_bytes(2) + body
    return _packet(0, _PROGRAMS) + _packet(_TABLE, section)


def _changes(kinds: Sequence[int]) -> bool:
    tables = [Table(1, ((_PICTURE, kind), (301, _AAC)), _TABLE) for kind in kinds]
    try:
        require_one_codec(tables, _PICTURE)
    except CodecChanges as change:
        return change.number == _PICTURE
    return False


@pytest.mark.parametrize(
    ("kinds", "changes"),
    [
        ((_H264,), False),
        ((_H264, _MPEG2), True),
        ((_H264, _AAC), True),
        # One decoder for both, a type that says nothing, a stream that begins as sound.
        ((_MPEG1, _MPEG2), False),
        ((_PRIVATE, _H264), False),
        ((_AAC, _H264), False),
        ((), False),
    ],
)
def test_a_picture_changes_its_codec(kinds: Sequence[int], *, changes: bool) -> None:
    assert _changes(kinds) is changes


@pytest.mark.parametrize("before", [1, 5000, 90_001, *range(170_000, 180_000, 1111)])
@pytest.mark.parametrize("after", [7000, 100_000])
def test_it_is_cut_at_the_first_table_with_another_codec(before: int, after: int) -> None:
    filling = _packet(0x1FFF, b"")
    first = (_tables(_H264) + filling * 98) * (before // 100) + _tables(_H264)
    data = first + filling * (before % 100)
    expected = len(data) + 188
    data += (_tables(_MPEG2) + filling * 98) * (1 + after // 100)
    read = []

    def content(begin: int, count: int) -> bytes:
        read.append(count)
        return data[begin : begin + count]

    assert before_change(_PICTURE, content, len(data)).end == expected
    assert sum(read) <= 60 * SAMPLE_BYTES
