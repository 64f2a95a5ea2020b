"""Where a file has zeros, in one sentence."""

from fractions import Fraction

from transcoder.planning.zeros import about_zeros


def _said(*zeros: tuple[float, float], end: int = 9) -> str:
    ranges = [(Fraction(str(begin)), Fraction(str(end))) for begin, end in zeros]
    return about_zeros(ranges, Fraction(end))


def test_a_hole_is_named_by_its_begin_and_its_end() -> None:
    assert _said((1, 2.5)) == "The file has zeros between 1.0 and 2.5 s."
    assert _said((1, 9)) == "The file has zeros from 1.0 s on."
    assert _said((1, 2), (4, 4.5)) == (
        "The file has zeros in 2 places, for 1.5 s in all; the first are between 1.0 and 2.0 s."
    )


def test_a_hole_where_no_time_passes_is_named_by_what_is_missing() -> None:
    assert _said((1, 1)) == "The file has zeros at 1.0 s; what was there is missing."
    assert _said((-0.2, 0.02)) == "The file has zeros at 0.0 s; what was there is missing."
    assert _said((9, 9)) == "The file has zeros from 9.0 s on."
    assert _said((1, 1), (4, 4)) == (
        "The file has zeros in 2 places, first at 1.0 s; what was there is missing."
    )
