"""Zeros in place of packets are a hole if time passes there, and nothing else is."""

from fractions import Fraction
from typing import Any, cast

import pytest
from av.packet import Packet
from av.stream import Stream

from transcoder.probing.zeros import Holes

_TICK = Fraction(1, 1000)


class APacket:
    time_base, pts, stream_index = _TICK, None, 0

    def __init__(self, pos: int, dts: int, stream: int = 0) -> None:
        self.pos, self.dts, self.stream_index = pos, dts, stream
        self.size, self.duration = 1000, 40


def missing(*packets: APacket, filler: bytes = b"\0", later: int = 0) -> Fraction:
    def read(*, begin: int, count: int) -> bytes:
        assert 2000 <= begin <= 200_000
        return filler * count

    holes = Holes(read)
    for packet in packets:
        holes.see(cast("Packet[Stream]", cast("Any", packet)), later)
    return holes.seconds


def test_time_in_zeros_is_missing() -> None:
    begin = [APacket(0, 0), APacket(1000, 0, stream=1)]
    assert missing(*begin, APacket(90_000, 2040)) == 2
    assert missing(*begin, APacket(90_000, 2040), later=5000) == 2
    assert missing(*begin, APacket(90_000, 2040), APacket(200_000, 3080)) == 3


@pytest.mark.parametrize(
    ("packet", "filler"),
    [
        pytest.param(APacket(90_000, 2040), b"\1", id="packets of another stream"),
        pytest.param(APacket(90_000, 80), b"\0", id="padding"),
        pytest.param(APacket(3000, 2040), b"\0", id="a pause"),
    ],
)
def test_all_else_is_not(packet: APacket, filler: bytes) -> None:
    assert missing(APacket(0, 0), APacket(1000, 0, stream=1), packet, filler=filler) == 0


def test_a_stream_that_goes_on_fills_a_hole_of_another() -> None:
    assert missing(APacket(0, 0), APacket(1000, 2000, stream=1), APacket(90_000, 2080)) == 0
