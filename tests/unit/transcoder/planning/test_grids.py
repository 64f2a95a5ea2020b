"""From times of pictures to a frame grid that never drifts."""

from array import array
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalogue.asset import Grid
from chalicelib.encoding.plan import SoundTimes
from transcoder.planning import grids
from transcoder.planning.rates import STANDARD, FrameRate, frame_rate_of
from transcoder.probing.model import Timeline

_MILLISECOND = Fraction(1, 1000)
_NTSC_24 = Fraction(24_000, 1001)


def _timeline(ticks: Iterable[int], *, last: int = 0, sound: Fraction | None = None) -> Timeline:
    sounds = () if sound is None else (SoundTimes(sound, sound),)
    return Timeline(_MILLISECOND, array("q", ticks), last, sounds)


def _even(rate: Fraction, frames: int, *, start: int = 0) -> Timeline:
    return _timeline(start + round(number * 1000 / rate) for number in range(frames))


def _layout(
    timeline: Timeline, declared: Fraction = Fraction(0)
) -> tuple[FrameRate, grids.GridLayout]:
    frame_rate = frame_rate_of(timeline, declared)
    return frame_rate, grids.grid_layout(timeline, frame_rate)


@given(st.sampled_from(STANDARD), st.integers(100, 3000), st.integers(-5000, 10**9))
def test_a_standard_rate_survives_a_clock_of_milliseconds(
    rate: Fraction, frames: int, start: int
) -> None:
    frame_rate, layout = _layout(_even(rate, frames, start=start), rate)
    assert frame_rate == FrameRate(rate, rate, is_even=True)
    assert layout.grid.frames == frames


@pytest.mark.parametrize(
    "junk", [Fraction("23.976"), Fraction("23.98"), Fraction(23_976_024, 10**6)]
)
def test_nearly_24_000_1001_is_24_000_1001(junk: Fraction) -> None:
    assert frame_rate_of(_even(_NTSC_24, 2000), junk).grid == _NTSC_24


def test_a_long_video_of_24_is_not_taken_for_24_000_1001() -> None:
    assert frame_rate_of(_even(Fraction(24), 5000), _NTSC_24).grid == 24


@pytest.mark.parametrize(
    ("source", "expected"),
    [(120, 60), (100, 50), (90, 45), (144, 48), (240, 60), (61, Fraction(61, 2)), (1, 5), (2, 6)],
)
def test_a_rate_out_of_bounds_becomes_a_simple_part_of_it(
    source: int, expected: int | Fraction
) -> None:
    frame_rate = frame_rate_of(
        Timeline(Fraction(1, 7200 * 61), array("q", range(0, 7200 * 61 * 9, 7200 * 61 // source))),
        Fraction(source),
    )
    assert frame_rate.grid == expected


def test_an_odd_rate_that_is_even_is_kept() -> None:
    ticks = array("q", range(0, 1000 * 7001, 7001))
    frame_rate = frame_rate_of(Timeline(Fraction(1, 90_000), ticks), Fraction(0))
    assert frame_rate.is_even
    assert abs(frame_rate.grid - Fraction(90_000, 7001)) < Fraction(1, 10_000)


def test_lost_pictures_do_not_change_the_rate() -> None:
    ticks = [number * 40 for number in range(500) if number % 97]
    frame_rate = frame_rate_of(_timeline(ticks), Fraction(0))
    assert frame_rate.grid == 25
    assert not frame_rate.is_even


def test_pictures_left_out_everywhere_do_not_change_a_rate_that_is_declared() -> None:
    ticks = [40 * number for number in range(400) if number % 8 != 3]
    frame_rate = frame_rate_of(_timeline(ticks), Fraction(25))
    assert (frame_rate.grid, frame_rate.is_even) == (Fraction(25), False)
    # What is declared must fit; all pictures are shown nevertheless.
    assert frame_rate_of(_timeline(ticks), Fraction(30)).grid == 25


@pytest.mark.parametrize(
    ("burst", "speed", "rest", "rate"),
    [(10, 25, 1500, 25), (4, 30, 10_000, 30), (30, 60, 60_000, 60), (10, 10, 5000, 10)],
)
def test_rests_between_motion_do_not_slow_it_down(
    burst: int, speed: int, rest: int, rate: int
) -> None:
    ticks = [1000 * number // speed + rest * (number // burst) for number in range(40 * burst)]
    frame_rate, layout = _layout(_timeline(ticks))
    assert frame_rate.grid == rate
    frames = {ceil(tick * frame_rate.grid / 1000 - Fraction(4999, 10_000)) for tick in ticks}
    assert len(frames) >= len(ticks) * 0.95
    assert layout.grid.duration >= Fraction(ticks[-1], 1000)


@pytest.mark.parametrize("again", [0, 1, 16, 40])
def test_slides_stay_slow_even_if_each_is_stored_twice(again: int) -> None:
    ticks = [10_000 * slide + late for slide in range(60) for late in {0, again}]
    assert frame_rate_of(_timeline(ticks), Fraction(0)).grid == 5


def test_a_quick_part_among_many_slides_is_not_what_all_of_them_cost() -> None:
    ticks = [10_000 * slide for slide in range(200)]
    ticks[100:100] = [993_000 + 16 * number for number in range(40)]
    assert frame_rate_of(_timeline(ticks), Fraction(0)).grid == 5


def test_a_last_picture_half_way_between_two_frames_belongs_to_the_later_one() -> None:
    ticks = [40 * number + 1500 * (number // 10) for number in range(40)]
    assert ticks[-1] * 25 / 1000 == 151.5
    assert _layout(_timeline(ticks, last=1))[1].grid.frames == 153


def test_a_slow_video_repeats_each_picture() -> None:
    frame_rate, layout = _layout(_timeline(range(0, 20_000, 2000)))
    assert frame_rate.grid == 5
    assert layout.grid.frames == 100
    seek_times = grids.seeks(_timeline(range(0, 20_000, 2000)), frame_rate, layout, 1)
    assert [int(each) for each in seek_times] == [0, 6, 12, 18]


@pytest.mark.parametrize(
    ("last", "frames"), [(0, 1), (40, 1), (8000, 200), (30 * 24 * 3600 * 1000, 250)]
)
def test_a_single_picture_lasts_as_long_as_it_says_within_limits(last: int, frames: int) -> None:
    assert _layout(_timeline([7], last=last))[1].grid.frames == frames


@pytest.mark.parametrize(
    ("last", "frames", "notes"),
    [
        (40, 100, ()),
        (900, 100, ()),
        (8000, 299, ()),
        (20_000, 349, ("The last picture is to stay for 20 s; 10 s are kept.",)),
    ],
)
def test_a_last_picture_that_lasts_long_is_held(
    last: int, frames: int, notes: tuple[str, ...]
) -> None:
    timeline = _timeline(range(0, 4000, 40), last=last)
    frame_rate, layout = _layout(timeline, Fraction(25))
    assert (frame_rate.is_even, layout.picture_frames) == (True, 100)
    assert (layout.grid.frames, layout.notes) == (frames, notes)
    assert bool(grids.seeks(timeline, frame_rate, layout, 1)) == (frames > 100)


@pytest.mark.parametrize(
    ("ticks", "last", "seconds"),
    [((0, 63_000, 126_000), 63_000, 189), ((0, 20_000, 60_000), 40_000, 100)],
)
def test_a_last_slide_stays_as_long_as_another_one(
    ticks: tuple[int, ...], last: int, seconds: int
) -> None:
    _, layout = _layout(_timeline(ticks, last=last))
    assert layout.grid.duration == seconds
    assert layout.notes == ()


def test_sound_behind_a_long_pause_is_cut_and_it_is_said() -> None:
    gap = (Fraction(15), Fraction(26))
    sounds = (SoundTimes(Fraction(0), Fraction(40), Fraction(11), (gap,)),)
    timeline = replace(_even(Fraction(25), 250), sounds=sounds)
    _, layout = _layout(timeline, Fraction(25))
    assert layout.grid.duration == 15
    assert layout.notes == ("The sound goes on 25 s too long; its end was cut.",)


def test_a_last_picture_of_uneven_ones_is_cut_and_it_is_said() -> None:
    _, layout = _layout(_timeline([0, 40, 90, 130, 300, 340], last=20_000))
    assert layout.notes == ("The last picture is to stay for 20 s; 10 s are kept.",)
    assert 10 < layout.grid.duration < 11


def test_segments_are_three_groups_of_two_seconds() -> None:
    _, layout = _layout(_even(_NTSC_24, 624), _NTSC_24)
    assert (layout.grid.frames_per_gop, layout.grid.frames_per_segment) == (48, 144)


@pytest.mark.parametrize(
    ("sound", "frames"),
    [("0", 250), ("10", 250), ("10.09", 250), ("10.5", 263), ("20", 500), ("190", 4750)],
)
def test_the_last_picture_is_held_as_long_as_the_sound_lasts(sound: str, frames: int) -> None:
    even = _even(Fraction(25), 250, start=2000)
    sounds = (SoundTimes(Fraction(2), Fraction(sound) + 2),)
    timeline = replace(_timeline(even.ticks), sounds=sounds)
    assert _layout(timeline, Fraction(25))[1].grid.frames == frames


@pytest.mark.parametrize(
    ("seconds", "expected"), [(300, 1), (301, 2), (3600, 2), (7200, 2), (12_000, 3), (43_200, 8)]
)
def test_a_video_has_at_most_a_thousand_chunks(seconds: int, expected: int) -> None:
    grid = Grid(Fraction(25), seconds * 25, 50, gops_per_segment=3)
    per_chunk = grids.segments_per_chunk(grid)
    assert per_chunk == expected
    assert 1 + -(-(grid.segments - 1) // per_chunk) <= 1000


@given(st.lists(st.integers(15, 120), min_size=30, max_size=400))
def test_each_chunk_begins_with_the_newest_picture_or_the_first_in_its_frame(
    gaps: list[int],
) -> None:
    ticks = [sum(gaps[:number]) for number in range(len(gaps))]
    timeline = _timeline(ticks)
    frame_rate, layout = _layout(timeline)
    for number, seek in enumerate(grids.seeks(timeline, frame_rate, layout, 1)):
        frame = number * layout.grid.frames_per_segment
        begins = layout.start + layout.grid.seconds(frame)
        own = begins - Fraction(5001, 10_000) / layout.grid.rate
        times = [tick * _MILLISECOND for tick in ticks]
        newest = max((time for time in times if time <= begins), default=layout.start)
        assert seek == min(newest, *(time for time in times if time > own))


@given(st.lists(st.integers(1, 3000), min_size=2, max_size=300))
def test_any_times_make_a_grid_that_holds_the_last_picture(gaps: list[int]) -> None:
    ticks = [sum(gaps[:number]) for number in range(len(gaps))]
    frame_rate, layout = _layout(_timeline(ticks))
    assert 5 <= frame_rate.grid <= 60
    assert abs(layout.grid.duration - (ticks[-1] - ticks[0]) * _MILLISECOND) <= 4
