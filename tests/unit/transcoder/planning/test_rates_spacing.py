"""Each of the uneven pictures gets a frame of its own, as far as there is room."""

from array import array
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcoder.planning import grids
from transcoder.planning.rates import FrameRate, best_phase, centred, displaced, frame_rate_of
from transcoder.probing.model import Timeline

_TICK = Fraction(1, 90_000)


def _rate_of(ticks: list[int], declared: Fraction = Fraction(0)) -> tuple[FrameRate, int]:
    """Return the rate, and how many pictures are not shown."""
    timeline = Timeline(_TICK, array("q", ticks))
    rate = frame_rate_of(timeline, declared)
    start = Fraction(ticks[0] + rate.shift)
    return rate, displaced(timeline.ticks, rate.grid * _TICK, start)


@given(
    st.sampled_from([Fraction(25), Fraction(30_000, 1001), Fraction(60), Fraction(28)]),
    st.lists(st.integers(-48, 48), min_size=50, max_size=90),
)
def test_pictures_that_are_less_than_half_a_frame_off_are_all_displayed(
    pace: Fraction, hundredths: list[int]
) -> None:
    frame = 90_000 / pace
    ticks = [round(frame * (at + Fraction(off, 100))) for at, off in enumerate(hundredths)]
    rate, lost = _rate_of(sorted(ticks), pace)
    assert lost == 0
    assert rate.grid <= pace * Fraction(5, 4)


@given(st.lists(st.integers(-40, 40), min_size=90, max_size=90))
def test_a_pace_that_is_not_declared_is_fitted(hundredths: list[int]) -> None:
    ticks = [at * 3214 + off * 30 for at, off in enumerate(hundredths)]
    rate, lost = _rate_of(ticks)
    assert lost == 0
    assert 27 <= rate.grid <= 35


@pytest.mark.parametrize("late", range(0, 1000, 90))
def test_a_grid_is_at_most_half_a_frame_from_the_first_picture(late: int) -> None:
    ticks = [3600 * number + (late if number else 0) for number in range(100) if number % 7 != 3]
    rate, lost = _rate_of(ticks)
    assert lost == 0
    assert rate.grid == 25
    assert abs(rate.shift) <= 1800
    layout = grids.grid_layout(Timeline(_TICK, array("q", ticks)), rate)
    assert abs(layout.start) * 25 <= Fraction(1, 2)
    assert 97 <= layout.grid.frames <= 101


def test_pictures_half_a_frame_away_have_no_frame_of_their_own() -> None:
    assert centred([0, 50, 150, 250], Fraction(1, 100)) == -49
    assert centred([0, 50, 150, 350], Fraction(1, 100)) is None


def test_frames_change_where_no_picture_begins() -> None:
    turned = [100 * number + (number % 3 - 1) * 45 for number in range(20)]
    phase = best_phase(turned, Fraction(1, 100))
    assert phase.displaced == 0
    assert displaced(turned, Fraction(1, 100), Fraction(turned[0])) > 0


def test_stretches_of_a_long_video_are_enough_to_choose() -> None:
    ticks = [100 * number + (number % 3 - 1) * 45 for number in range(1, 60_000)]
    assert best_phase(ticks, Fraction(1, 100)).displaced == 0


@pytest.mark.parametrize(("pace", "expected"), [(72, 60), (90, 48)])
def test_uneven_pictures_a_little_too_fast_are_displayed_at_the_limit(
    pace: int, expected: int
) -> None:
    ticks = [90_000 * number // pace for number in range(1000) if number % 11]
    assert _rate_of(ticks)[0].grid == expected


def test_pictures_that_share_a_frame_do_not_begin_a_chunk_too_late() -> None:
    """Decoding begins with the first of them, although a later one is shown."""
    ticks = [90_000 * number for number in range(8)]
    ticks.insert(6, 6 * 90_000 - 3600)
    timeline = Timeline(_TICK, array("q", ticks))
    rate = FrameRate(Fraction(1), Fraction(5), is_even=False)
    layout = grids.grid_layout(timeline, rate)
    assert displaced(ticks, rate.grid * _TICK, Fraction(0)) == 1
    assert grids.seeks(timeline, rate, layout, 1)[1] == Fraction(ticks[6], 90_000)


def test_slides_that_are_a_tick_off_after_hours_have_a_rate_that_an_encoder_can_count() -> None:
    ticks = [number * 54_000_000 + number // 20 for number in range(60)]
    rate, _ = _rate_of(ticks)
    assert rate == FrameRate(Fraction(1, 600), Fraction(5), is_even=True)


def test_a_rate_of_none_of_the_standards_has_small_numbers_however_long_the_video_is() -> None:
    ticks = [round(number * Fraction(90_000_000, 28_371)) for number in range(30_001)]
    rate, lost = _rate_of(ticks)
    assert (rate.is_even, lost) == (True, 0)
    assert rate.grid.denominator <= 1001
