"""Zeros in a stream without a container are a hole, unless they may be padding."""

from fractions import Fraction

from transcoder.probing.damage.counted_holes import CountedHoles
from transcoder.probing.model import Hole


def test_zeros_in_a_picture_that_is_counted_are_a_hole_behind_it() -> None:
    counted = CountedHoles("hevc", Fraction(25))
    zeroed = b"\1" * 9 + bytes(1500) + b"\1" + bytes(1023) + b"\1" + bytes(1024)
    for count, packet in enumerate((b"\1" * 5000, zeroed, bytes(1023)), 1):
        counted.see(packet, count)
    assert counted.holes == [Hole(Fraction(2, 25), Fraction(2, 25), 2524)]


def test_streams_of_other_codecs_may_be_padded() -> None:
    counted = CountedHoles("mpeg2video", Fraction(25))
    counted.see(bytes(5000), 1)
    assert counted.holes == []
