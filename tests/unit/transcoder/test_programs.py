"""The tables of a transport stream say which streams go together; they may be anything."""

import time

import pytest

from transcoder.probing.programs import LOOKED_AT_BYTES, programs_of

_PROGRAMS = bytes.fromhex("00b011 0001 c10000 0001e100 0002e200") + bytes(4)


def _packet(number: int, payload: bytes, *, begins: bool = True) -> bytes:
    pointer = b"\0" if begins else b""
    head = bytes([0x47, (0x40 if begins else 0) | number >> 8, number & 0xFF, 0x10])
    return (head + pointer + payload).ljust(188, b"\xff")


def _program(number: int, *streams: int) -> bytes:
    entries = b"".join(b"\x1b" + (0xE000 | each).to_bytes(2) + b"\xf0\0" for each in streams)
    body = number.to_bytes(2) + bytes.fromhex("c10000e100f000") + entries + bytes(4)
    return b"\x02" + (0xB000 | len(body)).to_bytes(2) + body


_TWO = [_packet(0, _PROGRAMS), _packet(0x100, _program(1, 300, 301)),
        _packet(0x200, _program(2, 301, 302))]  # fmt: skip
_FOUND = {300: frozenset({1}), 301: frozenset({1, 2}), 302: frozenset({2})}


def test_each_stream_has_its_programs() -> None:
    assert programs_of(b"".join(_TWO)) == _FOUND


@pytest.mark.parametrize("before", [b"junk", b"G" * 5])
def test_they_are_read_behind_something_else(before: bytes) -> None:
    assert programs_of(before + b"".join(_TWO * 2)) == _FOUND


@pytest.mark.parametrize("more", [4, 16])
def test_packets_may_be_longer(more: int) -> None:
    assert programs_of(b"".join(each + bytes(more) for each in _TWO * 2)) == _FOUND


def test_a_table_may_be_longer_than_a_packet() -> None:
    streams = range(300, 380)
    table = _program(1, *streams)
    pieces = [_packet(0x100, table[:183])]
    pieces += [_packet(0x100, table[at : at + 184], begins=False) for at in (183, 367)]
    found = programs_of(b"".join([_packet(0, _PROGRAMS), *pieces]))
    assert found == dict.fromkeys(streams, frozenset({1}))


@pytest.mark.parametrize(
    "hostile",
    [
        b"", b"G", b"G" * LOOKED_AT_BYTES, _packet(0, b"") * 5000,
        _packet(0, b"\0\0\0", begins=False) * 5000,
        _packet(0, b"\0\xb0\0") + _packet(0, b"\0", begins=False) * 5000,
        _packet(0, b"\0\xbf\xff") + _packet(0, b"\0", begins=False) * 5000,
        _packet(0, _PROGRAMS) + _packet(0x100, bytes.fromhex("02b00d0001c10000e100ffff00000000")),
    ],
)  # fmt: skip
def test_nothing_comes_of_what_is_no_table_and_soon(hostile: bytes) -> None:
    begun = time.monotonic()
    assert programs_of(hostile) == {}
    assert time.monotonic() - begun < 2
