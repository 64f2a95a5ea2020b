"""Bit rates are measured as Apple measures them."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from transcoder.proof.evidence import measure

SIX = Fraction(6)


def test_the_average_is_of_all_and_the_peak_of_the_worst() -> None:
    rates = measure([600, 1200, 600], [SIX, SIX, SIX], target=6)
    assert (rates.average, rates.peak) == (-(-2400 * 8 // 18), 1600)


def test_a_short_rest_counts_together_with_what_is_before_it() -> None:
    rates = measure([600, 1200], [SIX, Fraction(1)], target=6)
    assert rates.peak == -(-1800 * 8 // 7)
    assert rates.peak_seconds == 7


def test_a_rest_of_half_a_segment_counts_alone() -> None:
    assert measure([600, 1200], [SIX, Fraction(3)], target=6).peak == 3200


def test_the_duration_is_that_of_all_segments() -> None:
    assert measure([600, 1200], [SIX, Fraction(3)], target=6).seconds == 9


def test_a_video_shorter_than_any_run_has_its_average_for_a_peak() -> None:
    rates = measure([100], [Fraction(1)], target=6)
    assert rates.average == rates.peak == 800


def test_nothing_has_no_rate() -> None:
    assert measure([], [], target=6).peak == 0


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=12), st.integers(1, 6000))
def test_the_peak_is_never_below_the_average(sizes: list[int], last_ms: int) -> None:
    seconds = [SIX] * (len(sizes) - 1) + [Fraction(last_ms, 1000)]
    rates = measure(sizes, seconds, target=6)
    assert rates.peak >= rates.average > 0
