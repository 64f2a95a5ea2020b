"""A clock that starts again differs from a pause by what the other streams do meanwhile."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest

from chalicelib.encoding.plan import SourceClock
from transcoder.probing.times.clocks import WRAPS_SECONDS, _shifts, _Watch, clock_notes

TICK = Fraction(1, 1000)
PACKET_BYTES = 1000


@dataclass(frozen=True)
class Packet:
    pos: int
    dts: int
    pts: int
    duration: int = 40
    is_keyframe: bool = True


def followed(times: list[tuple[int, int]], *, last_presented: int = 0) -> tuple[_Watch, _Watch]:
    """Follow pictures (0) and sound (1) by their times, in the order of the file."""
    streams = (_Watch(TICK), _Watch(TICK))
    for position, (stream, time) in enumerate(times):
        is_last = position == max(at for at, (each, _) in enumerate(times) if each == 0)
        presented = last_presented if last_presented and is_last and stream == 0 else time
        packet: Any = Packet(position * PACKET_BYTES, time, presented)
        streams[stream].see(packet, [streams[1 - stream]], restarts=True)
    for stream, watch in enumerate(streams):
        watch.end([streams[1 - stream]], restarts=True)
    return streams


def interleaved(pictures: list[int], sounds: list[int], *, late: int) -> list[tuple[int, int]]:
    stamps = [(time, 0, time) for time in pictures] + [(time + late, 1, time) for time in sounds]
    return [(stream, time) for _, stream, time in sorted(stamps)]


@pytest.mark.parametrize("late", [-1500, -500, 0, 500, 1000, 1500, 3000])
def test_a_pause_of_the_picture_is_none_of_the_clock_while_the_sound_goes_on(late: int) -> None:
    pictures = [*range(0, 4000, 40), *range(16_000, 20_000, 40)]
    picture, sound = followed(interleaved(pictures, list(range(0, 20_000, 20)), late=late))
    assert (
        (len(picture.recordings), picture.wrong) == (len(sound.recordings), sound.wrong) == (1, [])
    )


@pytest.mark.parametrize("late", [-500, 0, 500])
@pytest.mark.parametrize("jump", [3_600_000, -3_600_000])
def test_all_streams_that_jump_together_begin_a_new_part(jump: int, late: int) -> None:
    begin = 4_000_000
    before = interleaved(
        list(range(begin, begin + 4000, 40)), list(range(begin, begin + 4000, 20)), late=late
    )
    after = [(stream, time + 4000 + jump) for stream, time in before]
    picture, _ = followed(before + after)
    assert (len(picture.recordings), picture.wrong) == (2, [])


def test_a_wrong_time_of_the_very_last_picture_is_left_out() -> None:
    times = [(0, time) for time in range(0, 4000, 40)]
    picture, _ = followed(times, last_presented=9_000_000)
    assert picture.wrong == [(99 * PACKET_BYTES, 99 * PACKET_BYTES + 1)]


@pytest.mark.parametrize(("wraps", "first"), [(True, 216), (False, 416)])
def test_only_where_a_clock_wraps_pictures_may_refer_to_those_before(
    wraps: bool, first: int
) -> None:
    """In FLV, 24 bits of milliseconds; elsewhere such a jump begins another recording."""
    end = 1 << 24
    watch = _Watch(TICK, Fraction(end, 1000) if wraps else None)
    times = [*range(end - 4000, end, 40), *range(216, 4000, 40)]
    for number, time in enumerate(times):
        is_key = time > end - 5000 or time >= 416
        packet: Any = Packet(number * PACKET_BYTES, time, time, is_keyframe=is_key)
        watch.see(packet, [], restarts=True)
    assert [watch.recordings[1].first, len(watch.recordings)] == [first, 2]


def test_a_clock_goes_on_by_what_it_wraps_at_and_starts_again_for_a_second_recording() -> None:
    """Pictures around a wrap are reordered, so that the last one before it is not the newest."""
    end = 1 << 24
    watch = _Watch(TICK, Fraction(end, 1000))
    decoded = [*range(end - 4000, end, 40), *range(16, 4000, 40), *range(600, 4600, 40)]
    for number, time in enumerate(decoded):
        packet: Any = Packet(number * PACKET_BYTES, time, time + (number % 2 and 120))
        watch.see(packet, [], restarts=True)
    wraps, again = _shifts(watch, [])
    assert wraps == (100 * PACKET_BYTES, Fraction(end, 1000))
    # The last picture before it is at 4096 ms, the first one at 600 ms.
    assert again[0] == 200 * PACKET_BYTES
    assert 3 < again[1] - wraps[1] < 4


def test_a_clock_that_wraps_is_not_said_to_start_again() -> None:
    wraps = (100, WRAPS_SECONDS["mpegts"])
    assert clock_notes(SourceClock((wraps,)), "mpegts") == []
    (note,) = clock_notes(SourceClock((wraps, (200, Fraction(5)))), "mpegts")
    assert note == "Its clock starts again: 2 parts are shown one after the other."


def test_a_picture_that_lasts_long_is_followed_by_the_next_where_packets_say_how_long() -> None:
    watch = _Watch(TICK, lasts=True)
    slides: list[Any] = [Packet(at, at * 600_000, at * 600_000, 600_000) for at in range(5)]
    apart: list[Any] = [
        Packet(5 + at, 7_000_000 + at * 40, 7_000_000 + at * 40) for at in range(50)
    ]
    for packet in (*slides, *apart):
        watch.see(packet, (), restarts=True)
    watch.end((), restarts=True)
    assert [each.count for each in watch.recordings] == [5, 50]
    assert watch.wrong == []
