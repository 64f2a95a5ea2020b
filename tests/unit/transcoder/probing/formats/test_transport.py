"""Packets of a transport stream are read where they are in step, whatever their length."""

import pytest

from transcoder.probing.formats import transport


def _packet(number: int, payload: bytes, *, flags: int = 0x10, field: bytes = b"") -> bytes:
    head = bytes([0x47, 0x40 | number >> 8, number & 0xFF, flags])
    return (head + field + payload).ljust(188, b"\xff")


_PACKETS = [_packet(300, b"one"), _packet(0x1FFE, b"two")] * 2


@pytest.mark.parametrize("before", [b"junk", b"G" * 5])
def test_they_are_read_behind_something_else(before: bytes) -> None:
    assert [*transport.packets(before + b"".join(_PACKETS))] == _PACKETS


@pytest.mark.parametrize("more", [4, 16])
def test_they_may_be_longer(more: int) -> None:
    assert [*transport.packets(b"".join(each + bytes(more) for each in _PACKETS))] == _PACKETS


def test_those_without_a_payload_are_left_out() -> None:
    assert not [*transport.packets(_packet(300, b"", flags=0x20) * 4)]


def test_a_packet_has_the_number_of_its_stream_and_may_begin_something() -> None:
    assert [transport.pid_of(each) for each in _PACKETS[:2]] == [300, 0x1FFE]
    assert transport.begins(_PACKETS[0])


def test_the_payload_is_behind_the_adaptation_field() -> None:
    packet = _packet(300, b"payload", flags=0x30, field=b"\x02ab")
    assert transport.payload(packet).startswith(b"payload")


@pytest.mark.parametrize("ticks", [0, 1, 2**15, 90_000, 2**33 - 1])
def test_a_pes_packet_has_a_time(ticks: int) -> None:
    high, middle, low = ticks >> 30, ticks >> 15 & 0x7FFF, ticks & 0x7FFF
    time = bytes([0x21 | high << 1]) + (middle << 1 | 1).to_bytes(2) + (low << 1 | 1).to_bytes(2)
    pes = bytes.fromhex("000001e00000 80 80 05") + time
    assert transport.time_of(pes) == ticks
    assert transport.time_of(pes[:-1]) == 0
    assert transport.time_of(pes[:7] + b"\0" + pes[8:]) == 0
