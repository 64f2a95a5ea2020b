"""Decode times that go back are a clock that jumps, unless pictures last long."""

from fractions import Fraction
from typing import Any, cast

import pytest
from av.packet import Packet
from av.stream import Stream

from transcoder.probing.times.packet_order import ClockJumps, PacketOrder


class APacket:
    time_base, stream_index, pts = Fraction(1, 1000), 0, None

    def __init__(self, dts: int, duration: int) -> None:
        self.dts, self.duration = dts, duration


def see(*times: int, duration: int, has_fragments: bool = False) -> None:
    order = PacketOrder(0, restarts=False, is_corrected=False, has_fragments=has_fragments)
    for time in times:
        packet = cast("Packet[Stream]", cast("Any", APacket(time, duration)))
        order.require(packet, 0)


def test_pictures_of_ten_minutes_are_reordered_by_some_of_them() -> None:
    see(7, 2_400_007, 600_007, 1_200_007, duration=600_000)
    with pytest.raises(ClockJumps):
        see(7, 3_000_007, 7, duration=600_000)


def test_a_second_back_is_a_jump_where_pictures_are_short() -> None:
    see(0, 2000, 1000, duration=40)
    with pytest.raises(ClockJumps):
        see(0, 2000, 900, duration=40)


def test_fragments_that_are_apart_are_a_jump_but_pictures_that_last_long_are_none() -> None:
    see(0, 600_000, 1_200_000, duration=600_000, has_fragments=True)
    see(0, 40, 3_600_080, duration=40)
    with pytest.raises(ClockJumps):
        see(0, 40, 3_600_080, duration=40, has_fragments=True)
