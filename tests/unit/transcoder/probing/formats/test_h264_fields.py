"""Which packet holds the second field of a picture, by its first bytes."""

import pytest

from tests.builders.bits import bits
from transcoder.probing.formats.h264 import Fields
from transcoder.probing.pictures.placeholders import Placeholders


def _slice(number: int, field: str, *, kind: int = 1) -> bytes:
    """First block 0, an intra slice, parameters 0; field is "10" on top, "11" below, "0" none."""
    return b"\0\0\1" + bytes([0x40 | kind]) + bits(f"1 0001000 1 {number:04b} {field}")


def _sequence(*, has_fields: bool) -> bytes:
    return b"\0\0\1\x67" + bits(
        "01001101 00000000 00010101 1 1 011 010 0 00110 010" + ("0" if has_fields else "1")
    )


def _fields() -> Fields:
    fields = Fields.of("h264", _sequence(has_fields=True))
    assert fields is not None
    return fields


def _second(*packets: bytes) -> list[bool]:
    fields = _fields()
    return [fields.is_second(packet) for packet in packets]


def test_two_fields_of_one_number_are_one_picture() -> None:
    top, bottom = _slice(3, "10"), _slice(3, "11")
    assert _second(top, bottom, top, bottom) == [False, True, False, True]
    assert _second(bottom, top) == [False, True]


def test_whole_pictures_and_lone_fields_are_no_second_ones() -> None:
    assert _second(_slice(3, "0"), _slice(4, "0")) == [False, False]
    assert _second(_slice(3, "10"), _slice(4, "11")) == [False, False]
    assert _second(_slice(3, "10"), _slice(3, "10")) == [False, False]
    assert _second(_slice(3, "10"), _slice(3, "0"), _slice(3, "11")) == [False, False, False]


def test_units_in_front_of_the_picture_are_passed_over() -> None:
    delimiter = b"\0\0\0\1\x09\x10"
    assert _second(delimiter + _slice(3, "10"), delimiter + _slice(3, "11")) == [False, True]


@pytest.mark.parametrize(
    ("codec", "headers"),
    [
        ("h264", _sequence(has_fields=False)),
        ("hevc", _sequence(has_fields=True)),
        ("h264", b""),
        ("h264", b"\1"),
        ("h264", b"\0\0\1\0\0\1"),
        ("h264", b"\1\x4d\0\x15\xff\xe1\xff\xff"),
    ],
)
def test_where_there_are_no_fields_nothing_is_looked_for(codec: str, headers: bytes) -> None:
    assert Fields.of(codec, headers) is None


def test_sizes_in_front_of_units_are_understood() -> None:
    sequence = _sequence(has_fields=True)[3:]
    headers = b"\1\x4d\0\x15\xff\xe1" + len(sequence).to_bytes(2) + sequence
    fields = Fields.of("h264", headers)
    assert fields is not None
    packets = [_slice(3, field)[3:] for field in ("10", "11")]
    assert [fields.is_second(len(p).to_bytes(4) + p) for p in packets] == [False, True]


@pytest.mark.parametrize("packet", [b"", b"\0", b"\0\0\1", b"\0\0\1\x41", b"\xff" * 5000])
def test_nonsense_is_no_field(packet: bytes) -> None:
    assert _second(packet, packet) == [False, False]


def test_a_picture_that_is_not_coded_is_none_unless_another_packet_brought_it() -> None:
    picture, placeholder = b"\0\0\1\xb6" + b"p" * 50, b"\0\0\1\xb6\x51\x7f"
    plain, packed = Placeholders(), Placeholders()
    assert [plain.is_one(each) for each in (picture, placeholder, picture)] == [False, True, False]
    stream = (picture * 2, placeholder, picture * 2, placeholder, placeholder)
    assert [packed.is_one(each) for each in stream] == [False, False, False, False, True]
