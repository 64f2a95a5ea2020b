"""A packet before a pause does not last until its end."""

from fractions import Fraction

import pytest

from transcoder.probing.sounds.long_packets import LongPackets

_TICK = Fraction(1, 1000)


@pytest.mark.parametrize(
    ("ticks", "size", "lasting"),
    [
        (20_000, 250, 23),
        (1001, 250, 23),
        (1000, 250, 1000),
        # Uncompressed sound in large packets.
        (20_000, 800, 20_000),
        (0, 250, 0),
    ],
)
def test_a_packet_that_claims_far_more_than_others_lasts_as_they_do(
    ticks: int, size: int, lasting: int
) -> None:
    packets = LongPackets(_TICK, "flac")
    assert packets.lasting(23, 200) == 23
    assert packets.lasting(ticks, size) == lasting


def test_packets_that_all_last_long_are_believed() -> None:
    packets = LongPackets(_TICK, "flac")
    assert [packets.lasting(1500, 100), packets.lasting(5900, 100)] == [1500, 5900]
    assert packets.lasting(40_000, 100) == 5900


def test_a_packet_of_silence_does_not_say_how_large_others_are() -> None:
    packets = LongPackets(_TICK, "flac")
    assert [packets.lasting(23, 200), packets.lasting(23, 6)] == [23, 23]
    assert packets.lasting(4000, 660) == 23


@pytest.mark.parametrize(("codec", "lasting"), [("aac", 21), ("opus", 21), ("flac", 500)])
def test_a_packet_of_one_frame_cannot_last_half_a_second(codec: str, lasting: int) -> None:
    packets = LongPackets(_TICK, codec)
    assert packets.lasting(21, 200) == 21
    assert packets.lasting(500, 250) == lasting


def test_frames_of_the_lowest_sample_rate_are_believed() -> None:
    packets = LongPackets(_TICK, "aac")
    assert [packets.lasting(21, 200), packets.lasting(128, 200)] == [21, 128]
