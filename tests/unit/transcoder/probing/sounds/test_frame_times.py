"""Times that follow the bytes of frames which last equally long are wrong."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Any

import pytest

from chalicelib.encoding.plan import SoundTimes
from transcoder.probing.sounds.frame_times import FrameTimes, frame_notes

TICK, FRAME = Fraction(1, 16_000), Fraction(1152, 44_100)
# Seconds of small frames between seconds of large ones.
VARYING = [(104, 209, 627)[number // 40 % 3] for number in range(300)]
EVEN = [417 + (number % 2) for number in range(300)]


@dataclass(frozen=True)
class Packet:
    size: int
    pts: int | None
    pos: int


def seen(sizes: Sequence[int], times: Iterable[float], *, in_a_chunk: int = 1) -> FrameTimes:
    frames = FrameTimes(TICK, FRAME)
    for number, (size, time) in enumerate(zip(sizes, times, strict=False)):
        packet: Any = Packet(size, round(time), number // in_a_chunk * 1000)
        frames.see(packet)
    return frames


def by_bytes(sizes: Sequence[int], *, a_tick: float = 1) -> list[float]:
    return [each / a_tick for each in accumulate(sizes, initial=0)]


@pytest.mark.parametrize("a_tick", [0.3, 1, 3])
@pytest.mark.parametrize("in_a_chunk", [1, 18])
def test_times_by_bytes_are_wrong_where_frames_differ_in_size(
    a_tick: float, in_a_chunk: int
) -> None:
    assert seen(VARYING, by_bytes(VARYING, a_tick=a_tick), in_a_chunk=in_a_chunk).are_wrong


def test_times_by_bytes_are_wrong_where_the_constant_rate_is_another_one() -> None:
    assert seen(EVEN, by_bytes(EVEN, a_tick=2)).are_wrong


def test_times_by_bytes_are_right_where_the_constant_rate_is_that_of_the_header() -> None:
    assert not seen(EVEN, by_bytes(EVEN)).are_wrong


def test_times_by_frames_are_right_whatever_sizes_they_have() -> None:
    assert not seen(VARYING, (number * float(FRAME / TICK) for number in range(300))).are_wrong


def test_bytes_that_are_lost_between_frames_stay_a_gap() -> None:
    times = by_bytes(EVEN)
    assert not seen(EVEN, [*times[:100], *(time + 16_000 for time in times[100:])]).are_wrong


def test_one_packet_is_right() -> None:
    assert not seen(VARYING[:1], [0]).are_wrong


def test_right_times_have_no_gaps_and_last_as_long_as_their_frames() -> None:
    wrong = SoundTimes(Fraction(1), Fraction(9), Fraction(1), ((Fraction(2), Fraction(3)),))
    right = seen(VARYING, by_bytes(VARYING)).right(wrong)
    assert right.begins == 1
    assert right.ends == 1 + 300 * FRAME
    assert not right.missing
    assert not right.gaps
    assert right.counted_seconds == FRAME
    assert [note[:13] for note in frame_notes([None, wrong, right])] == ["Sound track 3"]
