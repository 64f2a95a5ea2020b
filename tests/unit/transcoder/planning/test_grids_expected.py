"""Suspect pictures are counted by the chunk in which they begin."""

from array import array
from fractions import Fraction

from chalicelib.encoding.picture_evidence import ExpectedPictures
from tests.builders.reports import PLAN
from transcoder.planning import grids
from transcoder.planning.grids import expected_pictures
from transcoder.planning.rates import FrameRate
from transcoder.probing.model import Timeline

_RATE = Fraction(25)


def _expected(*suspect: tuple[int, int]) -> ExpectedPictures:
    timeline = Timeline(1 / _RATE, array("q", range(400)), last_ticks=1, suspect=suspect)
    layout = grids.grid_layout(timeline, FrameRate(_RATE, _RATE, is_even=True))
    return expected_pictures(timeline, PLAN.picture, layout, per_chunk=1)


def test_pictures_that_are_not_in_the_file_are_among_the_damaged_ones() -> None:
    timeline = Timeline(1 / _RATE, array("q", range(400)), last_ticks=1, damaged=9, missing=7)
    layout = grids.grid_layout(timeline, FrameRate(_RATE, _RATE, is_even=True))
    expected = expected_pictures(timeline, PLAN.picture, layout, per_chunk=1)
    assert (expected.damaged, expected.missing) == (9, 7)


def test_without_suspect_pictures_there_is_nothing_to_count() -> None:
    assert _expected().suspect == ()


def test_a_run_over_several_chunks_is_divided() -> None:
    counts = _expected().counts
    whole = _expected((0, 399))
    assert whole.suspect == counts
    first = counts[0]
    expected = _expected((first - 2, first + 2), (399, 399))
    assert expected.suspect == (2, 3, *(0 for _ in counts[3:]), 1)
